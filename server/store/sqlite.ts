import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import SQLite, { type Database as Connection } from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { sqliteColumns } from './columns.ts';
import type { Database, Signal, Tx } from './database.ts';
import { createLocalSignals, type LocalSignals } from './local-signals.ts';
import { refuseNewerSchema } from './newer-schema.ts';
import { createTables } from './schema.ts';
import { withStatementCache } from './statement-cache.ts';
import { createStatements, type Values } from './statements.ts';
import { createWriteQueue, type WriteQueue } from './write-queue.ts';

const migrations = { migrationsFolder: join(import.meta.dirname, 'migrations/sqlite') };
const casing = 'snake_case';
/** A busy wait blocks the whole event loop, so it is short; the write queue waits without blocking. */
const busyTimeoutMs = 100;
/**
 * A longer file is not walked at the start, which would take minutes at a million jobs: SQLite tells of damage when it
 * comes to it, and the doctor walks the whole file.
 */
const walkedMaxBytes = 256_000_000;
/** A command has no event loop to keep free and may wait for the server's commit. */
const besideTimeoutMs = 2_000;

/**
 * Opens (or makes) the SQLite file for this process alone, migrated. One connection writes, a read-only one beside it
 * reads. Throws a plain sentence when another server holds the file or the file is damaged. `onBroken` is told once when
 * the disk fails under a write: from then on every transaction is `unavailable`, and the process should end.
 */
export function openSqlite(file: string, onBroken?: (fault: unknown) => void): Database {
  mkdirSync(dirname(file), { recursive: true });
  const lock = takeLock(file);
  let writer: Connection;
  try {
    writer = openWriter(file);
  } catch (fault) {
    lock.close();
    throw fault;
  }

  const reader = openReader(file, busyTimeoutMs);
  const queue = createWriteQueue(writer, onBroken);
  const tx = drizzle(withStatementCache(writer), { casing });
  const signals = createLocalSignals();

  return {
    dialect: 'sqlite',
    tables: createTables(sqliteColumns),
    read: drizzle(withStatementCache(reader), { casing }),
    transaction: (work) => transact({ queue, tx, signals }, work),
    statement: createSqliteStatements(),
    skipLocked: (query) => query,
    signals,
    async close() {
      await queue.close();
      reader.close();
      writer.close();
      lock.close();
    },
  };
}

/**
 * Opens an existing SQLite file for reading, also beside the server that holds it: no lock, no migration, and
 * `transaction` rejects. Throws a plain sentence when the file is missing or damaged; it is never made. SQLite may leave
 * its empty companion files (`-wal`, `-shm`) beside one that no server holds.
 */
export function openSqliteReadOnly(file: string): Database {
  return openBeside(file);
}

/**
 * The same with a writing connection, for one short transaction beside a running server, which waits for it without
 * blocking. Not for serving: two servers on one file would disagree about what they keep in memory.
 */
export function openSqliteBeside(file: string): Database {
  return openBeside(file, (path) => new SQLite(path, { fileMustExist: true, timeout: besideTimeoutMs }));
}

function openBeside(file: string, openWriter?: (path: string) => Connection): Database {
  if (!existsSync(file)) throw new Error(`${file} does not exist. The server makes it when it starts.`);
  const reader = openReader(file, besideTimeoutMs);
  let writer: Connection | undefined;
  try {
    checkFile(reader, file);
    writer = openWriter?.(file);
    if (writer) setDurable(writer);
  } catch (fault) {
    reader.close();
    writer?.close();
    throw fault;
  }
  const queue = writer && createWriteQueue(writer);
  const tx = writer && drizzle(writer, { casing });
  const signals = createLocalSignals();
  return {
    dialect: 'sqlite',
    tables: createTables(sqliteColumns),
    read: drizzle(reader, { casing }),
    transaction: async (work) => {
      if (!queue || !tx) throw new Error(`${file} was opened for reading only`);
      return transact({ queue, tx, signals }, work);
    },
    statement: createSqliteStatements(),
    skipLocked: (query) => query,
    signals,
    async close() {
      await queue?.close();
      reader.close();
      writer?.close();
    },
  };
}

const createSqliteStatements = () =>
  createStatements(
    (query) => query.prepare() as { all(values: Values): unknown },
    (prepared, values) => prepared.all(values),
  );

/** What `work` published is told when its writes are on the disk. */
async function transact<T>(
  { queue, tx, signals }: { queue: WriteQueue; tx: Tx; signals: LocalSignals },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const published: Signal[] = [];
  const value = await queue.run(() => work(tx), published);
  signals.deliver(published);
  return value;
}

/** SQLite's own lower() knows ASCII only; sellers search in Russian and Vietnamese. */
function openReader(file: string, timeout: number): Connection {
  const reader = new SQLite(file, { readonly: true, fileMustExist: true, timeout });
  const lower = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value);
  return reader.function('lower', { deterministic: true }, lower);
}

function openWriter(file: string): Connection {
  const writer = new SQLite(file, { timeout: busyTimeoutMs });
  try {
    checkFile(writer, file, statSync(file).size > walkedMaxBytes ? 'accounts' : 'all');
    setDurable(writer);
    migrate(drizzle(writer, { casing }), migrations);
    const newest = writer.prepare('select max(created_at) from __drizzle_migrations').pluck().get();
    refuseNewerSchema(migrations.migrationsFolder, Number(newest));
    return writer;
  } catch (fault) {
    writer.close();
    throw fault;
  }
}

/** A lock that the system drops with the process, however it dies: a small database kept in an exclusive transaction. */
function takeLock(file: string): Connection {
  const lock = new SQLite(`${file}.lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (fault) {
    lock.close();
    throw sentence(
      `${file} is in use by another server. Stop that one first, or give this one its own DATABASE_URL. ` +
        'Several servers on one database need PostgreSQL.',
      fault,
    );
  }
}

/**
 * better-sqlite3 is built with WAL and synchronous=NORMAL, which answers before the fsync; money needs FULL, and the
 * setting is read back because a wrong one would be silent.
 */
function setDurable(connection: Connection): void {
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  if (
    connection.pragma('synchronous', { simple: true }) !== 2 ||
    connection.pragma('journal_mode', { simple: true }) !== 'wal'
  )
    throw new Error('SQLite refused journal_mode=WAL with synchronous=FULL');
}

function checkFile(connection: Connection, file: string, what: 'accounts' | 'all' = 'all'): void {
  let verdict: unknown;
  try {
    verdict = connection.pragma(what === 'all' ? 'quick_check(1)' : 'quick_check(accounts)', { simple: true });
  } catch (fault) {
    verdict = fault;
  }
  if (verdict === 'ok') return;
  const reason = verdict instanceof Error ? verdict.message : String(verdict);
  throw sentence(`${file} is damaged (${reason}). Restore it from a backup.`, verdict);
}

/** An error whose message is all that the operator needs: `main.ts` prints those without a stack. */
function sentence(message: string, cause: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code: 'DATABASE_UNUSABLE' });
}
