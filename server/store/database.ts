/**
 * The seam between one set of queries and two databases. Everything above it is written once, in drizzle's SQLite
 * types; `sqlite.ts` and `postgres.ts` are the only files that know which database is there.
 *
 * Inside a transaction: await nothing but `tx`, end every write with `returning()`, take `now` as an argument.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Tables } from './schema.ts';

export type Reader = Pick<BetterSQLite3Database, 'select' | 'selectDistinct'>;
export type Tx = Pick<BetterSQLite3Database, 'select' | 'selectDistinct' | 'insert' | 'update' | 'delete'>;

/** Something changed; carried to every node. A lost signal only costs time: everybody also polls. */
export interface Signal {
  accountId: string;
  jobId?: string;
}

export interface Signals {
  publish(signal: Signal): void;
  /** Answers the function that unsubscribes. */
  subscribe(listener: (signal: Signal) => void): () => void;
}

/** A drizzle query that can be prepared. */
export interface Preparable {
  prepare(): unknown;
}

export interface Database {
  dialect: 'sqlite' | 'postgres';
  tables: Tables;
  /** Reads of committed rows; cannot write. */
  read: Reader;
  /**
   * Runs `work` alone or not at all and answers only when its writes would survive a power cut. What `work` throws is
   * thrown on, nothing written. Calling it inside itself throws. Throws `AppError('unavailable')` when the database
   * cannot take writes now.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Prepares a read once; `name` must be unique. */
  prepare<Q extends Preparable>(name: string, query: Q): ReturnType<Q['prepare']>;
  /** Makes a select inside a transaction lock its rows and pass over rows that another node has locked. */
  skipLocked<Q>(query: Q): Q;
  signals: Signals;
  close(): Promise<void>;
}

const insideTransaction = new AsyncLocalStorage<true>();

/** Refuses a transaction within a transaction: on SQLite it would wait for itself for ever. */
export function assertNotNested(): void {
  if (insideTransaction.getStore()) throw new Error('a transaction was opened inside a transaction');
}

export function runInside<T>(work: () => Promise<T>): Promise<T> {
  return insideTransaction.run(true, work);
}

/** Carries signals to the listeners of this process; one listener's fault does not reach the next. */
export function localSignals(onFault: (fault: unknown) => void = () => {}): Signals {
  const listeners = new Set<(signal: Signal) => void>();
  return {
    publish(signal) {
      for (const listener of listeners) {
        try {
          listener(signal);
        } catch (fault) {
          onFault(fault);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
