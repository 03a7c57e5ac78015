import { AppError } from '../errors.ts';
import type { Log, Runtime } from '../jobs/runtime.ts';
import { createJobService } from '../jobs/service.ts';
import { createWorker, type Worker, type WorkerParts } from '../jobs/worker.ts';
import { assertNotNested, leaveWithTransaction, runInside, type Database, type Signal } from '../store/database.ts';
import { createStore, type Store } from '../store/store.ts';
import type { Book } from './book.ts';
import { here, Life, runHere, type Here } from './life.ts';
import type { Simulation } from './simulation.ts';

/** Hosts the store must reach a process through: delays, faults, and the process's own death on the way. */
export interface CurrentWorld {
  simulation: Simulation;
  book: Book;
  /** Judges what a transaction wrote, as soon as it is committed. */
  committed(by: Here): void;
}

/**
 * One store for all processes of all seeds: each transaction goes through the process that asks for it. Prepared
 * statements are dear, so they are made once.
 */
export function createSharedStore(book: Book, current: () => CurrentWorld): Store {
  const { database } = book;
  const through: Database = {
    ...database,
    transaction(work) {
      assertNotNested();
      const place = here();
      const { simulation, committed } = current();
      const { swarm, chance } = simulation;
      const travel = { there: chance.between(0, swarm.databaseMs), back: chance.between(0, swarm.databaseMs) };
      return place.life.call(`transaction of ${place.role}`, travel, async () => {
        if (simulation.strikes('database down', swarm.databaseDown)) throw new AppError('unavailable');
        const published: Signal[] = [];
        const value = await database.transaction((tx) => runHere(place, () => runInside(published, () => work(tx))));
        publish(published);
        committed(place);
        if (simulation.strikes('commit unknown', swarm.commitUnknown)) throw new AppError('unavailable');
        return value;
      });
    },
    signals: {
      publish: (...signals) => void (leaveWithTransaction(signals) || publish(signals)),
      subscribe(listener) {
        const { life } = here();
        const entry = { life, listener };
        listeners.add(entry);
        return () => listeners.delete(entry);
      },
    },
  };
  type Listener = Parameters<Database['signals']['subscribe']>[0];
  const listeners = new Set<{ life: Life; listener: Listener }>();

  function publish(signals: readonly Signal[]): void {
    for (const signal of signals) current().simulation.timeline.after(1, 'signal', () => announce(signal));
  }

  function announce(signal: Parameters<Listener>[0]): void {
    const { simulation } = current();
    for (const entry of listeners) {
      if (!entry.life.isAlive || entry.life.simulation !== simulation) listeners.delete(entry);
      else if (!simulation.strikes('signal lost', simulation.swarm.lostSignal))
        entry.life.timer(0, 'signal', () => entry.listener(signal));
    }
  }

  return createStore(through);
}

/** Time, ids and chance of whichever process asks. */
export function createSharedRuntime(current: () => CurrentWorld): Runtime {
  let ids = 0;
  return {
    now: () => here().life.now(),
    newId() {
      const { chance } = current().simulation;
      const time = here().life.now().toString(16).padStart(12, '0');
      const part = (digits: number) =>
        Math.floor(chance.next() * 16 ** digits)
          .toString(16)
          .padStart(digits, '0');
      ids++;
      return `${time.slice(0, 8)}-${time.slice(8)}-7${part(3)}-8${part(3)}-${part(8)}${part(4)}`;
    },
    random: () => current().simulation.chance.next(),
    deadline(timeoutMs) {
      const controller = new AbortController();
      here().life.timer(timeoutMs, 'deadline', () => controller.abort());
      return controller.signal;
    },
  };
}

const secondMs = 1_000;

export interface NodeParts {
  index: number;
  current: CurrentWorld;
  worker: WorkerParts;
  store: Store;
  runtime: Runtime;
  /** When the queue will have something to do, in true time. */
  nextDueMs: () => number;
  onStart: () => void;
}

/** A server that starts, dies, stalls, is stopped in order, and comes back. */
export function createNode({ index, current, worker: workerParts, store, runtime, nextDueMs, onStart }: NodeParts) {
  const { simulation } = current;
  const { chance, timeline, swarm } = simulation;
  let life: Life | null = null;
  let worker: Worker | null = null;
  let starts = 0;
  let idle: { wake: () => void; since: number; at: number } | null = null;
  let token = 0;
  let emptyRounds = 0;
  let isStopping = false;

  function start(): void {
    if (life) return;
    onStart();
    const skewMs = chance.between(-swarm.skewMs, swarm.skewMs);
    life = new Life({ name: `node${index}.${++starts}`, skewMs, simulation, onCrash: () => crash() });
    life.onIdle = (wake) => {
      idle = { wake, since: timeline.now(), at: Infinity };
      scheduleWake();
    };
    isStopping = false;
    simulation.note(`${life.name} starts`);
    runHere({ life, role: 'worker' }, () => {
      worker = createWorker(workerParts);
      worker.start();
    });
  }

  /**
   * An idle worker would look twice a second. Here it looks when something is due (after its share of half a second, or
   * nearly at once, so that nodes sometimes meet), and now and then in between.
   */
  function scheduleWake(): void {
    if (!life || !idle) return;
    const patienceMs = Math.min(32 * secondMs, 500 * 2 ** emptyRounds);
    const dueMs = Math.max(idle.since + patienceMs, nextDueMs() - life.skewMs);
    const wanted = Math.min(dueMs, latestLook(idle.since)) + chance.between(0, chance.happens(0.2) ? 3 : 500);
    if (wanted >= idle.at) return;
    idle.at = wanted;
    const mine = ++token;
    const owner = life;
    timeline.at(wanted, `${owner.name} looks`, () => {
      if (mine !== token || !idle || !owner.isAlive) return;
      idle.at = Infinity;
      if (timeline.now() < owner.stalledUntil)
        return timeline.at(owner.stalledUntil, `${owner.name} wakes`, scheduleWake);
      // Another node was quicker.
      const isTooEarly = nextDueMs() - owner.skewMs > timeline.now() && timeline.now() < latestLook(idle.since);
      if (isTooEarly) return scheduleWake();
      const { wake } = idle;
      idle = null;
      emptyRounds++;
      wake();
    });
  }

  function latestLook(idleSince: number): number {
    return idleSince + (simulation.faultsOn ? 120 : 600) * secondMs;
  }

  function crash(restartMs = chance.between(500, 90 * secondMs)): void {
    if (!life) return;
    life.isAlive = false;
    life = null;
    worker = null;
    idle = null;
    token++;
    timeline.after(simulation.faultsOn ? restartMs : 100, `node${index} restarts`, start);
  }

  return {
    start,
    crash,
    /** Something was committed: an idle worker may have work earlier. */
    stir(isOwn: boolean): void {
      if (isOwn) emptyRounds = 0;
      scheduleWake();
    },
    /** The world is over: what still waits in this process waits for ever. */
    abandon(): void {
      if (life) life.isAlive = false;
    },
    life: () => life,
    isUp: () => life !== null && !isStopping,
    /** SIGTERM: ends the process when its steps are done or cut. */
    drain(graceMs: number): void {
      if (!life || !worker || isStopping) return;
      const owner = life;
      const stopping = worker;
      isStopping = true;
      simulation.count('ordered stop');
      simulation.note(`${owner.name} stops in order`);
      void runHere({ life: owner, role: 'worker' }, async () => {
        await stopping.stop(graceMs);
        simulation.note(`${owner.name} has stopped`);
        crash();
      });
    },
    /** The seller's use cases, run in this process. */
    serve<T>(role: Here['role'], use: (service: ReturnType<typeof createJobService>) => Promise<T>): Promise<T> {
      const owner = life!;
      return runHere({ life: owner, role }, () =>
        use(
          createJobService({
            store,
            runtime,
            settings: { deadlineMs: swarm.deadlineMs, minSide: 300 },
            slots: swarm.slots,
          }),
        ),
      );
    },
  };
}

export type Node = ReturnType<typeof createNode>;

export const silentLog: Log = { info() {}, warn() {}, error() {} };
