import type { Tx } from './database.ts';
import type { JobRow, LedgerRow } from './schema.ts';

/** What a host may be told about: a job that ended by itself, or tokens that moved. Always told with the row as written. */
export type Happening =
  { event: 'job.completed' | 'job.failed'; job: JobRow; now: number } | { event: 'balance.changed'; entry: LedgerRow };

/**
 * Where the writes of jobs and ledger leave what happened. It is written in their own transaction: what was committed
 * is told, what was rolled back is not.
 */
export interface Outbox {
  enqueue(tx: Tx, happening: Happening): Promise<void>;
}

/** Nobody is told: commands, tests and the simulator. */
export const noOutbox: Outbox = { enqueue: async () => {} };
