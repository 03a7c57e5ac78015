/**
 * The seam between one set of queries and two databases. Everything above it is written once, in drizzle's SQLite
 * types; `sqlite.ts` and `postgres.ts` are the only files that know which database is there.
 *
 * Inside a transaction: await nothing but `tx`, end every write with `returning()`, take `now` as an argument.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Tables } from './schema.ts';
import type { Statements } from './statements.ts';

export type Reader = Pick<BetterSQLite3Database, 'select' | 'selectDistinct'>;
export type Tx = Pick<BetterSQLite3Database, 'select' | 'selectDistinct' | 'insert' | 'update' | 'delete'>;

/** Something changed, told by ids alone: whoever hears of it reads the row again. */
export interface Signal {
  accountId: string;
  jobId?: string;
}

export type SignalListener = (signal: Signal) => void;

export interface Signals {
  /**
   * Carries signals to every node. Inside a transaction they travel with it: told once it is committed, and never when it
   * was rolled back.
   */
  publish(...signals: Signal[]): void;
  /**
   * Answers the function that unsubscribes. While the line between the nodes is down `onGap` is called every few seconds,
   * and once more when it is up again: signals may have been lost before each of these calls, and after the last one none
   * is. Signals heard twice, or with nothing new behind them, are no fault.
   */
  subscribe(listener: SignalListener, onGap?: () => void): () => void;
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
  /** Makes a query that is used often; see `statements.ts`. */
  statement: Statements;
  /** Makes a select inside a transaction lock its rows and pass over rows that another node has locked. */
  skipLocked<Q>(query: Q): Q;
  signals: Signals;
  close(): Promise<void>;
}

/** What the transaction that this code runs in must see to before its commit. */
const insideTransaction = new AsyncLocalStorage<{ signals: Signal[]; alongside: Promise<unknown>[] }>();

/** Refuses a transaction within a transaction: on SQLite it would wait for itself for ever. */
export function assertNotNested(): void {
  if (insideTransaction.getStore()) throw new Error('a transaction was opened inside a transaction');
}

/**
 * What `work` publishes is put into `signals`, for its commit to carry. Settles when `work` and all that it left
 * `alongside` are done.
 */
export async function runInside<T>(signals: Signal[], work: () => Promise<T>): Promise<T> {
  const alongside: Promise<unknown>[] = [];
  try {
    const value = await insideTransaction.run({ signals, alongside }, work);
    // One by one, because what is waited for may leave more.
    for (let at = 0; at < alongside.length; at++) await alongside[at];
    return value;
  } finally {
    for (let at = 0; at < alongside.length; at++) await alongside[at]!.catch(() => {});
  }
}

/**
 * Inside a transaction: does not wait for `statements`, whose answers nobody needs; the transaction does before its
 * commit, and throws what they throw. To PostgreSQL they go out together with what follows. Outside of one it waits.
 */
export async function alongside(statements: Promise<unknown>): Promise<void> {
  const inside = insideTransaction.getStore();
  if (!inside) return void (await statements);
  statements.catch(() => {});
  inside.alongside.push(statements);
}

/** Leaves signals with the transaction that this code runs in, each once; false, and nothing done, outside of one. */
export function leaveWithTransaction(signals: readonly Signal[]): boolean {
  const list = insideTransaction.getStore()?.signals;
  if (!list) return false;
  for (const { accountId, jobId } of signals)
    if (!list.some((left) => left.accountId === accountId && left.jobId === jobId))
      list.push({ accountId, ...(jobId !== undefined && { jobId }) });
  return true;
}
