import { and, count, desc, eq, gte, inArray, sql, sum } from 'drizzle-orm';
import type { JobStage } from '../jobs/job.ts';
import type { Database, Tx } from './database.ts';
import { isOpenJob, openStages } from './open-jobs.ts';

type Select = Pick<Tx, 'select'>;

/** How many jobs there are and what they took, for caps and budgets. Every count walks an index and no more of it than it counts. */
export function createJobCounts(database: Database) {
  const { tables } = database;
  const { accounts, jobs, sites } = tables;
  const isOpen = isOpenJob(tables);

  const countWhere = async (tx: Select, where: ReturnType<typeof and>): Promise<number> => {
    const [row] = await tx.select({ count: count() }).from(jobs).where(where);
    return Number(row?.count ?? 0);
  };

  return {
    /** The open jobs of each stage that has any: how many, when the oldest was ordered, when the first step was or is due. */
    openByStage(): Promise<{ stage: JobStage; count: number; oldestMs: number; dueMs: number }[]> {
      const ready = sql`case when ${jobs.leaseUntil} > ${jobs.dueAt} then ${jobs.leaseUntil} else ${jobs.dueAt} end`;
      return database.read
        .select({
          stage: jobs.stage,
          count: sql<number>`count(*)`.mapWith(Number),
          oldestMs: sql<number>`min(${jobs.createdAt})`.mapWith(Number),
          dueMs: sql<number>`min(${ready})`.mapWith(Number),
        })
        .from(jobs)
        .where(and(isOpen, inArray(jobs.stage, openStages)))
        .groupBy(jobs.stage)
        .execute();
    },

    /** The seller's open jobs. */
    openOf(tx: Select, accountId: string): Promise<number> {
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

    /** What the account's jobs under these keys were sold for, refunded ones too. */
    async tokensOf(tx: Select, { accountId, keys }: { accountId: string; keys: string[] }): Promise<number> {
      const [row] = await tx
        .select({ tokens: sum(jobs.tokensCost) })
        .from(jobs)
        .where(and(eq(jobs.accountId, accountId), inArray(jobs.idempotencyKey, keys)));
      return Number(row?.tokens ?? 0);
    },

    /**
     * Jobs of all sellers of the account's site since `since`. The site's row is locked first, so that two creates of
     * one site never count at the same time.
     */
    async ofSiteSince(tx: Tx, { accountId, since }: { accountId: string; since: number }): Promise<number> {
      const siteOfAccount = tx.select({ id: accounts.siteId }).from(accounts).where(eq(accounts.id, accountId));
      const [site] = await tx
        .update(sites)
        .set({ updatedAt: sql`${sites.updatedAt}` })
        .where(inArray(sites.id, siteOfAccount))
        .returning({ id: sites.id });
      // Asked of each of the day's jobs, so that SQLite walks these and not every job of every seller of the site.
      const siteOfJob = tx.select({ id: accounts.siteId }).from(accounts).where(eq(accounts.id, jobs.accountId));
      return countWhere(tx, and(gte(jobs.createdAt, since), eq(sql`(${siteOfJob})`, site!.id)));
    },

    /** Tasks of a provider account since `since`, and those on their way to become one. */
    async tasksSince(tx: Select, { providerAccount, since }: { providerAccount: string; since: number }) {
      const submitted = and(eq(jobs.providerAccount, providerAccount), gte(jobs.submittedAt, since));
      // Few rows, told apart here: by the account's name SQLite would walk every task it ever had.
      const underWay = await tx
        .select({ providerAccount: jobs.providerAccount })
        .from(jobs)
        .where(and(isOpen, inArray(jobs.stage, ['submitting', 'confirming'])));
      const ofThis = underWay.filter((job) => job.providerAccount === providerAccount).length;
      return (await countWhere(tx, submitted)) + ofThis;
    },
  };
}
