import { startKlingSimulator } from '../../../demo/simulators/kling.ts';
import { byTurns, median, ratioOf } from '../figures.ts';
import { floorOrders } from '../floors/orders.ts';
import { ratioColumns, shown, type Goal } from '../goal.ts';
import { startFloor } from '../process.ts';
import { ordersOf } from '../sellers.ts';
import { startBenchSite } from '../site.ts';
import { clients, throughputOf } from '../throughput.ts';

const leastOfGroup = 0.35;
const leastOfOneByOne = 2;
const sellers = 2_000;
const hourMs = 3_600_000;

/** A SQLite server whose five slots at Kling stay taken, as they are while more is ordered than can be made. */
export const ordersOnSqlite: Goal = {
  id: 'P3',
  async run(bench) {
    const kling = await startKlingSimulator({ video: 'tiny', processingMs: hourMs });
    const env = { SELLER_OPEN_JOBS: '0', SELLER_DAILY_JOBS: '0' };
    const site = await startBenchSite(bench, { where: 'P3', sellers, kling, env });
    const group = await startFloor(bench, { name: 'group-commit', where: 'P3' });
    const single = await startFloor(bench, { name: 'one-by-one', where: 'P3' });
    const figures = await byTurns(bench.rounds, {
      ours: throughputOf(bench, site, await ordersOf(site.sellers, 'cover')),
      group: throughputOf(bench, group, floorOrders()),
      single: throughputOf(bench, single, floorOrders()),
    });
    await Promise.all([site.close(), group.stop(), single.stop(), kling.close()]);
    const toGroup = ratioOf({ ours: figures.ours, floor: figures.group });
    const toSingle = ratioOf({ ours: figures.ours, floor: figures.single });
    const figure = shown(median(figures.ours), '/s');
    return [
      {
        id: 'P3',
        what: `\`POST /v1/jobs\`, ${clients} clients, FULL ÷ group commit of raw statements`,
        figure,
        floor: shown(median(figures.group), '/s'),
        ...ratioColumns(toGroup),
        goal: `≥ ${leastOfGroup}`,
        met: toGroup.median >= leastOfGroup,
      },
      {
        id: 'P3',
        what: 'the same ÷ drizzle, a commit each',
        figure,
        floor: shown(median(figures.single), '/s'),
        ...ratioColumns(toSingle),
        goal: `≥ ${leastOfOneByOne}`,
        met: toSingle.median >= leastOfOneByOne,
      },
    ];
  },
};
