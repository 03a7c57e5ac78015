import { byTurns, median, ratioOf } from '../figures.ts';
import { fillDatabase } from '../fill.ts';
import { completedJobs } from '../filled-jobs.ts';
import { ratioColumns, shown, type Goal } from '../goal.ts';
import { request } from '../load.ts';
import { startFloor } from '../process.ts';
import { mintToken } from '../sellers.ts';
import { startBenchSite } from '../site.ts';
import { throughputOf } from '../throughput.ts';

const least = 0.5;

/** Requests that read finished jobs, each as its own seller. */
export async function jobReads(file: string, count: number): Promise<string[]> {
  const found = completedJobs(file, count);
  return Promise.all(
    found.map(async ({ id, userId }) => request(`/v1/jobs/${id}`, { token: await mintToken(userId) })),
  );
}

/** Who calls, one read of a row, and the job in the words of the contract. */
export const jobRead: Goal = {
  id: 'P2',
  async run(bench) {
    const fill = (file: string) => fillDatabase(file, { jobs: 1_000, accounts: 100 }, Date.now());
    const site = await startBenchSite(bench, { where: 'P2', sellers: 1, fill });
    const floor = await startFloor(bench, { name: 'bare-hono', where: 'P2' });
    const figures = await byTurns(bench.rounds, {
      ours: throughputOf(bench, site, await jobReads(site.file, 200)),
      floor: throughputOf(bench, floor, [request('/healthz')]),
    });
    await site.close();
    await floor.stop();
    const ratio = ratioOf(figures);
    return [
      {
        id: 'P2',
        what: '`GET /v1/jobs/:id`, identity and read ÷ bare hono',
        figure: shown(median(figures.ours), '/s'),
        floor: shown(median(figures.floor), '/s'),
        ...ratioColumns(ratio),
        goal: `≥ ${least}`,
        met: ratio.median >= least,
      },
    ];
  },
};
