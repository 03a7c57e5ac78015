import { taskCost } from '../jobs/models.ts';
import type { Store } from '../store/store.ts';
import type { PopularPrompt, UsageGroup, UsageWish } from '../store/usage.ts';

export const dayMs = 86_400_000;
const keptMs = 60_000;
const keptAtMost = 50;

/** What is counted for a day, a preset, a site or all together. */
export interface Figures {
  jobs: number;
  completed: number;
  failed: number;
  tokensSold: number;
  tokensRefunded: number;
  /** By the list price of the provider. */
  spendUsd: number;
  /** Finished clips whose model the price list does not have. */
  unpricedClips: number;
  waitedMs: number;
  views: number;
  downloads: number;
  /** From order to clip, to within one percent; null where nothing was finished. */
  medianMs: number | null;
  p95Ms: number | null;
}

export interface Usage {
  /** When it was counted. */
  at: number;
  total: Figures;
  /** Every day of the span, oldest first, also days without a job. */
  days: { day: number; figures: Figures }[];
  presets: { id: string; figures: Figures }[];
  sites: { id: string; figures: Figures }[];
  prompts: PopularPrompt[];
}

/** Counts a span of whole UTC days that ends with today's, at most once a minute for each choice. */
export function createUsageFigures(store: Pick<Store, 'usage'>) {
  const kept = new Map<string, { at: number; usage: Promise<Usage> }>();

  return function read({ days, now, ...choice }: { days: number; now: number; presetId?: string; siteId?: string }) {
    const key = JSON.stringify([days, choice.presetId, choice.siteId]);
    const known = kept.get(key);
    if (known && Math.abs(now - known.at) < keptMs) return known.usage;
    const lastDay = Math.floor(now / dayMs);
    const usage = count({ firstDay: lastDay - days + 1, lastDay, ...choice }, now);
    kept.delete(key);
    kept.set(key, { at: now, usage });
    usage.catch(() => kept.delete(key));
    if (kept.size > keptAtMost) kept.delete(kept.keys().next().value!);
    return usage;
  };

  async function count(wish: UsageWish, at: number): Promise<Usage> {
    const { groups, prompts } = await store.usage.of(wish);
    const byDay = Map.groupBy(groups, (group) => group.day);
    const days = Array.from({ length: wish.lastDay - wish.firstDay + 1 }, (_, n) => wish.firstDay + n);
    const foldBy = (name: 'presetId' | 'siteId') =>
      [...Map.groupBy(groups, (group) => group[name])]
        .map(([id, rows]) => ({ id, figures: fold(rows) }))
        .toSorted((a, b) => b.figures.jobs - a.figures.jobs || (a.id < b.id ? -1 : 1));
    return {
      at,
      total: fold(groups),
      days: days.map((day) => ({ day, figures: fold(byDay.get(day) ?? []) })),
      presets: foldBy('presetId'),
      sites: foldBy('siteId'),
      prompts,
    };
  }
}

function fold(groups: UsageGroup[]): Figures {
  const sum = (value: (group: UsageGroup) => number) => groups.reduce((all, group) => all + value(group), 0);
  const took = new Map<number, number>();
  for (const group of groups) for (const [ms, jobs] of group.took) took.set(ms, (took.get(ms) ?? 0) + jobs);
  const sorted = [...took].toSorted(([a], [b]) => a - b);
  return {
    jobs: sum((group) => group.jobs),
    completed: sum((group) => (group.status === 'completed' ? group.jobs : 0)),
    failed: sum((group) => (group.status === 'failed' ? group.jobs : 0)),
    tokensSold: sum((group) => group.tokensSold),
    tokensRefunded: sum((group) => group.tokensRefunded),
    spendUsd: sum((group) => group.clips * (taskCost(group)?.usd ?? 0)),
    unpricedClips: sum((group) => (taskCost(group) ? 0 : group.clips)),
    waitedMs: sum((group) => group.waitedMs),
    views: sum((group) => group.views),
    downloads: sum((group) => group.downloads),
    medianMs: quantile(sorted, 0.5),
    p95Ms: quantile(sorted, 0.95),
  };
}

/** The smallest value that at least this share of all does not exceed (nearest rank); each value with its count, ascending. */
export function quantile(sorted: [value: number, count: number][], share: number): number | null {
  const all = sorted.reduce((sum, [, count]) => sum + count, 0);
  let left = Math.max(1, Math.ceil(all * share));
  return sorted.find(([, count]) => (left -= count) <= 0)?.[0] ?? null;
}

/** Completed of completed and failed; null where nothing has ended so. */
export function successRate({ completed, failed }: Figures): number | null {
  return completed + failed === 0 ? null : completed / (completed + failed);
}
