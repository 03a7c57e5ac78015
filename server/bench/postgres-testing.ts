import { startPostgres, type TestPostgres } from '../../.tools/postgres.ts';

export type { TestPostgres };

/** A PostgreSQL of its own whose commits reach the disk, as they do in earnest. */
export const startDurablePostgres = (): Promise<TestPostgres> => startPostgres({ isDurable: true });
