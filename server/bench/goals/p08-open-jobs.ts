import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from '../figures.ts';
import { addOpenJobs, fillDatabase } from '../fill.ts';
import { shown, type Goal } from '../goal.ts';
import { startProviderDouble } from '../provider-double.ts';
import { startBenchSite } from '../site.ts';

const openJobs = 10_000;
const mostOfCore = 3;
const mostLateMs = 1_000;
const pollMs = 10_000;

/** What it costs to look after very many jobs at once, and whether each is looked at in time. */
export const manyOpenJobs: Goal = {
  id: 'P8',
  async run(bench) {
    const folder = mkdtempSync(join(tmpdir(), 'kvc-bench-'));
    const file = join(folder, 'covers.db');
    await fillDatabase(file, { jobs: 1_000, accounts: 100 }, Date.now());
    const taskIds = addOpenJobs(file, { count: openJobs, now: Date.now() });
    const lookedAt = new Map(taskIds.map((id) => [id, 0]));
    const onLook = (ids: readonly string[]) => ids.forEach((id) => lookedAt.set(id, Date.now()));
    const kling = await startProviderDouble({ taskIds, onLook });
    const env = { KLING_CONCURRENCY: String(openJobs), POLL_INTERVAL_MS: String(pollMs) };
    const site = await startBenchSite(bench, { where: 'P8', sellers: 1, kling, env, file });
    await pause(pollMs * 1.5);
    const cycles = bench.isQuick ? 2 : 4;
    const before = await site.usage();
    const lateMs: number[] = [];
    for (let cycle = 0; cycle < cycles; cycle++) {
      // Shortly before the next common moment, when all of this one have been looked at.
      await pause(pollMs - 500 - (Date.now() % pollMs) + (Date.now() % pollMs > pollMs - 600 ? pollMs : 0));
      lateMs.push(...latenesses(lookedAt.values()));
      await pause(1_000);
    }
    const { cpuMs } = await site.usage();
    const ofCore = ((cpuMs - before.cpuMs) / (cycles * pollMs)) * 100;
    await Promise.all([site.close(), kling.close()]);
    rmSync(folder, { recursive: true, force: true });
    const late = quantile(lateMs, 0.99);
    const plain = { floor: '–', ratio: '–', spread: '–' };
    return [
      {
        id: 'P8',
        what: `${openJobs.toLocaleString('en')} jobs at Kling, looked at every 10 s: processor time, of one core`,
        figure: shown(ofCore, '%'),
        ...plain,
        goal: `≤ ${mostOfCore} %`,
        met: ofCore <= mostOfCore,
        note: 'one account with ten thousand slots, which no real one has; its list is turned page by page, 500 tasks each',
      },
      {
        id: 'P8',
        what: 'how late the provider is asked about each, p99',
        figure: shown(late, 'ms'),
        ...plain,
        goal: `≤ ${mostLateMs} ms`,
        met: late <= mostLateMs,
      },
    ];
  },
};

/** All looks are due at the same moments of the clock; one that was left out for a whole turn counts so much more. */
function latenesses(lookedAt: Iterable<number>): number[] {
  const dueMs = Date.now() - (Date.now() % pollMs);
  return [...lookedAt].map((at) => (at < dueMs ? pollMs : at - dueMs));
}
