import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { floorAccounts, floorTables, startBalance } from './tables.ts';

/** A new file with accounts, durable as ours is: WAL, and every commit on the disk before it returns. */
export function openFloorDatabase(): Database {
  const folder = mkdtempSync(join(tmpdir(), 'kvc-bench-floor-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.on('SIGTERM', () => process.exit(0));
  const database = new SQLite(join(folder, 'floor.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  for (const statement of floorTables) database.exec(statement);
  const insert = database.prepare('insert into accounts values (?, ?)');
  database.transaction(() => {
    for (let n = 0; n < floorAccounts; n++) insert.run(String(n), startBalance);
  })();
  return database;
}
