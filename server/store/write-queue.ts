import type { Database as Connection } from 'better-sqlite3';
import { AppError } from '../errors.ts';
import { assertNotNested, runInside } from './database.ts';

const maxGroup = 128;
const busyRetries = 20;

interface Unit {
  work: () => Promise<unknown>;
  settle: (value: unknown) => void;
  reject: (fault: unknown) => void;
}

type Outcome = { unit: Unit; value: unknown } | { unit: Unit; fault: unknown };

/**
 * One writer for one SQLite connection. Units of work that wait are committed together: a savepoint for each, so that
 * one may fail alone, and a single fsync for all. Nobody is answered before that fsync.
 */
export function createWriteQueue(connection: Connection) {
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
      const value = await runInside(unit.work);
      release.run();
      return { unit, value };
    } catch (fault) {
      rollbackUnit.run();
      release.run();
      return { unit, fault };
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
      if (connection.inTransaction) rollback.run();
      for (const unit of group) unit.reject(new AppError('unavailable', {}, fault));
    }
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
    run<T>(work: () => Promise<T>): Promise<T> {
      assertNotNested();
      if (closed) return Promise.reject(new AppError('unavailable'));
      return new Promise<T>((settle, reject) => {
        waiting.push({ work, settle: settle as (value: unknown) => void, reject });
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

function isBusy(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && String(fault.code).startsWith('SQLITE_BUSY');
}
