import { startDurablePostgres, type TestPostgres } from '../postgres-testing.ts';
import { startKlingSimulator } from '../../../demo/simulators/kling.ts';
import { byTurns, median, ratioOf } from '../figures.ts';
import { floorOrders } from '../floors/orders.ts';
import { ratioColumns, shown, type Bench, type Goal, type Row } from '../goal.ts';
import { freePort, startFloor } from '../process.ts';
import { ordersOf } from '../sellers.ts';
import { startBenchSite } from '../site.ts';
import { throughputOf } from '../throughput.ts';

const least = 0.8;
const sellers = 500;
const hourMs = 3_600_000;

/** The same orders on PostgreSQL, beside it and a network away. */
export const ordersOnPostgres: Goal = {
  id: 'P4',
  async run(bench) {
    const postgres = await startDurablePostgres();
    const rows = [
      await compare(bench, postgres, null),
      await compare(bench, postgres, await startDelay(bench, postgres)),
    ];
    await postgres.stop();
    return rows;
  },
};

interface Delay {
  port: number;
  stop(): Promise<void>;
}

async function startDelay(bench: Bench, postgres: TestPostgres): Promise<Delay> {
  const port = await freePort();
  const env = { TARGET: await postgres.createDatabase(), PROXY_PORT: String(port) };
  const { stop } = await startFloor(bench, { name: 'delay-proxy', where: 'P4', env });
  return { port, stop };
}

async function compare(bench: Bench, postgres: TestPostgres, delay: Delay | null): Promise<Row> {
  const through = (url: string) => {
    if (!delay) return url;
    const changed = new URL(url);
    changed.port = String(delay.port);
    return changed.href;
  };
  const kling = await startKlingSimulator({ video: 'tiny', processingMs: hourMs });
  const postgresUrl = await postgres.createDatabase();
  const site = await startBenchSite(bench, {
    where: 'P4',
    sellers,
    kling,
    postgresUrl,
    serverPostgresUrl: through(postgresUrl),
    env: { SELLER_OPEN_JOBS: '0', SELLER_DAILY_JOBS: '0' },
  });
  const env = { DATABASE_URL: through(await postgres.createDatabase()) };
  const floor = await startFloor(bench, { name: 'plain-postgres', where: 'P4', env });
  const figures = await byTurns(bench.rounds, {
    ours: throughputOf(bench, site, await ordersOf(site.sellers, 'cover')),
    floor: throughputOf(bench, floor, floorOrders()),
  });
  await Promise.all([site.close(), floor.stop(), kling.close()]);
  await delay?.stop();
  const ratio = ratioOf(figures);
  return {
    id: 'P4',
    what: `the same on PostgreSQL, ${delay ? '1 ms' : '0 ms'} round-trip time ÷ plain transaction of six round trips`,
    figure: shown(median(figures.ours), '/s'),
    floor: shown(median(figures.floor), '/s'),
    ...ratioColumns(ratio),
    goal: `≥ ${least}`,
    met: ratio.median >= least,
  };
}
