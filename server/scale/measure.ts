import { drawDay, seen, waitsOnPaper, type DrawnDay, type SeenWait } from './orders.ts';
import { openCore, startMs, type Core, type Use } from './core.ts';

/** A drawn day for the real core. */
export interface MeasuredDay extends DrawnDay {
  slots: number;
  accounts?: number;
  pollMs: number;
  sellers: number;
  /** An idle worker looks this often; 0: only where something can be due, which is cheaper and changes no wait. */
  idleMs: number;
}

export interface Measured {
  /** In the real core. */
  core: SeenWait;
  /** The same orders on paper, one by one. */
  paper: SeenWait;
  waitsMs: number[];
  paperWaitsMs: number[];
  /** Per finished clip. */
  perClip: Use;
  clips: number;
  databaseBytesPerClip: number;
  /** From the first order to the last clip. */
  seconds: number;
  /** Processor time of this process per clip, all of it: encoder and clock-work included. */
  cpuMsPerClip: number;
}

/** Lives a drawn day through the real core, from its first order to its last clip. */
export async function measureDay(wanted: MeasuredDay): Promise<Measured> {
  const day = drawDay(wanted);
  const { slots, accounts = 1, pollMs, sellers, idleMs } = wanted;
  const taskMsOf = new Map<string, number>();
  const core = await openCore({ slots, accounts, pollMs, sellers, taskMs: (id) => taskMsOf.get(id)! });
  try {
    const ids: string[] = [];
    core.takeUse();
    const bytesBefore = core.databaseBytes();
    const cpu = process.cpuUsage();
    const lookEveryMs = idleMs || pollMs;
    let atMs = startMs;
    for (const [index, { atMs: orderMs, taskMs }] of day.entries()) {
      atMs = await workUntil(core, { fromMs: atMs, untilMs: startMs + orderMs, lookEveryMs });
      const { id, externalId } = await core.order(core.people[index % sellers]!);
      taskMsOf.set(externalId, taskMs);
      ids.push(id);
      await core.work();
    }
    while ((await core.store.jobs.get(ids.at(-1)!))!.status !== 'completed' || (await isAnyOpen(core, ids)))
      atMs = await workUntil(core, { fromMs: atMs, untilMs: atMs + 10 * pollMs, lookEveryMs });
    const spent = process.cpuUsage(cpu);
    const rows = await Promise.all(ids.map((id) => core.store.jobs.get(id)));
    const waitsMs = rows.map((row) => row!.submittedAt! - row!.createdAt);
    const paperWaitsMs = waitsOnPaper(day, { slots, pollMs, expectedMs: wanted.taskSeconds * 1_000 });
    const use = Object.entries(core.takeUse()).map(([name, times]) => [name, times / day.length]);
    return {
      core: seen(day, waitsMs),
      paper: seen(day, paperWaitsMs),
      waitsMs,
      paperWaitsMs,
      perClip: Object.fromEntries(use) as Use,
      clips: day.length,
      databaseBytesPerClip: (core.databaseBytes() - bytesBefore) / day.length,
      seconds: (Math.max(...rows.map((row) => row!.completedAt!)) - startMs - day[0]!.atMs) / 1_000,
      cpuMsPerClip: (spent.user + spent.system) / 1_000 / day.length,
    };
  } finally {
    await core.close();
  }
}

/** Lets the worker look at every multiple of `lookEveryMs` before `untilMs`, where the clock then stands. */
async function workUntil(
  core: Core,
  { fromMs, untilMs, lookEveryMs }: { fromMs: number; untilMs: number; lookEveryMs: number },
): Promise<number> {
  for (let ms = (Math.floor(fromMs / lookEveryMs) + 1) * lookEveryMs; ms <= untilMs; ms += lookEveryMs) {
    core.at(ms);
    await core.work();
  }
  core.at(untilMs);
  return untilMs;
}

async function isAnyOpen(core: Core, ids: string[]): Promise<boolean> {
  for (const id of ids.toReversed()) if ((await core.store.jobs.get(id))!.status !== 'completed') return true;
  return false;
}
