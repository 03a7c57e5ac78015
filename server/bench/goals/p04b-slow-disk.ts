import { fillDatabase } from '../fill.ts';
import { byTurns, median, quantile, ratioOf } from '../figures.ts';
import { ratioColumns, shown, type Goal } from '../goal.ts';
import { runLoad } from '../load.ts';
import { ordersOf } from '../sellers.ts';
import { startBenchSite, type Site } from '../site.ts';
import { slowDisk } from '../slow-disk.ts';
import { jobReads } from './p02-job-read.ts';

const most = 3;
const readsPerSecond = 300;
const ordersPerSecond = 200;
const connections = 64;

/** Whether those who look wait for those who order, where each wait for the disk takes 2 ms. */
export const readsBesideWrites: Goal = {
  id: 'P4b',
  async run(bench) {
    const what = `p99 of \`GET /v1/jobs/:id\` beside ${ordersPerSecond} orders/s, fsync of 2 ms ÷ without orders`;
    const goal = `≤ ${most}`;
    const env = slowDisk();
    if (!env)
      return [
        {
          id: 'P4b',
          what,
          figure: '–',
          floor: '–',
          ratio: '–',
          spread: '–',
          goal,
          met: null,
          note: 'skipped: there is no gcc',
        },
      ];
    const fill = (file: string) => fillDatabase(file, { jobs: 1_000, accounts: 100 }, Date.now());
    const free = { SELLER_OPEN_JOBS: '0', SELLER_DAILY_JOBS: '0' };
    const site = await startBenchSite(bench, { where: 'P4b', sellers: 500, fill, env: { ...env, ...free } });
    const reads = await jobReads(site.file, 200);
    const orders = await ordersOf(site.sellers, 'cover');
    const durationMs = bench.roundMs * 2;
    const readP99 = async () => {
      const report = await runLoad({
        url: site.url,
        requests: reads,
        connections,
        durationMs,
        perSecond: readsPerSecond,
      });
      // Nobody was answered in time: it took longer than the round.
      return report.answers > 0 ? quantile(report.tookMs, 0.99) : durationMs;
    };
    const figures = await byTurns(bench.rounds, {
      floor: readP99,
      ours: async () => (await Promise.all([readP99(), placeOrders(site, orders, durationMs)]))[0],
    });
    await site.close();
    const ratio = ratioOf(figures);
    return [
      {
        id: 'P4b',
        what,
        figure: shown(median(figures.ours), 'ms'),
        floor: shown(median(figures.floor), 'ms'),
        ...ratioColumns(ratio),
        goal,
        met: ratio.median <= most,
      },
    ];
  },
};

function placeOrders({ url }: Site, requests: string[], durationMs: number) {
  return runLoad({ url, requests, connections, durationMs, perSecond: ordersPerSecond });
}
