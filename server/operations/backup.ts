import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { copySqlite } from '../store/sqlite-copy.ts';

export interface BackupReport {
  databaseBytes: number;
  /** Pictures and clips that were not in the folder yet. */
  copiedFiles: number;
  copiedBytes: number;
  /** Those that an earlier backup had brought. */
  keptFiles: number;
}

/** The copy's name in the backup folder. */
export const databaseName = 'kling-video-cover.db';
export const mediaName = 'media';

/**
 * Copies a SQLite database and the media beside it into a folder, while the server runs. The database is one consistent
 * moment, is checked, and only then takes the place of an earlier copy; files are taken after it, so that every file it
 * names is there. A published file never changes: one that an earlier backup brought is not read again. Throws when the
 * copy is not sound; the earlier one then stays.
 */
export async function backUp({
  databaseFile,
  mediaFolder,
  target,
}: {
  /** Null: the database is elsewhere. */
  databaseFile: string | null;
  /** Null: pictures and clips are elsewhere. */
  mediaFolder: string | null;
  target: string;
}): Promise<BackupReport> {
  await mkdir(target, { recursive: true });
  const databaseBytes = databaseFile ? await copyDatabase(databaseFile, join(target, databaseName)) : 0;
  const files = mediaFolder ? await copyMedia(mediaFolder, join(target, mediaName)) : noFiles;
  return { databaseBytes, ...files };
}

const noFiles = { copiedFiles: 0, copiedBytes: 0, keptFiles: 0 };

async function copyDatabase(file: string, target: string): Promise<number> {
  const fresh = `${target}.new`;
  await rm(fresh, { force: true });
  copySqlite(file, fresh);
  await flush(fresh);
  await rename(fresh, target);
  await flush(dirname(target));
  return (await stat(target)).size;
}

async function copyMedia(from: string, to: string): Promise<typeof noFiles> {
  const report = { ...noFiles };
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(from, path);
    if (!entry.isFile() || name.startsWith('.')) continue;
    const bytes = await copyOnce(path, join(to, name));
    if (bytes === null) report.keptFiles += 1;
    else {
      report.copiedFiles += 1;
      report.copiedBytes += bytes;
    }
  }
  return report;
}

/** Answers the bytes, 0 for a file that was removed meanwhile, null for one that is there already. */
async function copyOnce(from: string, to: string): Promise<number | null> {
  const [source, copy] = await Promise.all([factsOf(from), factsOf(to)]);
  if (!source) return 0;
  if (copy?.size === source.size) return null;
  const unfinished = `${to}.new`;
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, unfinished, constants.COPYFILE_FICLONE);
  await flush(unfinished);
  await rename(unfinished, to);
  return source.size;
}

const factsOf = (path: string) =>
  stat(path).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return null;
    throw fault;
  });

async function flush(path: string): Promise<void> {
  const handle = await open(path);
  await handle.sync().finally(() => handle.close());
}
