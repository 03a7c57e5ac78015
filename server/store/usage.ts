import { and, count, desc, eq, gte, lt, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { isOpenJob } from './open-jobs.ts';
import type { JobRow } from './schema.ts';

/** A span of creation times, `from` included and `to` not, of one preset or site where they are given. */
export interface UsageWish {
  from: number;
  to: number;
  presetId?: string;
  siteId?: string;
}

/** Jobs that were made on one day and are alike in everything that is counted by. */
export interface UsageGroup extends Pick<
  JobRow,
  'provider' | 'presetId' | 'model' | 'mode' | 'seconds' | 'sound' | 'status'
> {
  /** Whole UTC days since 1970. */
  day: number;
  siteId: string;
  jobs: number;
  tokensSold: number;
  tokensRefunded: number;
  /** Clips that the provider has finished: what it bills. */
  clips: number;
  /** Sum of the times from order to the provider's yes, in milliseconds. */
  waitedMs: number;
  views: number;
  downloads: number;
}

const maxGroups = 20_000;
const maxFinished = 5_000;
const popularAtMost = 10;

/** What happened, in numbers. Every answer walks the index of creation times and no further than its span. */
export function createUsage({ read, tables }: Database) {
  const { accounts, jobs, ledger } = tables;
  // Written out, not bound: SQLite takes a bound number for a fraction and would not divide whole days.
  const day = sql<number>`${jobs.createdAt} / 86400000`;
  const isMeant = ({ from, to, presetId, siteId }: UsageWish) =>
    and(
      gte(jobs.createdAt, from),
      lt(jobs.createdAt, to),
      // So that the index of presets, which knows no times, is not taken.
      presetId === undefined ? undefined : sql`${jobs.presetId} || '' = ${presetId}`,
      siteId === undefined ? undefined : eq(accounts.siteId, siteId),
    );

  return {
    /** All jobs of the span, deleted ones too, in groups; at most twenty thousand of these. */
    async groups(wish: UsageWish): Promise<UsageGroup[]> {
      const { provider, presetId, model, mode, seconds, sound, status } = jobs;
      const alike = { provider, presetId, model, mode, seconds, sound, status };
      const rows = await read
        .select({
          ...alike,
          day,
          siteId: accounts.siteId,
          jobs: count(),
          tokensSold: sql`sum(${jobs.tokensCost})`,
          tokensRefunded: sql`sum(coalesce(${ledger.amount}, 0))`,
          clips: sql`sum(case when ${jobs.succeededAt} is null then 0 else 1 end)`,
          waitedMs: sql`sum(case when ${jobs.submittedAt} is null then 0 else ${jobs.submittedAt} - ${jobs.createdAt} end)`,
          views: sql`sum(${jobs.views})`,
          downloads: sql`sum(${jobs.downloads})`,
        })
        .from(jobs)
        .innerJoin(accounts, eq(accounts.id, jobs.accountId))
        .leftJoin(ledger, and(eq(ledger.jobId, jobs.id), eq(ledger.kind, 'refund')))
        .where(isMeant(wish))
        .groupBy(day, accounts.siteId, ...Object.values(alike))
        .limit(maxGroups);
      return rows.map((row) => ({
        ...row,
        day: Number(row.day),
        jobs: Number(row.jobs),
        tokensSold: Number(row.tokensSold),
        tokensRefunded: Number(row.tokensRefunded),
        clips: Number(row.clips),
        waitedMs: Number(row.waitedMs),
        views: Number(row.views),
        downloads: Number(row.downloads),
      }));
    },

    /** The newest finished jobs of the span, at most five thousand: how long each took from order to clip. */
    async finished(wish: UsageWish) {
      const { presetId, createdAt, completedAt } = jobs;
      const rows = await read
        .select({ presetId, siteId: accounts.siteId, createdAt, completedAt })
        .from(jobs)
        .innerJoin(accounts, eq(accounts.id, jobs.accountId))
        .where(and(isMeant(wish), eq(jobs.status, 'completed')))
        .orderBy(desc(jobs.createdAt))
        .limit(maxFinished);
      return rows.map(({ completedAt: ended, ...row }) => ({
        ...row,
        tookMs: (ended ?? row.createdAt) - row.createdAt,
      }));
    },

    /** The prompts that most jobs of the span were made with. */
    async popularPrompts(wish: UsageWish) {
      const rows = await read
        .select({
          prompt: jobs.prompt,
          jobs: count(),
          views: sql`sum(${jobs.views})`,
          downloads: sql`sum(${jobs.downloads})`,
        })
        .from(jobs)
        .innerJoin(accounts, eq(accounts.id, jobs.accountId))
        .where(isMeant(wish))
        .groupBy(jobs.prompt)
        .orderBy(desc(count()), jobs.prompt)
        .limit(popularAtMost);
      return rows.map((row) => ({
        prompt: row.prompt,
        jobs: Number(row.jobs),
        views: Number(row.views),
        downloads: Number(row.downloads),
      }));
    },

    /** Jobs that wait for a slot at this moment. */
    async queueLength(): Promise<number> {
      const [row] = await read
        .select({ count: count() })
        .from(jobs)
        .where(and(isOpenJob(tables), eq(jobs.stage, 'queued')));
      return Number(row?.count ?? 0);
    },
  };
}
