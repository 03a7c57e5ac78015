import { setTimeout as pause } from 'node:timers/promises';
import { createBook } from './book.ts';
import type { Chance } from './chance.ts';
import { createClient } from './client.ts';
import { emigrate } from './emigration.ts';
import { createInspection } from './inspection.ts';
import { bury, isUp, lead } from './life.ts';
import { emptyReport, type Report } from './report.ts';
import type { Plan } from './schedule.ts';
import { createSeller, type Seller } from './seller.ts';
import type { Household, World } from './testing.ts';

const sellers = 6;
const calmLimitMs = 120_000;
const deepEvery = 10;

interface LoopParts {
  world: World;
  chance: Chance;
  plans: Iterable<Plan>;
  /** Kills to make; the plans may end sooner. */
  kills: number;
  /** Called after each life. */
  tell?: (report: Report) => void;
}

/**
 * Lives of one server on one database, each ended by SIGKILL and looked at from outside; then a calm phase in which
 * every job must end. Stops at the first violation.
 */
export async function runLoop({ world, chance, plans, kills, tell }: LoopParts): Promise<Report> {
  const home = await world.settle();
  const book = createBook();
  const report = emptyReport(book.violations);
  await warmUp(world, home);
  const rows = await home.rows();
  const inspection = createInspection({ world, home, rows, book, report });
  const staff = Array.from({ length: sellers }, (_, at) => hire(at));
  let lookAtFiles = async () => {};

  function hire(at: number): Seller {
    const userId = `seller-${at}`;
    const client = createClient({ site: home.site, userId, book });
    const { picture, callbackToken } = world;
    return createSeller({ userId, client, book, chance, picture, callbackToken, isPoor: at === 0 });
  }

  async function live(plan: Plan): Promise<void> {
    const { fate } = plan;
    const server = world.starter.start({ settings: home.settings, fate });
    await lookAtFiles();
    if (await isUp(server)) {
      report.startsMs.push(Date.now() - server.startedAtMs);
      await inspection.afterStart(server.startedAtMs);
      await lead(server, { plan, report });
    }
    await bury(server, { fate, book, report });
    lookAtFiles = await inspection.afterDeath({ deep: report.kills % deepEvery === 0 });
  }

  /** No kills, no new orders: everything must come to its end. */
  async function calm(): Promise<void> {
    const server = world.starter.start({ settings: home.settings, fate: null });
    await lookAtFiles();
    if (await isUp(server)) {
      const since = Date.now();
      for (const seller of staff) seller.finish();
      const open = () => staff.flatMap((seller) => seller.openOrders());
      while (open().length > 0 && Date.now() - since < calmLimitMs && book.violations.length === 0) await pause(100);
      report.calmMs = Date.now() - since;
      for (const { key, jobId, seen } of open())
        book.accuse(`${key} (${jobId}) is ${seen.status} in ${seen.stage} after the calm`);
      server.signal('SIGKILL');
    }
    await bury(server, { fate: null, book, report });
    await (
      await inspection.afterDeath({ deep: true })
    )();
    if (book.violations.length === 0) await inspection.atTheEnd();
  }

  try {
    for (const plan of plans) {
      if (report.kills >= kills || book.violations.length > 0) break;
      if (plan.point?.reachedBy === 'fresh database') await emigrate(plan, { world, chance, book, report });
      else await live(plan);
      tell?.(report);
    }
    if (book.violations.length === 0) await calm();
    return report;
  } finally {
    await Promise.all(staff.map((seller) => seller.stop()));
    await rows.close();
  }
}

/** One ordered life fills Node's cache of compiled modules, which makes every later start several times faster. */
async function warmUp({ starter }: World, home: Household): Promise<void> {
  const server = starter.start({ settings: home.settings, fate: null });
  // The port answers a moment before the process listens to signals.
  if (await isUp(server)) await pause(300);
  server.signal('SIGTERM');
  const { code } = await server.ended;
  if (code !== 0) throw new Error(`the server does not start: ${server.printed().join('\n')}`);
}
