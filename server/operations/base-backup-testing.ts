/** A base backup by PostgreSQL's own means, where only the server's program is at hand (manual, 25.3.4, read 2026-11-20). */
import { execFile } from 'node:child_process';
import { chown, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);
/** What belongs to the running server alone. */
const leftOut = ['pg_wal', 'postmaster.pid', 'postmaster.opts'];

/** Copies the data folder of the running server at `url` to `folder`, and puts the copy in its place once it is dead. */
export function baseBackup({ url, folder }: { url: string; folder: string }) {
  let dataFolder = '';

  async function take(): Promise<void> {
    const client = new pg.Client(url);
    await client.connect();
    const shown = await client.query<{ data_directory: string }>('show data_directory');
    dataFolder = shown.rows[0]!.data_directory;
    await client.query("select pg_backup_start('drill', fast => true)");
    await run('cp', ['-a', dataFolder, folder]);
    for (const name of leftOut) await rm(join(folder, name), { recursive: true, force: true });
    const stopped = await client.query<{ labelfile: string }>(
      'select labelfile from pg_backup_stop(wait_for_archive => false)',
    );
    // Nothing archives here: what was logged meanwhile is fetched before its files are used again.
    await run('cp', ['-a', join(dataFolder, 'pg_wal'), folder]);
    await client.end();
    await keepLabel(stopped.rows[0]!.labelfile);
  }

  /** Without it PostgreSQL would take the copy for a whole one, and begin at the wrong place. */
  async function keepLabel(label: string): Promise<void> {
    const path = join(folder, 'backup_label');
    await writeFile(path, label);
    const { uid, gid } = await stat(folder);
    await chown(path, uid, gid);
  }

  return {
    take,
    async putBack(): Promise<void> {
      await rm(dataFolder, { recursive: true });
      await run('cp', ['-a', folder, dataFolder]);
    },
  };
}
