import { createHash } from 'node:crypto';
import { and, asc, eq, gt, gte, lt, or, sql } from 'drizzle-orm';
import type { Tx } from './database.ts';
import type { JobRow, Tables, TookCounts } from './schema.ts';

export const dayMs = 86_400_000;
/** The whole UTC days since 1970 at this moment. */
export const dayOf = (at: number): number => Math.floor(at / dayMs);

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
  /** From order to result, of completed jobs. */
  took: TookCounts;
}

/** How often a prompt was used on a day, by the sellers of a site and with a preset. */
export interface PromptCount {
  siteId: string;
  presetId: string;
  promptHash: string;
  prompt: string;
  jobs: number;
  views: number;
  downloads: number;
}

export interface DayCount {
  groups: UsageGroup[];
  /** Of each site and preset those twenty-five that most jobs were made with. */
  prompts: PromptCount[];
}

interface DayWish {
  day: number;
  presetId?: string | undefined;
  siteId?: string | undefined;
  /** Awaited between reads, so that others have their turn on a long day. */
  pause?: () => Promise<void>;
}

const batchSize = 2_000;
const promptsAtMost = 25;
/** Two neighbours of the rounded times differ by this factor, so none is further than a percent from what it stands for. */
const tookStep = 1.02;

/** A time rounded to within one percent and half a millisecond: few different ones to count by. */
export function roundedTook(ms: number): number {
  const step = Math.round(Math.log(Math.max(1, ms)) / Math.log(tookStep));
  return Math.round(tookStep ** step);
}

export const hashPrompt = (prompt: string): string => createHash('sha256').update(prompt).digest('hex');

/** Adds up the jobs that were made on a day, deleted ones too, as they are now. Walks the index of creation times. */
export async function countDay(
  reader: Pick<Tx, 'select'>,
  tables: Tables,
  { pause, ...wish }: DayWish,
): Promise<DayCount> {
  const groups = new Map<string, UsageGroup & { tookMs: Map<number, number> }>();
  const prompts = new Map<string, Map<string, PromptCount>>();
  let last: CountedJob | undefined;
  for (;;) {
    const rows = await readJobs(reader, tables, wish, last);
    for (const row of rows) {
      addToGroup(groups, wish.day, row);
      addToPrompts(prompts, row);
    }
    last = rows.at(-1);
    if (!last || rows.length < batchSize) break;
    await pause?.();
  }
  return {
    groups: [...groups.values()].map(({ tookMs, ...group }) => ({
      ...group,
      took: [...tookMs].toSorted(([a], [b]) => a - b),
    })),
    prompts: [...prompts.values()].flatMap((of) => mostUsed([...of.values()])),
  };
}

type CountedJob = Awaited<ReturnType<typeof readJobs>>[number];

function readJobs(
  reader: Pick<Tx, 'select'>,
  { accounts, jobs, ledger }: Tables,
  { day, presetId, siteId: wanted }: DayWish,
  last: { createdAt: number; id: string } | undefined,
) {
  const { id, createdAt, submittedAt, succeededAt, completedAt, prompt, tokensCost, views, downloads } = jobs;
  const { presetId: preset, provider, model, mode, seconds, sound, status } = jobs;
  // Asked for row by row: PostgreSQL would join by reading every account and every entry of the ledger.
  const ofAccount = reader.select({ id: accounts.siteId }).from(accounts).where(eq(accounts.id, jobs.accountId));
  const ofJob = reader
    .select({ amount: ledger.amount })
    .from(ledger)
    .where(and(eq(ledger.jobId, id), eq(ledger.kind, 'refund')));
  const siteId = sql<string>`(${ofAccount})`;
  const refunded = sql<number | string | null>`(${ofJob})`;
  const alike = { siteId, presetId: preset, provider, model, mode, seconds, sound, status };
  const times = { createdAt, submittedAt, succeededAt, completedAt };
  return reader
    .select({ id, ...alike, ...times, prompt, tokensCost, refunded, views, downloads })
    .from(jobs)
    .where(
      and(
        gte(createdAt, last?.createdAt ?? day * dayMs),
        lt(createdAt, (day + 1) * dayMs),
        last && or(gt(createdAt, last.createdAt), gt(id, last.id)),
        // So that the index of presets, which knows no times, is not taken.
        presetId === undefined ? undefined : sql`${preset} || '' = ${presetId}`,
        wanted === undefined ? undefined : eq(siteId, wanted),
      ),
    )
    .orderBy(asc(createdAt), asc(id))
    .limit(batchSize)
    .execute();
}

function addToGroup(
  groups: Map<string, UsageGroup & { tookMs: Map<number, number> }>,
  day: number,
  job: CountedJob,
): void {
  const { siteId, presetId, provider, model, mode, seconds, sound, status } = job;
  const alike = { siteId, presetId, provider, model, mode, seconds, sound, status };
  const key = JSON.stringify(Object.values(alike));
  let group = groups.get(key);
  if (!group) {
    const none = { jobs: 0, tokensSold: 0, tokensRefunded: 0, clips: 0, waitedMs: 0, views: 0, downloads: 0 };
    groups.set(key, (group = { day, ...alike, ...none, took: [], tookMs: new Map() }));
  }
  group.jobs += 1;
  group.tokensSold += job.tokensCost;
  group.tokensRefunded += Number(job.refunded ?? 0);
  group.clips += job.succeededAt === null ? 0 : 1;
  group.waitedMs += job.submittedAt === null ? 0 : job.submittedAt - job.createdAt;
  group.views += job.views;
  group.downloads += job.downloads;
  if (status !== 'completed') return;
  const took = roundedTook((job.completedAt ?? job.createdAt) - job.createdAt);
  group.tookMs.set(took, (group.tookMs.get(took) ?? 0) + 1);
}

function addToPrompts(prompts: Map<string, Map<string, PromptCount>>, job: CountedJob): void {
  const { siteId, presetId, prompt } = job;
  const key = JSON.stringify([siteId, presetId]);
  const ofThese = prompts.get(key) ?? new Map<string, PromptCount>();
  prompts.set(key, ofThese);
  const count = ofThese.get(prompt) ?? { siteId, presetId, promptHash: '', prompt, jobs: 0, views: 0, downloads: 0 };
  ofThese.set(prompt, count);
  count.jobs += 1;
  count.views += job.views;
  count.downloads += job.downloads;
}

const mostUsed = (counts: PromptCount[]): PromptCount[] =>
  counts
    .toSorted((a, b) => b.jobs - a.jobs || (a.prompt < b.prompt ? -1 : 1))
    .slice(0, promptsAtMost)
    .map((count) => ({ ...count, promptHash: hashPrompt(count.prompt) }));
