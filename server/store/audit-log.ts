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
    list({ limit, before, target }: { limit: number; before?: string; target?: string }): Promise<AuditRow[]> {
      return read
        .select()
        .from(auditLog)
        .where(and(before ? lt(auditLog.id, before) : undefined, target ? eq(auditLog.target, target) : undefined))
        .orderBy(desc(auditLog.id))
        .limit(limit)
        .execute();
    },
  };
}
