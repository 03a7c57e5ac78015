import { and, count, desc, eq, isNull, lt, or } from 'drizzle-orm';
import type { Database, Tx } from './database.ts';
import type { GroupRow } from './schema.ts';

type Shown = Pick<GroupRow, 'id' | 'name' | 'createdAt'>;

interface GroupListQuery {
  accountId: string;
  limit: number;
  before?: Pick<GroupRow, 'id' | 'createdAt'>;
}

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

    /** The seller's groups that still show a job, newest first, with how many; `before` is the last group seen. */
    async list({ accountId, limit, before }: GroupListQuery): Promise<(Shown & { jobs: number })[]> {
      const isOlder =
        before &&
        or(
          lt(groups.createdAt, before.createdAt),
          and(eq(groups.createdAt, before.createdAt), lt(groups.id, before.id)),
        );
      const rows = await read
        .select({ id: groups.id, name: groups.name, createdAt: groups.createdAt, jobs: count() })
        .from(groups)
        .innerJoin(jobs, and(eq(jobs.accountId, groups.accountId), eq(jobs.groupId, groups.id), isNull(jobs.deletedAt)))
        .where(and(eq(groups.accountId, accountId), isOlder))
        .groupBy(groups.accountId, groups.id)
        .orderBy(desc(groups.createdAt), desc(groups.id))
        .limit(limit);
      return rows.map((row) => ({ ...row, jobs: Number(row.jobs) }));
    },

    /** What the seller calls a group; null for one that has no name. */
    async nameOf({ accountId, id }: Pick<GroupRow, 'accountId' | 'id'>): Promise<string | null> {
      const isIt = and(eq(groups.accountId, accountId), eq(groups.id, id));
      const [row] = await read.select({ name: groups.name }).from(groups).where(isIt);
      return row?.name ?? null;
    },
  };
}
