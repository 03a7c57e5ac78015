import { createAccounts } from './accounts.ts';
import { createAudit } from './audit.ts';
import { createAuditLog } from './audit-log.ts';
import { alongside, type Database } from './database.ts';
import { createFiles } from './files.ts';
import { createGroups } from './groups.ts';
import { createJobCounts } from './job-counts.ts';
import { createJobEvents, type Timeline } from './job-events.ts';
import { createJobLookups } from './job-lookups.ts';
import { createJobQueue } from './job-queue.ts';
import { createJobSearch } from './job-search.ts';
import { createJobs } from './jobs.ts';
import { createLedger } from './ledger.ts';
import { noOutbox } from './outbox.ts';
import { createOperators } from './operators.ts';
import { createPresets } from './presets.ts';
import { createProviderCredentials } from './provider-credentials.ts';
import { createShares } from './shares.ts';
import { createSites } from './sites.ts';
import { createUploads } from './uploads.ts';
import { createUsage } from './usage.ts';
import { createUsageDays } from './usage-days.ts';
import { createWebhooks } from './webhooks.ts';

export interface StoreSettings {
  /** Answers ids that sort by time. Given, jobs and ledger write webhook deliveries; left out, nobody is told. */
  newMessageId?: () => string;
  /** Given, every job keeps a timeline; left out, nothing is written. */
  timeline?: Timeline;
}

/** Every table's room over one database. */
export function createStore(database: Database, { newMessageId, timeline }: StoreSettings = {}) {
  const webhooks = createWebhooks(database);
  const outbox = newMessageId ? webhooks.outbox(newMessageId) : noOutbox;
  const jobEvents = createJobEvents(database, timeline);
  const usageDays = createUsageDays(database);
  return {
    read: database.read,
    transaction: database.transaction,
    alongside,
    signals: database.signals,
    accounts: createAccounts(database),
    auditLog: createAuditLog(database),
    audit: createAudit(database),
    counts: createJobCounts(database),
    files: createFiles(database),
    groups: createGroups(database),
    jobs: {
      ...createJobLookups(database),
      ...createJobSearch(database),
      ...createJobs(database, outbox, jobEvents, usageDays),
    },
    jobEvents,
    ledger: createLedger(database, outbox),
    operators: createOperators(database),
    presets: createPresets(database),
    providerCredentials: createProviderCredentials(database),
    queue: createJobQueue(database),
    shares: createShares(database),
    sites: createSites(database),
    uploads: createUploads(database),
    usage: createUsage(database, usageDays),
    usageDays,
    webhooks,
    /** Throws when the database cannot be read. */
    check: async () => void (await database.read.select().from(database.tables.sites).limit(1)),
    close: database.close,
  };
}

export type Store = ReturnType<typeof createStore>;
