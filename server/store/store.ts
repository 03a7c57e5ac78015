import { createAccounts } from './accounts.ts';
import { createAudit } from './audit.ts';
import { createAuditLog } from './audit-log.ts';
import type { Database } from './database.ts';
import { createJobCounts } from './job-counts.ts';
import { createJobQueue } from './job-queue.ts';
import { createJobs } from './jobs.ts';
import { createLedger } from './ledger.ts';
import { createOperators } from './operators.ts';
import { createPresets } from './presets.ts';
import { createSites } from './sites.ts';
import { createUploads } from './uploads.ts';

/** Every table's room over one database. */
export function createStore(database: Database) {
  return {
    read: database.read,
    transaction: database.transaction,
    signals: database.signals,
    accounts: createAccounts(database),
    auditLog: createAuditLog(database),
    audit: createAudit(database),
    counts: createJobCounts(database),
    jobs: createJobs(database),
    ledger: createLedger(database),
    operators: createOperators(database),
    presets: createPresets(database),
    queue: createJobQueue(database),
    sites: createSites(database),
    uploads: createUploads(database),
    /** Throws when the database cannot be read. */
    check: async () => void (await database.read.select().from(database.tables.sites).limit(1)),
    close: database.close,
  };
}

export type Store = ReturnType<typeof createStore>;
