import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, rm, stat, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { AppError } from '../errors.ts';
import { checkKey, isKey, type BlobFacts, type BlobStore } from './blobs.ts';

/** Half as fast again as the stream default for a 10 MB upload (`facts/performance.md` section 4). */
const writeBufferBytes = 1024 * 1024;
const leftoverAgeMs = 60 * 60 * 1000;

/**
 * A blob store in a local folder, made when it is missing. The folder must allow hard links: publishing is a link, the
 * one operation that makes a whole file appear under its name and cannot overwrite. Unfinished files live in `.tmp`,
 * a name no key can have; those a killed process left there more than an hour ago are removed first. A full disk is
 * `unavailable`, and leaves nothing of what was put.
 */
export async function createDiskBlobs(folder: string): Promise<BlobStore> {
  const root = resolve(folder);
  const unfinished = join(root, '.tmp');
  await mkdir(unfinished, { recursive: true });
  await removeLeftovers(unfinished);
  const pathOf = (key: string) => join(root, checkKey(key));

  const store: BlobStore = {
    async put(key, source, { maxBytes }) {
      const target = pathOf(key);
      if (await fileSize(target)) throw new Error(`blob ${key} exists`);
      const temporary = join(unfinished, randomUUID());
      try {
        const facts = await writeDurably(temporary, source, maxBytes);
        await mkdir(dirname(target), { recursive: true });
        await link(temporary, target);
        await syncFolders(root, dirname(target));
        return facts;
      } catch (fault) {
        throw isFull(fault) ? new AppError('unavailable', {}, fault) : fault;
      } finally {
        await rm(temporary, { force: true });
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

/**
 * Whether anything of a seller is kept in the folder. Objects of sellers lie under their account's id, a UUID; nothing
 * else that a folder may hold (`lost+found`, leftovers of checks) looks so.
 */
export async function hasSellersObjects(folder: string): Promise<boolean> {
  const names = (await orNull(readdir(folder))) ?? [];
  return names.some((name) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name));
}

/** One buffer of fixed size per file, so memory does not grow with the source or with its chunks. */
async function writeDurably(path: string, source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<BlobFacts> {
  const handle = await open(path, 'wx');
  try {
    const hash = createHash('sha256');
    const pending = Buffer.allocUnsafe(writeBufferBytes);
    let used = 0;
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new AppError('upload_too_large', { maxBytes });
      hash.update(chunk);
      for (let taken = 0; taken < chunk.length;) {
        const piece = chunk.subarray(taken, taken + writeBufferBytes - used);
        pending.set(piece, used);
        used += piece.length;
        taken += piece.length;
        if (used === writeBufferBytes) {
          await writeAll(handle, pending);
          used = 0;
        }
      }
    }
    await writeAll(handle, pending.subarray(0, used));
    await handle.sync();
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}

/** A single write may be short (disk nearly full): `writeFile` on a handle goes on from where it stands until all is out. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  if (bytes.length > 0) await handle.writeFile(bytes);
}

/**
 * A new name survives a power cut only once its folder is on disk, and so on upwards. All levels are synced each time:
 * a level that a parallel put has just made is perhaps not on disk yet.
 */
async function syncFolders(root: string, folder: string): Promise<void> {
  for (let at = folder; ; at = dirname(at)) {
    await syncFolder(at);
    if (relative(root, at) === '') return;
  }
}

async function syncFolder(folder: string): Promise<void> {
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

function isFull(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && /^(ENOSPC|EDQUOT|EROFS)$/.test(String(fault.code));
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
