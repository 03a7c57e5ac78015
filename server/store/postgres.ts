import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { AppError } from '../errors.ts';
import { postgresColumns } from './columns.ts';
import {
  assertNotNested,
  leaveWithTransaction,
  runInside,
  type Database,
  type Reader,
  type Signal,
  type Signals,
  type Tx,
} from './database.ts';
import { createLocalSignals } from './local-signals.ts';
import { refuseNewerSchema } from './newer-schema.ts';
import { notify, openLine, type Ask } from './postgres-line.ts';
import { createTables } from './schema.ts';
import { createStatements, type Values } from './statements.ts';

const migrations = { migrationsFolder: join(import.meta.dirname, 'migrations/postgres') };
const casing = 'snake_case';
/** Any number that only we use: nodes that start together migrate one after the other. */
const migrationLock = 7_204_113_398;
const maxTransactionTries = 4;
const contentionPauseMs = 5;

interface PostgresOptions {
  url: string;
  /**
   * For what needs a connection of its own: migrations, which hold a lock, and listening. Left out: `url`, which then may
   * not lead to a pooler that takes connections away after each transaction.
   */
  directUrl?: string;
  maxConnections?: number;
  /** Longer than any query takes; without it a connection that fell silent is waited for a quarter of an hour. */
  queryTimeoutMs?: number;
  /** How often the line between the nodes is tested; see `postgres-line.ts`. */
  beatMs?: number;
  /** Told of connection faults that no caller waits for. */
  onFault: (fault: unknown) => void;
}

/** Opens the database, migrated, with a line between the nodes. Rejects when either cannot be done. */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const { url, directUrl = url, beatMs, onFault } = options;
  await migrateUnderLock(directUrl);
  const line = await openLine({ url: directUrl, onFault, ...(beatMs !== undefined && { beatMs }) });
  const pool = openPool(options);
  return {
    ...databaseOf(pool),
    signals: { publish: publisherOn(pool, onFault), subscribe: line.subscribe },
    async close() {
      await line.close();
      await pool.end();
    },
  };
}

/**
 * Opens an existing database for a command beside its servers: no migration, and nothing is heard, but servers hear
 * of its commits. Throws when it cannot be reached.
 */
export async function openPostgresBeside({ url, onFault }: PostgresOptions): Promise<Database> {
  const pool = openPool({ url, maxConnections: 2, onFault });
  try {
    await pool.query('select 1');
  } catch (fault) {
    await pool.end();
    throw fault;
  }
  const { subscribe } = createLocalSignals(onFault);
  return {
    ...databaseOf(pool),
    signals: { publish: publisherOn(pool, onFault), subscribe },
    close: () => pool.end(),
  };
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

function openPool({ url, maxConnections = 10, queryTimeoutMs = 30_000, onFault }: PostgresOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: 5_000,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
    // Statements that do not wait for each other go out together.
    pipeline: true,
  });
  pool.on('error', onFault);
  // The pool listens to idle connections only; the loss of one in use would end the process. Its caller is told anyway.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

function databaseOf(pool: pg.Pool): Omit<Database, 'signals' | 'close'> {
  const db = drizzle({ client: withPlainFaults(pool), casing });
  const transact = createTransact(pool);
  return {
    dialect: 'postgres',
    tables: createTables(postgresColumns),
    read: db as unknown as Reader,
    transaction: <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
      assertNotNested();
      return retried(() => transact(work));
    },
    statement: createPostgresStatements(),
    skipLocked: <Q>(query: Q) => (query as unknown as LockableQuery<Q>).for('update', { skipLocked: true }),
  };
}

/** The same pool, whose reads fail with `unavailable` when the connection is at fault; drizzle wraps what it is given. */
function withPlainFaults(pool: pg.Pool): pg.Pool {
  const query = (...question: Parameters<pg.Pool['query']>) =>
    (pool.query(...question) as unknown as Promise<unknown>).catch((fault: unknown) => {
      throw asUnavailable(fault);
    });
  return Object.assign(Object.create(pool) as pg.Pool, { query });
}

/**
 * Transactions on a connection of our own choice: drizzle, given a pool, would never give back the one that broke at
 * `begin`, and would make its statements anew for each transaction. A connection that failed is closed, not used again.
 */
function createTransact(pool: pg.Pool) {
  const databases = new WeakMap<pg.PoolClient, NodePgDatabase>();
  return async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    const client = await pool.connect();
    const own = databases.get(client) ?? drizzle({ client, casing });
    databases.set(client, own);
    let isBroken = false;
    try {
      await client.query('begin');
      const published: Signal[] = [];
      const value = await runInside(published, () => work(own as unknown as Tx));
      const told = notify(askOn(client), published);
      // Sent together: after a failed statement the commit is a rollback, and says so.
      const [ended] = await Promise.all([client.query('commit'), told]);
      if (ended.command !== 'COMMIT') throw new Error('the database rolled a transaction back');
      return value;
    } catch (fault) {
      isBroken = isConnectionFault(fault) || !(await rolledBack(client));
      throw fault;
    } finally {
      client.release(isBroken);
    }
  };
}

const rolledBack = (client: pg.PoolClient): Promise<boolean> =>
  client.query('rollback').then(
    () => true,
    () => false,
  );

/** Named, so that the server keeps them too. */
function createPostgresStatements() {
  let made = 0;
  return createStatements(
    (query) => {
      const name = `s${++made}`;
      return (query as unknown as NamedQuery).prepare(name);
    },
    (prepared, values) => prepared.execute(values),
  );
}

interface NamedQuery {
  prepare(name: string): { execute(values: Values): Promise<unknown> };
}
interface LockableQuery<Q> {
  for(strength: 'update', options: { skipLocked: true }): Q;
}

/** On a connection without the pool's deadline: another node's migration may take its time. */
async function migrateUnderLock(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  await client.connect();
  const db = drizzle(client, { casing });
  try {
    await db.execute(sql`select pg_advisory_lock(${migrationLock})`);
    await migrate(db, migrations);
    const applied = await client.query<{ newest: string }>(
      'select max(created_at) as newest from drizzle.__drizzle_migrations',
    );
    refuseNewerSchema(migrations.migrationsFolder, Number(applied.rows[0]?.newest));
  } finally {
    await client.end();
  }
}

/** Serialization failures and deadlocks are the database's request to try the whole transaction again (manual, 13.5). */
async function retried<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (fault) {
      const { code } = driverFault(fault);
      if (code !== '40001' && code !== '40P01') throw asUnavailable(fault);
      if (attempt === maxTransactionTries) throw new AppError('unavailable', {}, fault);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * contentionPauseMs * 2 ** attempt));
    }
  }
}

function asUnavailable(fault: unknown): unknown {
  return isConnectionFault(fault) ? new AppError('unavailable', {}, fault) : fault;
}

/**
 * The server cannot be talked to or does not serve now: SQLSTATE classes 08, 53 and 57P, a standby that takes no writes
 * (25006), the system's own codes, and what the driver says in words only (pg 8.23).
 */
function isConnectionFault(fault: unknown): boolean {
  const { code, message } = driverFault(fault);
  if (code) return /^(08|53|57P|25006|ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_)/.test(code);
  return /^(connection terminated|client (has|was) |timeout |query read timeout)/i.test(message);
}

/** drizzle wraps the driver's error; what matters is on the innermost one. Not for our own errors. */
function driverFault(fault: unknown): { code?: string; message: string } {
  if (!(fault instanceof Error) || fault instanceof AppError) return { message: '' };
  if (fault.cause instanceof Error) return driverFault(fault.cause);
  return 'code' in fault && typeof fault.code === 'string'
    ? { code: fault.code, message: fault.message }
    : { message: fault.message };
}

function publisherOn(pool: pg.Pool, onFault: (fault: unknown) => void): Signals['publish'] {
  return (...signals) => {
    if (!leaveWithTransaction(signals)) notify(askOn(pool), signals).catch(onFault);
  };
}

const askOn =
  (place: pg.Pool | pg.PoolClient): Ask =>
  (statement, values) =>
    place.query(statement, values);
