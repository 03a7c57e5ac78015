import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { AppError } from '../errors.ts';
import { checkKey, isKey, isSellers, type BlobFacts, type BlobStore, type Source } from './blobs.ts';
import { isFull, writeHashed } from './write-hashed.ts';

const leftoverAgeMs = 60 * 60 * 1000;
/** About 150 bytes each. */
const mostKnownFolders = 10_000;

/**
 * A blob store in a local folder, made when it is missing. The folder must allow hard links: publishing is a link, the
 * one operation that makes a whole file appear under its name and cannot overwrite. Unfinished files live in `.tmp`,
 * a name no key can have; those a killed process left there more than an hour ago are removed first. A full disk is
 * `unavailable`, and leaves nothing of what was put. `syncFolder` puts the names of one folder on disk.
 */
export async function createDiskBlobs(folder: string, syncFolder = syncNames): Promise<BlobStore> {
  const root = resolve(folder);
  const unfinished = join(root, '.tmp');
  await mkdir(unfinished, { recursive: true });
  await removeLeftovers(unfinished);
  const pathOf = (key: string) => join(root, checkKey(key));
  /** Folders whose own names are on disk, all the way up. */
  const known = new Set<string>();

  /**
   * A new name survives a power cut only once its folder is on disk, and so on upwards. Who made a folder is perhaps not
   * done with that, be it a parallel put or a process that died: each folder's way up is synced once by each process.
   */
  async function publish(temporary: string, target: string): Promise<void> {
    const inside = dirname(target);
    const wasThere = (await orNull(link(temporary, target).then(() => true))) !== null;
    if (!wasThere) {
      await mkdir(inside, { recursive: true });
      await link(temporary, target);
    }
    const folders = wasThere && known.has(inside) ? [inside] : wayUp(root, inside);
    await Promise.all(folders.map((at) => syncFolder(at)));
    if (known.size >= mostKnownFolders) known.clear();
    known.add(inside);
  }

  const store: BlobStore = {
    async put(key, source, { maxBytes }) {
      return (await store.putChecked(key, source, { maxBytes, check: async () => {} })).facts;
    },
    async putChecked(key, source, terms) {
      const target = pathOf(key);
      const temporary = join(unfinished, randomUUID());
      try {
        const written = await writeDurably(temporary, source, terms);
        await publish(temporary, target);
        await orNull(unlink(temporary));
        return written;
      } catch (fault) {
        await rm(temporary, { force: true });
        throw isFull(fault) ? new AppError('unavailable', {}, fault) : fault;
      }
    },
    async stat(key) {
      return fileSize(pathOf(key));
    },
    async read(key, range) {
      const handle = await orNull(open(pathOf(key)));
      if (!handle) return null;
      const { size } = await handle.stat();
      if (range && !(range.start >= 0 && range.start <= range.end && range.end < size)) {
        await handle.close();
        throw new RangeError(`bytes ${range.start}-${range.end} are not inside ${size}`);
      }
      return handle.createReadStream(range);
    },
    async withFile(key, use) {
      const path = pathOf(key);
      if (!(await fileSize(path))) throw new AppError('not_found');
      return use(path);
    },
    async *list() {
      for await (const path of filesBelow(root)) {
        const key = relative(root, path);
        const facts = isKey(key) ? await orNull(stat(path)) : null;
        if (facts) yield { key, putAtMs: facts.mtimeMs };
      }
    },
    async remove(key) {
      const path = pathOf(key);
      if ((await orNull(unlink(path).then(() => true))) !== null) await syncFolder(dirname(path));
    },
    async check() {
      const key = `checks/${randomUUID()}.txt`;
      try {
        await store.put(key, Readable.from([Buffer.from(key)]), { maxBytes: key.length });
        const body = await store.read(key);
        if (!body || (await buffer(body)).toString() !== key) throw new Error('what was written does not come back');
      } finally {
        await store.remove(key);
      }
    },
  };
  return store;
}

/** Whether anything of a seller is kept in the folder, which may be missing. */
export async function hasSellersFolder(folder: string): Promise<boolean> {
  return ((await orNull(readdir(folder))) ?? []).some(isSellers);
}

/** The check goes on while the disk works; both have ended when this has. */
async function writeDurably<T>(
  path: string,
  source: Source,
  { maxBytes, check }: { maxBytes: number; check: (path: string) => Promise<T> },
): Promise<{ facts: BlobFacts; checked: T }> {
  const handle = await open(path, 'wx');
  try {
    const facts = await writeHashed(handle, source, maxBytes);
    const checking = check(path);
    const syncing = handle.sync();
    await Promise.allSettled([checking, syncing]);
    await syncing;
    return { facts, checked: await checking };
  } finally {
    await handle.close();
  }
}

/** From the folder to the root, both included. */
function wayUp(root: string, folder: string): string[] {
  return relative(root, folder) === '' ? [folder] : [folder, ...wayUp(root, dirname(folder))];
}

async function syncNames(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** One folder's names at a time, so that memory does not grow with the store. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  for (const entry of (await orNull(readdir(folder, { withFileTypes: true }))) ?? []) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

async function removeLeftovers(unfinished: string): Promise<void> {
  for (const name of await readdir(unfinished)) {
    const path = join(unfinished, name);
    const facts = await orNull(stat(path));
    if (facts && Date.now() - facts.mtimeMs > leftoverAgeMs) await rm(path, { force: true });
  }
}

async function fileSize(path: string): Promise<{ bytes: number } | null> {
  const facts = await orNull(stat(path));
  return facts && { bytes: facts.size };
}

/** Null for a file that is not there; every other fault is thrown on. */
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
