import { and, count, desc, eq, inArray, max, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { isOpenJob } from './open-jobs.ts';
import { countDay, type DayCount, type PromptCount, type UsageGroup } from './usage-count.ts';
import type { UsageDays } from './usage-days.ts';

export type { UsageGroup } from './usage-count.ts';

/** UTC days, the last one included, of one preset or site where they are given. */
export interface UsageWish {
  firstDay: number;
  lastDay: number;
  presetId?: string;
  siteId?: string;
}

export interface PopularPrompt {
  prompt: string;
  jobs: number;
  views: number;
  downloads: number;
}

export interface UsageAnswer {
  groups: UsageGroup[];
  /**
   * The prompts that most jobs were made with, most used first; at most ten. Of each day a site and a preset give their
   * twenty-five most used ones: what a prompt was used on days when it was not among them is not in its numbers.
   */
  prompts: PopularPrompt[];
}

const popularAtMost = 10;
/** So many candidates of past days are set against those of the days that are counted now. */
const candidatesAtMost = 100;
const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

/** What happened, in numbers: from the totals of days that were added up, and by counting jobs on the others. */
export function createUsage({ read, tables }: Database, days: Pick<UsageDays, 'counted' | 'first'>) {
  const { jobs, usagePrompts, usageTotals } = tables;

  const narrowed = (rows: typeof usageTotals | typeof usagePrompts, { presetId, siteId }: UsageWish, added: number[]) =>
    and(
      inArray(rows.day, added),
      presetId === undefined ? undefined : eq(rows.presetId, presetId),
      siteId === undefined ? undefined : eq(rows.siteId, siteId),
    );

  function totals(wish: UsageWish, added: number[]): Promise<UsageGroup[]> {
    return read
      .select()
      .from(usageTotals)
      .where(narrowed(usageTotals, wish, added))
      .execute();
  }

  async function candidates(wish: UsageWish, added: number[]): Promise<(PopularPrompt & { promptHash: string })[]> {
    const used = sql<number>`sum(${usagePrompts.jobs})`;
    const rows = await read
      .select({
        promptHash: usagePrompts.promptHash,
        prompt: max(usagePrompts.prompt),
        jobs: used,
        views: sql`sum(${usagePrompts.views})`,
        downloads: sql`sum(${usagePrompts.downloads})`,
      })
      .from(usagePrompts)
      .where(narrowed(usagePrompts, wish, added))
      .groupBy(usagePrompts.promptHash)
      .orderBy(desc(used), usagePrompts.promptHash)
      .limit(candidatesAtMost);
    return rows.map((row) => ({
      promptHash: row.promptHash,
      prompt: row.prompt ?? '',
      jobs: Number(row.jobs),
      views: Number(row.views),
      downloads: Number(row.downloads),
    }));
  }

  /** Days before the first job cost nothing, and neither do those that have no job yet. */
  async function countNow(wish: UsageWish, added: Set<number>): Promise<DayCount> {
    const { firstDay, lastDay, presetId, siteId } = wish;
    const first = (await days.first()) ?? lastDay + 1;
    const counted: DayCount = { groups: [], prompts: [] };
    for (let day = Math.max(firstDay, first); day <= lastDay; day++) {
      if (added.has(day)) continue;
      const { groups, prompts } = await countDay(read, tables, { day, presetId, siteId, pause });
      counted.groups.push(...groups);
      counted.prompts.push(...prompts);
    }
    return counted;
  }

  return {
    /** All jobs that were made on these days, deleted ones too. */
    async of(wish: UsageWish): Promise<UsageAnswer> {
      const added = await days.counted(wish.firstDay, wish.lastDay);
      const now = await countNow(wish, new Set(added));
      const [past, pastPrompts] =
        added.length > 0 ? [await totals(wish, added), await candidates(wish, added)] : [[], []];
      return { groups: [...past, ...now.groups], prompts: mostUsed([...pastPrompts, ...now.prompts]) };
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

function mostUsed(counts: Pick<PromptCount, 'promptHash' | keyof PopularPrompt>[]): PopularPrompt[] {
  const sum = (rows: typeof counts, of: 'jobs' | 'views' | 'downloads') => rows.reduce((all, row) => all + row[of], 0);
  return [...Map.groupBy(counts, ({ promptHash }) => promptHash)]
    .map(([, rows]) => ({
      prompt: rows[0]!.prompt,
      jobs: sum(rows, 'jobs'),
      views: sum(rows, 'views'),
      downloads: sum(rows, 'downloads'),
    }))
    .toSorted((a, b) => b.jobs - a.jobs || (a.prompt < b.prompt ? -1 : 1))
    .slice(0, popularAtMost);
}
