import { setTimeout as pause } from 'node:timers/promises';
import { createBook } from './book.ts';
import type { Chance } from './chance.ts';
import { createClient } from './client.ts';
import { createInspection } from './inspection.ts';
import { countOne, emptyReport, type Report } from './report.ts';
import type { Plan } from './schedule.ts';
import { createSeller, type Seller } from './seller.ts';
import type { Fate, ServerProcess } from './server-process.ts';
import type { Household, World } from './testing.ts';

const sellers = 6;
/** A point that the traffic has not reached by then is not waited for any longer. */
const patienceMs = 5_000;
const startLimitMs = 60_000;
const calmLimitMs = 120_000;
const deepEvery = 10;

interface LoopParts {
  world: World;
  chance: Chance;
  plans: Iterable<Plan>;
  /** Kills to make; the plans may end sooner. */
  kills: number;
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

  /** One life on the household; false when the server did not start. */
  async function live({ point, fate, afterMs }: Plan): Promise<void> {
    const server = world.starter.start({ settings: home.settings, fate });
    await lookAtFiles();
    if (await isUp(server)) {
      report.startsMs.push(Date.now() - server.startedAtMs);
      await inspection.afterStart(server.startedAtMs);
      await lead(server, { point, fate, afterMs });
    }
    await bury(server, fate);
    lookAtFiles = await inspection.afterDeath({ deep: report.kills % deepEvery === 0 });
  }

  /** Waits for the end of a life, or brings it about. */
  async function lead(server: ServerProcess, { point, fate, afterMs }: Plan): Promise<void> {
    if (!fate) {
      await pause(afterMs);
      return server.signal('SIGKILL');
    }
    if (point?.reachedBy === 'sigterm') {
      await pause(afterMs);
      server.signal('SIGTERM');
    }
    if (await isOver(server, patienceMs)) return;
    countOne(report.missed, fate.point);
    server.signal('SIGKILL');
  }

  async function bury(server: ServerProcess, fate: Fate | null): Promise<void> {
    const { code, signal } = await server.ended;
    for (const line of server.printed()) if (isAlarming(line)) book.accuse(`the server said ${line.slice(0, 2_000)}`);
    if (signal !== 'SIGKILL') {
      const isOrdered = fate?.point === 'K20' && code === 0;
      if (!isOrdered)
        book.accuse(`the server ended by itself with ${code ?? signal}: ${server.printed().slice(-20).join('\n')}`);
      return;
    }
    report.kills++;
    const byPoint = fate && server.wasKilled() === false;
    countOne(report.byPoint, byPoint ? fate.point : 'moment');
  }

  /** A server that is killed while it makes its tables, perhaps twice, and then must come up on what is left. */
  async function emigrate(plan: Plan): Promise<void> {
    const abroad = await world.settle();
    const fates = chance.happens(0.5) ? [plan.fate] : [plan.fate, { ...plan.fate!, arrival: chance.between(1, 40) }];
    for (const fate of fates) {
      const server = world.starter.start({ settings: abroad.settings, fate });
      if (await isUp(server)) {
        countOne(report.missed, 'K18');
        server.signal('SIGKILL');
      }
      await bury(server, fate);
    }
    const server = world.starter.start({ settings: abroad.settings, fate: null });
    if (await isUp(server)) {
      const client = createClient({ site: abroad.site, userId: 'newcomer', book });
      const granted = await client.asHost('/v1/host/accounts/newcomer/grants', { amount: 5, reference: 'first' });
      if (granted?.body?.balance !== 5)
        book.accuse(`after a killed migration a grant is answered with ${granted?.status}`);
      server.signal('SIGKILL');
    }
    await bury(server, null);
    const left = await abroad.rows();
    const { accounts } = await left.read();
    await left.close();
    if (accounts[0]?.balance !== 5) book.accuse('after a killed migration a grant was lost');
  }

  /** No kills, no new orders: everything must come to its end. */
  async function calm(): Promise<void> {
    const server = world.starter.start({ settings: home.settings, fate: null });
    await lookAtFiles();
    if (!(await isUp(server))) return bury(server, null);
    const since = Date.now();
    for (const seller of staff) seller.finish();
    const open = () => staff.flatMap((seller) => seller.openOrders());
    while (open().length > 0 && Date.now() - since < calmLimitMs && book.violations.length === 0) await pause(100);
    report.calmMs = Date.now() - since;
    for (const { key, jobId, seen } of open())
      book.accuse(`${key} (${jobId}) is ${seen.status} in ${seen.stage} after the calm`);
    server.signal('SIGKILL');
    await bury(server, null);
    await (
      await inspection.afterDeath({ deep: true })
    )();
    await inspection.atTheEnd();
  }

  try {
    for (const plan of plans) {
      if (report.kills >= kills || book.violations.length > 0) break;
      await (plan.point?.reachedBy === 'fresh database' ? emigrate(plan) : live(plan));
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

/** True once it answers; a server that takes for ever is killed. */
async function isUp(server: ServerProcess): Promise<boolean> {
  const limit = setTimeout(() => server.signal('SIGKILL'), startLimitMs);
  const isReady = await server.ready;
  clearTimeout(limit);
  return isReady;
}

async function isOver(server: ServerProcess, withinMs: number): Promise<boolean> {
  const limit = new AbortController();
  const late = pause(withinMs, false, { signal: limit.signal }).catch(() => false);
  const over = await Promise.race([server.ended.then(() => true), late]);
  limit.abort();
  return over;
}

/** What must never be in the log, whatever is killed: contradictions that the server itself has noticed. */
function isAlarming(line: string): boolean {
  return /ledger_disagrees|foreign_task|result_host_blocked|provider_account_blocked|"level":60/.test(line);
}
