import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import type { BlobStore } from './blobs.ts';
import { blobSuite } from './blobs.suite.ts';
import { createDiskBlobs } from './disk.ts';

const files = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

async function temporaryFolder(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'blobs-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

blobSuite('disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'blobs-'));
  return {
    blobs: await createDiskBlobs(join(folder, 'made', 'when', 'missing')),
    list: () => files(folder),
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

test('temporary files older than an hour go at creation, younger ones stay', async (t) => {
  const folder = await temporaryFolder(t);
  await createDiskBlobs(folder);
  const [old, young] = [join(folder, '.tmp', 'old'), join(folder, '.tmp', 'young')];
  for (const path of [old, young]) await writeFile(path, 'half');
  await utimes(old, minutesAgo(61), minutesAgo(61));
  await utimes(young, minutesAgo(59), minutesAgo(59));
  await createDiskBlobs(folder);
  assert.deepEqual(await files(folder), [young]);
});

test('a new name is put on disk before the answer, and so are the folders above it until they are known to be', async (t) => {
  const folder = await temporaryFolder(t);
  let synced: string[] = [];
  const open = () => createDiskBlobs(folder, async (path) => void synced.push(relative(folder, path)));
  const syncedBy = async (blobs: BlobStore, key: string) => {
    synced = [];
    await blobs.put(key, Readable.from([Buffer.from(key)]), { maxBytes: 100 });
    return synced;
  };
  const blobs = await open();
  assert.deepEqual(await syncedBy(blobs, 'a/b/1.txt'), ['a/b', 'a', '']);
  assert.deepEqual(await syncedBy(blobs, 'a/b/2.txt'), ['a/b']);
  assert.deepEqual(await syncedBy(blobs, 'a/c/1.txt'), ['a/c', 'a', '']);
  assert.deepEqual(await syncedBy(await open(), 'a/b/3.txt'), ['a/b', 'a', ''], 'who made it may have died before');
  await rm(join(folder, 'a'), { recursive: true });
  assert.deepEqual(await syncedBy(blobs, 'a/b/4.txt'), ['a/b', 'a', ''], 'it was made anew');
});

test('of parallel puts into a new folder none trusts the other to have put the folder on disk', async (t) => {
  const folder = await temporaryFolder(t);
  const synced: string[] = [];
  const bothCame = Promise.withResolvers<void>();
  const blobs = await createDiskBlobs(folder, (path) => {
    synced.push(relative(folder, path));
    if (synced.filter((at) => at === 'a/b').length === 2) bothCame.resolve();
    return bothCame.promise;
  });
  const put = (key: string) => blobs.put(key, Readable.from([Buffer.from(key)]), { maxBytes: 100 });
  await Promise.all([put('a/b/1.txt'), put('a/b/2.txt')]);
  assert.deepEqual(synced.toSorted(), ['', '', 'a', 'a', 'a/b', 'a/b']);
});

test('nothing is visible under the key before the source has ended', async (t) => {
  const blobs = await createDiskBlobs(await temporaryFolder(t));
  async function* watched() {
    yield Buffer.alloc(2_000_000);
    assert.equal(await blobs.stat('slow/a.bin'), null);
    yield Buffer.alloc(1);
  }
  assert.equal((await blobs.put('slow/a.bin', watched(), { maxBytes: 3_000_000 })).bytes, 2_000_001);
});

test('a range outside the object is thrown back', async (t) => {
  const blobs = await createDiskBlobs(await temporaryFolder(t));
  await blobs.put('a.txt', Readable.from([Buffer.from('0123')]), { maxBytes: 4 });
  for (const [start, end] of [
    [0, 4],
    [4, 4],
    [2, 1],
    [-1, 2],
  ] as const)
    await assert.rejects(blobs.read('a.txt', { start, end }), RangeError);
});

test('memory does not grow with the size of the object', async (t) => {
  const folder = await temporaryFolder(t);
  const blobs = await createDiskBlobs(folder);
  const chunk = Buffer.alloc(64 * 1024, 7);
  let peakBytes = 0;
  async function* large() {
    for (let index = 0; index < 1600; index++) {
      peakBytes = Math.max(peakBytes, process.memoryUsage().arrayBuffers);
      yield chunk;
    }
  }
  const atStart = process.memoryUsage().arrayBuffers;
  await blobs.put('large.bin', large(), { maxBytes: 200_000_000 });
  assert.ok(peakBytes - atStart < 10_000_000, `${peakBytes - atStart} bytes more`);
  assert.equal((await stat(join(folder, 'large.bin'))).size, 1600 * 64 * 1024);
});

test('the check throws when the folder cannot be written', async (t) => {
  const folder = await temporaryFolder(t);
  const blobs = await createDiskBlobs(folder);
  await rm(join(folder, '.tmp'), { recursive: true });
  await writeFile(join(folder, '.tmp'), 'in the way');
  await assert.rejects(blobs.check());
});
