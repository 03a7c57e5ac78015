import { and, desc, eq, lt } from 'drizzle-orm';
import type { Database, Tx } from './database.ts';
import type { AuditRow } from './schema.ts';

/** Who changed what, when: written in the transaction of the change, never altered. */
export function createAuditLog({ read, tables }: Database) {
  const { auditLog } = tables;
  return {
    /** `detail` says what changed, without secrets. */
    async write(tx: Tx, entry: AuditRow): Promise<void> {
      await tx.insert(auditLog).values(entry).returning();
    },

    /** Newest first; `before` is the id of the last entry seen. */
    list({ limit, before, actor, action, target }: AuditWish): Promise<AuditRow[]> {
      const isMeant = and(
        before === undefined ? undefined : lt(auditLog.id, before),
        actor === undefined ? undefined : eq(auditLog.actor, actor),
        action === undefined ? undefined : eq(auditLog.action, action),
        target === undefined ? undefined : eq(auditLog.target, target),
      );
      return read.select().from(auditLog).where(isMeant).orderBy(desc(auditLog.id)).limit(limit).execute();
    },
  };
}

interface AuditWish {
  limit: number;
  before?: string;
  actor?: string;
  action?: string;
  target?: string;
}
