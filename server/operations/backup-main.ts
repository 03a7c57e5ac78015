/** `npm run backup -- <folder>`: copies of the SQLite database and of the media, taken while the server runs. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadConfig } from '../config.ts';
import { backUp } from './backup.ts';

const usage = `npm run backup -- <folder>

Copies the SQLite database and the folder of pictures and clips there, also while the server runs.
Later backups into the same folder bring new files only.`;

async function main([target]: string[]): Promise<string> {
  if (!target || target.startsWith('-')) throw new Error(usage);
  if (existsSync('.env')) process.loadEnvFile('.env');
  const { databaseUrl, storage } = loadConfig(process.env);
  const databaseFile = databaseUrl.startsWith('file:') ? databaseUrl.slice('file:'.length) : null;
  const mediaFolder = storage.kind === 'folder' ? storage.folder : null;
  const report = await backUp({ databaseFile, mediaFolder, target: resolve(target) });
  const files = `${report.copiedFiles} new files, ${megabytes(report.copiedBytes)}; ${report.keptFiles} were there already.`;
  return [
    databaseFile
      ? `Database: ${megabytes(report.databaseBytes)}.`
      : 'Database: not here but in PostgreSQL; take it with pg_dump before the files.',
    mediaFolder
      ? `Pictures and clips: ${files}`
      : 'Pictures and clips: not here but in a bucket; copy it by its own means.',
  ].join('\n');
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

try {
  process.stdout.write(`${await main(process.argv.slice(2))}\n`);
} catch (fault) {
  process.stderr.write(`${fault instanceof Error ? fault.message : String(fault)}\n`);
  process.exitCode = 1;
}
