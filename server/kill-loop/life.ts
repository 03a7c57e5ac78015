import { setTimeout as pause } from 'node:timers/promises';
import type { Book } from './book.ts';
import { countOne, type Report } from './report.ts';
import type { Plan } from './schedule.ts';
import type { Fate, ServerProcess } from './server-process.ts';

/** A point that the traffic has not reached by then is not waited for any longer. */
const patienceMs = 15_000;
const startLimitMs = 60_000;

/** What a server itself calls a contradiction must never be in its log, whatever is killed. */
const alarming = /ledger_disagrees|foreign_task|result_host_blocked|provider_account_blocked|"level":60/;

/** True once it answers; a server that takes for ever to start is killed. */
export async function isUp(server: ServerProcess): Promise<boolean> {
  const limit = setTimeout(() => server.signal('SIGKILL'), startLimitMs);
  const isReady = await server.ready;
  clearTimeout(limit);
  return isReady;
}

/** Waits for the end that was planned for a running server, or brings it about. */
export async function lead(server: ServerProcess, { plan, report }: { plan: Plan; report: Report }): Promise<void> {
  const { point, fate, afterMs } = plan;
  if (!fate) {
    await pause(afterMs);
    return server.signal('SIGKILL');
  }
  if (point?.reachedBy === 'sigterm') {
    await pause(afterMs);
    server.signal('SIGTERM');
  }
  if (await isOver(server)) return;
  countOne(report.missed, fate.point);
  server.signal('SIGKILL');
}

async function isOver(server: ServerProcess): Promise<boolean> {
  const limit = new AbortController();
  const late = pause(patienceMs, false, { signal: limit.signal }).catch(() => false);
  const over = await Promise.race([server.ended.then(() => true), late]);
  limit.abort();
  return over;
}

/** Waits for the end, counts the kill, and accuses a server that ended by itself or printed what it never should. */
export async function bury(
  server: ServerProcess,
  { fate, book, report }: { fate: Fate | null; book: Book; report: Report },
): Promise<void> {
  const { code, signal } = await server.ended;
  const printed = server.printed();
  for (const line of printed) if (alarming.test(line)) book.accuse(`the server said ${line.slice(0, 2_000)}`);
  if (signal === 'SIGKILL') {
    report.kills++;
    countOne(report.byPoint, fate && !server.wasKilled() ? fate.point : 'moment');
    return;
  }
  if (fate?.point === 'K20' && code === 0) return countOne(report.missed, 'K20');
  book.accuse(`the server ended by itself with ${code ?? signal}: ${printed.slice(-20).join('\n')}`);
}
