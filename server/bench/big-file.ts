import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { fillDatabase } from './fill.ts';
import type { Bench } from './goal.ts';

const folder = join(tmpdir(), 'kvc-bench-databases');
const migrations = join(import.meta.dirname, '../store/migrations/sqlite');

/** A filled SQLite file with a hundred jobs a seller, made at its first use and kept in the temporary folder. */
export async function bigFile(bench: Bench, jobs: number): Promise<string> {
  const version = createHash('sha256').update(readdirSync(migrations).join()).digest('hex').slice(0, 8);
  const file = join(folder, `${version}-${jobs}.db`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  bench.tell(`  filling a database with ${jobs.toLocaleString('en')} jobs …`);
  const unfinished = join(folder, `${process.pid}-${jobs}.db`);
  await fillDatabase(unfinished, { jobs, accounts: jobs / 100 }, Date.now());
  renameSync(unfinished, file);
  return file;
}

/** What jobs and their ledger rows take in the file, with all their indexes, for each job. */
export function bytesPerJob(file: string): { jobs: number; ledger: number; indexes: number } {
  const database = new SQLite(file, { readonly: true });
  try {
    const size = database
      .prepare('select coalesce(sum(pgsize), 0) from dbstat where aggregate = true and name = ?')
      .pluck();
    const indexed = database.prepare(
      "select name from sqlite_master where type = 'index' and tbl_name in ('jobs', 'ledger')",
    );
    const count = database.prepare('select count(*) from jobs').pluck().get() as number;
    const of = (name: string) => (size.get(name) as number) / count;
    const indexes = (indexed.pluck().all() as string[]).reduce((sum, name) => sum + of(name), 0);
    return { jobs: of('jobs'), ledger: of('ledger'), indexes };
  } finally {
    database.close();
  }
}
