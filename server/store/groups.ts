import { and, count, desc, eq, isNull, lt, max, sql } from 'drizzle-orm';
import type { Database, Tx } from './database.ts';
import type { GroupRow } from './schema.ts';

/** Named groups of a seller's jobs, such as all scenes of one product. */
export function createGroups({ read, tables }: Database) {
  const { groups, jobs } = tables;

  return {
    /** Makes the group or gives it its newest name. */
    async name(
      tx: Tx,
      { now, ...group }: Pick<GroupRow, 'accountId' | 'id' | 'name'> & { now: number },
    ): Promise<void> {
      await tx
        .insert(groups)
        .values({ ...group, createdAt: now })
        .onConflictDoUpdate({ target: [groups.accountId, groups.id], set: { name: group.name } })
        .returning({ id: groups.id });
    },

    /** The seller's groups that still show a job, newest first, with how many; `before` is the last `createdAt` seen. */
    async list({ accountId, limit, before }: { accountId: string; limit: number; before?: number }) {
      const rows = await read
        .select({
          id: groups.id,
          name: groups.name,
          createdAt: groups.createdAt,
          jobs: count(),
          newestJobId: max(jobs.id),
        })
        .from(groups)
        .innerJoin(jobs, and(eq(jobs.accountId, groups.accountId), eq(jobs.groupId, groups.id), isNull(jobs.deletedAt)))
        .where(and(eq(groups.accountId, accountId), before === undefined ? undefined : lt(groups.createdAt, before)))
        .groupBy(groups.accountId, groups.id)
        .orderBy(desc(groups.createdAt), sql`${groups.id}`)
        .limit(limit);
      return rows.map((row) => ({ ...row, jobs: Number(row.jobs) }));
    },
  };
}
