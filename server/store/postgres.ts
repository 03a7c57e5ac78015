import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { AppError } from '../errors.ts';
import { postgresColumns } from './columns.ts';
import {
  assertNotNested,
  localSignals,
  runInside,
  type Database,
  type Preparable,
  type Reader,
  type Signal,
  type Signals,
  type Tx,
} from './database.ts';
import { createTables } from './schema.ts';

const migrations = { migrationsFolder: join(import.meta.dirname, 'migrations/postgres') };
const casing = 'snake_case';
const channel = 'kling_video_cover';
/** Any number that only we use: nodes that start together migrate one after the other. */
const migrationLock = 7_204_113_398;
const maxTransactionTries = 4;
const relistenMs = 2_000;

interface PostgresOptions {
  url: string;
  maxConnections?: number;
  /** Told of connection faults that no caller waits for. */
  onFault: (fault: unknown) => void;
}

/** Opens the database, migrated, with LISTEN/NOTIFY between nodes. */
export async function openPostgres({ url, maxConnections = 10, onFault }: PostgresOptions): Promise<Database> {
  const pool = openPool({ url, maxConnections, onFault });
  await migrateUnderLock(pool);
  const signals = await listen({ url, pool, onFault });
  return {
    ...databaseOf(pool),
    signals,
    async close() {
      await signals.close();
      await pool.end();
    },
  };
}

/**
 * Opens an existing database for a command beside its servers: no migration, no notifications. Throws when it cannot be
 * reached.
 */
export async function openPostgresBeside({ url, onFault }: PostgresOptions): Promise<Database> {
  const pool = openPool({ url, maxConnections: 2, onFault });
  try {
    await pool.query('select 1');
  } catch (fault) {
    await pool.end();
    throw fault;
  }
  return { ...databaseOf(pool), signals: localSignals(onFault), close: () => pool.end() };
}

/** The same for reading only: `transaction` rejects, and `read` has nothing that writes. */
export async function openPostgresReadOnly(options: PostgresOptions): Promise<Database> {
  const database = await openPostgresBeside(options);
  return {
    ...database,
    read: readerOf(database.read),
    transaction: () => Promise.reject(new Error('the database was opened for reading only')),
  };
}

/** Only the two verbs of a reader, whatever a cast would find. */
function readerOf(db: Reader): Reader {
  return { select: db.select.bind(db), selectDistinct: db.selectDistinct.bind(db) };
}

function openPool({ url, maxConnections, onFault }: Required<PostgresOptions>): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: maxConnections, connectionTimeoutMillis: 5_000 });
  pool.on('error', onFault);
  return pool;
}

function databaseOf(pool: pg.Pool): Omit<Database, 'signals' | 'close'> {
  const db = drizzle(pool, { casing });
  return {
    dialect: 'postgres',
    tables: createTables(postgresColumns),
    read: db as unknown as Reader,
    transaction: <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
      assertNotNested();
      return retried(() => db.transaction((tx) => runInside(() => work(tx as unknown as Tx))));
    },
    prepare: <Q extends Preparable>(name: string, query: Q) => (query as unknown as NamedQuery<Q>).prepare(name),
    skipLocked: <Q>(query: Q) => (query as unknown as LockableQuery<Q>).for('update', { skipLocked: true }),
  };
}

interface NamedQuery<Q extends Preparable> {
  prepare(name: string): ReturnType<Q['prepare']>;
}
interface LockableQuery<Q> {
  for(strength: 'update', options: { skipLocked: true }): Q;
}

async function migrateUnderLock(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  const db = drizzle(client, { casing });
  try {
    await db.execute(sql`select pg_advisory_lock(${migrationLock})`);
    await migrate(db, migrations);
  } finally {
    await db.execute(sql`select pg_advisory_unlock(${migrationLock})`).catch(() => {});
    client.release();
  }
}

/** Serialization failures and deadlocks are the database's request to try the whole transaction again (manual, 13.5). */
async function retried<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (fault) {
      const code = sqlState(fault);
      if ((code === '40001' || code === '40P01') && attempt < maxTransactionTries) continue;
      if (code && /^(08|57P|53)/.test(code)) throw new AppError('unavailable', {}, fault);
      throw fault;
    }
  }
}

/** drizzle wraps the driver's error; the SQLSTATE is on the innermost one. */
function sqlState(fault: unknown): string | undefined {
  for (let inner = fault; inner instanceof Error; inner = inner.cause)
    if ('code' in inner && typeof inner.code === 'string') return inner.code;
  return undefined;
}

async function listen({ url, pool, onFault }: { url: string; pool: pg.Pool; onFault: (fault: unknown) => void }) {
  const local = localSignals(onFault);
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  async function connect(): Promise<void> {
    retry = undefined;
    client = new pg.Client({ connectionString: url, keepAlive: true });
    client.on('notification', ({ payload }) => payload && local.publish(JSON.parse(payload) as Signal));
    client.on('error', onFault);
    client.once('end', reconnect);
    await client.connect();
    await client.query(`listen ${channel}`);
  }
  function reconnect(): void {
    if (closed) return;
    retry ??= setTimeout(
      () =>
        connect().catch((fault: unknown) => {
          onFault(fault);
          reconnect();
        }),
      relistenMs,
    );
  }

  await connect();
  const signals: Signals & { close(): Promise<void> } = {
    publish: (signal) => {
      pool.query('select pg_notify($1, $2)', [channel, JSON.stringify(signal)]).catch(onFault);
    },
    subscribe: local.subscribe,
    async close() {
      closed = true;
      clearTimeout(retry);
      await client?.end();
    },
  };
  return signals;
}
