import { and, count, desc, eq, gte, inArray, sql } from 'drizzle-orm';
import { jobStages } from '../jobs/job.ts';
import type { Database, Tx } from './database.ts';

type Select = Pick<Tx, 'select'>;

/** Written out, because SQLite uses a partial index only when its condition is in the query's own text. */
const openInText = sql`in ('pending', 'processing')`;

/** How many jobs there are, for caps and budgets. Every count walks an index and no more of it than it counts. */
export function createJobCounts({ tables }: Database) {
  const { accounts, jobs, sites } = tables;
  const openStages = jobStages.filter((stage) => stage !== 'done');

  const countWhere = async (tx: Select, where: ReturnType<typeof and>): Promise<number> => {
    const [row] = await tx.select({ count: count() }).from(jobs).where(where);
    return Number(row?.count ?? 0);
  };

  return {
    /** The seller's open jobs. */
    openOf(tx: Select, accountId: string): Promise<number> {
      const isOpen = sql`${jobs.status} ${openInText}`;
      return countWhere(tx, and(isOpen, inArray(jobs.stage, openStages), eq(jobs.accountId, accountId)));
    },

    /**
     * Whether the seller made more than `limit` jobs since `since`: whether the job that stands `limit` places behind
     * the newest one is so young. Deleted jobs count.
     */
    async hasMoreThan(tx: Select, { accountId, limit, since }: { accountId: string; limit: number; since: number }) {
      const [job] = await tx
        .select({ createdAt: jobs.createdAt })
        .from(jobs)
        .where(eq(jobs.accountId, accountId))
        .orderBy(desc(jobs.id))
        .limit(1)
        .offset(limit);
      return job !== undefined && job.createdAt >= since;
    },

    /**
     * Jobs of all sellers of the account's site since `since`. The site's row is locked first, so that two creates of
     * one site never count at the same time.
     */
    async ofSiteSince(tx: Tx, { accountId, since }: { accountId: string; since: number }): Promise<number> {
      const siteOf = tx.select({ siteId: accounts.siteId }).from(accounts).where(eq(accounts.id, accountId));
      await tx
        .update(sites)
        .set({ updatedAt: sql`${sites.updatedAt}` })
        .where(inArray(sites.id, siteOf))
        .returning({ id: sites.id });
      const [row] = await tx
        .select({ count: count() })
        .from(jobs)
        .innerJoin(accounts, eq(accounts.id, jobs.accountId))
        .where(and(gte(jobs.createdAt, since), inArray(accounts.siteId, siteOf)));
      return Number(row?.count ?? 0);
    },

    /** Tasks of a provider account since `since`, and those on their way to become one. */
    async tasksSince(tx: Select, { providerAccount, since }: { providerAccount: string; since: number }) {
      const submitted = and(eq(jobs.providerAccount, providerAccount), gte(jobs.submittedAt, since));
      const underWay = and(
        sql`${jobs.status} ${openInText}`,
        inArray(jobs.stage, ['submitting', 'confirming']),
        eq(jobs.providerAccount, providerAccount),
      );
      return (await countWhere(tx, submitted)) + (await countWhere(tx, underWay));
    },
  };
}
