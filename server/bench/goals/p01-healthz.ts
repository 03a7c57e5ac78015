import { byTurns, median, ratioOf } from '../figures.ts';
import { ratioColumns, shown, type Goal } from '../goal.ts';
import { request } from '../load.ts';
import { startFloor } from '../process.ts';
import { startBenchSite } from '../site.ts';
import { throughputOf } from '../throughput.ts';

const least = 0.7;

/** What our whole middleware costs. */
export const healthz: Goal = {
  id: 'P1',
  async run(bench) {
    const site = await startBenchSite(bench, { where: 'P1', sellers: 1 });
    const floor = await startFloor(bench, { name: 'bare-hono', where: 'P1' });
    const requests = [request('/healthz')];
    const figures = await byTurns(bench.rounds, {
      ours: throughputOf(bench, site, requests),
      floor: throughputOf(bench, floor, requests),
    });
    await site.close();
    await floor.stop();
    const ratio = ratioOf(figures);
    return [
      {
        id: 'P1',
        what: '`GET /healthz`, whole middleware ÷ bare hono',
        figure: shown(median(figures.ours), '/s'),
        floor: shown(median(figures.floor), '/s'),
        ...ratioColumns(ratio),
        goal: `≥ ${least}`,
        met: ratio.median >= least,
      },
    ];
  },
};
