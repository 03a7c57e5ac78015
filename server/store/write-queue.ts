import type { Database as Connection } from 'better-sqlite3';
import { AppError } from '../errors.ts';
import { assertNotNested, runInside, type Signal } from './database.ts';

const maxGroup = 128;
const busyRetries = 20;

interface Unit {
  work: () => Promise<unknown>;
  signals: Signal[];
  settle: (value: unknown) => void;
  reject: (fault: unknown) => void;
}

type Outcome = { unit: Unit; value: unknown } | { unit: Unit; fault: unknown };

/**
 * One writer for one SQLite connection. Units of work that wait are committed together: a savepoint for each, so that
 * one may fail alone, and a single fsync for all. Nobody is answered before that fsync.
 *
 * A full disk is `unavailable` until there is room again. After any other fault of the disk nothing more is written and
 * `onBroken` is told: what a failed fsync has dropped, a second one would report as kept, so only a new process, which
 * reads the file again, knows the truth.
 */
export function createWriteQueue(connection: Connection, onBroken: (fault: unknown) => void = () => {}) {
  const begin = connection.prepare('BEGIN IMMEDIATE');
  const commit = connection.prepare('COMMIT');
  const rollback = connection.prepare('ROLLBACK');
  const savepoint = connection.prepare('SAVEPOINT unit');
  const release = connection.prepare('RELEASE unit');
  const rollbackUnit = connection.prepare('ROLLBACK TO unit');

  let waiting: Unit[] = [];
  let running: Promise<void> | null = null;
  let closed = false;

  async function runUnit(unit: Unit): Promise<Outcome> {
    savepoint.run();
    try {
      const value = await runInside(unit.signals, unit.work);
      release.run();
      return { unit, value };
    } catch (fault) {
      // A full or failing disk may have made SQLite give up the whole group.
      if (isBroken(fault) || !connection.inTransaction) throw fault;
      rollbackUnit.run();
      release.run();
      return { unit, fault: isFull(fault) ? new AppError('unavailable', {}, fault) : fault };
    }
  }

  async function runGroup(group: Unit[]): Promise<void> {
    try {
      await beginPatiently();
      const outcomes: Outcome[] = [];
      for (const unit of group) outcomes.push(await runUnit(unit));
      commit.run();
      for (const outcome of outcomes) {
        if ('fault' in outcome) outcome.unit.reject(outcome.fault);
        else outcome.unit.settle(outcome.value);
      }
    } catch (fault) {
      if (isBroken(fault)) stopWriting(fault);
      if (connection.inTransaction) rollback.run();
      for (const unit of group) unit.reject(new AppError('unavailable', {}, fault));
    }
  }

  function stopWriting(fault: unknown): void {
    closed = true;
    for (const unit of waiting.splice(0)) unit.reject(new AppError('unavailable', {}, fault));
    onBroken(fault);
  }

  /** Another process (a backup, a shell) may hold the lock for a moment: the event loop never waits for it. */
  async function beginPatiently(): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        begin.run();
        return;
      } catch (fault) {
        if (!isBusy(fault) || attempt === busyRetries) throw fault;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    }
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      await new Promise(setImmediate);
      const group = waiting.slice(0, maxGroup);
      waiting = waiting.slice(maxGroup);
      await runGroup(group);
    }
    running = null;
  }

  return {
    /** What `work` publishes is in `signals` when this resolves. */
    run<T>(work: () => Promise<T>, signals: Signal[] = []): Promise<T> {
      assertNotNested();
      if (closed) return Promise.reject(new AppError('unavailable'));
      return new Promise<T>((settle, reject) => {
        waiting.push({ work, signals, settle: settle as (value: unknown) => void, reject });
        running ??= drain();
      });
    },
    /** Finishes what waits and takes nothing new. */
    async close(): Promise<void> {
      closed = true;
      await running;
    },
  };
}

export type WriteQueue = ReturnType<typeof createWriteQueue>;

const isBusy = (fault: unknown) => codeOf(fault).startsWith('SQLITE_BUSY');
/** The companion file of the write-ahead log is grown by a call of its own, which says SHMSIZE when there is no room. */
const isFull = (fault: unknown) => /^SQLITE_(FULL|IOERR_SHMSIZE)$/.test(codeOf(fault));
const isBroken = (fault: unknown) => /^SQLITE_(IOERR|CORRUPT|NOTADB)/.test(codeOf(fault)) && !isFull(fault);

/** drizzle wraps the driver's error. */
function codeOf(fault: unknown): string {
  for (let inner = fault; inner instanceof Error; inner = inner.cause)
    if ('code' in inner && String(inner.code).startsWith('SQLITE_')) return String(inner.code);
  return '';
}
