import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { AppError } from '../errors.ts';
import type { BlobStore } from './blobs.ts';

/** One empty store under test. */
export interface BlobStoreUnderTest {
  blobs: BlobStore;
  /** Raw names of everything the adapter keeps right now: finished objects and unfinished ones alike. */
  list(): Promise<string[]>;
  close(): Promise<void>;
}

const limits = { maxBytes: 8 * 1024 * 1024 };
const hostileKeys = [
  '',
  '../secret.txt',
  'a/../../secret.txt',
  'a/./b.txt',
  '/etc/secret.txt',
  'a//b.txt',
  'a\\b.txt',
  '..\\secret.txt',
  'a/b.txt\0.png',
  'a%2fb.txt',
  'a%252e.txt',
  'A/b.txt',
  'a/b.TXT',
  '.tmp/a.txt',
  'a/.hidden',
  'a/b',
  'a/b.txt/',
  'a/b.tar.gz',
  'a b.txt',
  'a/ы.txt',
  `${'a'.repeat(300)}.txt`,
];

/** What every blob store promises. `open` is called once and must give an empty store. */
export function blobSuite(name: string, open: () => Promise<BlobStoreUnderTest>): void {
  describe(`blob store: ${name}`, () => {
    let store: BlobStoreUnderTest;
    before(async () => {
      store = await open();
    });
    after(() => store.close());

    test('bytes come back identical, with their size and sha256', async () => {
      const bytes = randomBytes(3 * 1024 * 1024 + 17);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const pieces = [bytes.subarray(0, 1), bytes.subarray(1, 2_500_000), bytes.subarray(2_500_000)];
      assert.deepEqual(await store.blobs.put('same/a.bin', Readable.from(pieces), limits), {
        bytes: bytes.length,
        sha256,
      });
      assert.deepEqual(await store.blobs.stat('same/a.bin'), { bytes: bytes.length });
      assert.ok(bytes.equals(await content(store.blobs, 'same/a.bin')));
    });

    test('an object without bytes is an object', async () => {
      assert.equal((await put(store.blobs, 'same/empty.bin', Buffer.alloc(0))).bytes, 0);
      assert.deepEqual(await store.blobs.stat('same/empty.bin'), { bytes: 0 });
      assert.equal((await content(store.blobs, 'same/empty.bin')).length, 0);
    });

    test('a key is never overwritten', async () => {
      await put(store.blobs, 'once/a.txt', Buffer.from('first'));
      await assert.rejects(put(store.blobs, 'once/a.txt', Buffer.from('second')));
      assert.equal((await content(store.blobs, 'once/a.txt')).toString(), 'first');
    });

    test('of parallel puts of one key exactly one wins, whole', async () => {
      const bodies = Array.from({ length: 8 }, (_, index) => Buffer.alloc(200_000 + index, index));
      const results = await Promise.allSettled(bodies.map((body) => put(store.blobs, 'race/a.bin', body)));
      const won = results.flatMap((result, index) => (result.status === 'fulfilled' ? [index] : []));
      assert.equal(won.length, 1);
      assert.ok(bodies[won[0]!]!.equals(await content(store.blobs, 'race/a.bin')));
    });

    test('a range gives exactly its bytes', async () => {
      await put(store.blobs, 'range/a.txt', Buffer.from('0123456789'));
      const part = async (start: number, end: number) =>
        (await buffer((await store.blobs.read('range/a.txt', { start, end }))!)).toString();
      assert.equal(await part(0, 0), '0');
      assert.equal(await part(3, 6), '3456');
      assert.equal(await part(9, 9), '9');
      assert.equal(await part(0, 9), '0123456789');
    });

    test('a missing object is null, cannot be lent, and may be removed', async () => {
      assert.equal(await store.blobs.stat('none/a.txt'), null);
      assert.equal(await store.blobs.read('none/a.txt'), null);
      assert.equal(await store.blobs.read('none/a.txt', { start: 0, end: 1 }), null);
      await assert.rejects(
        store.blobs.withFile('none/a.txt', async () => assert.fail('lent')),
        isCode('not_found'),
      );
      await store.blobs.remove('none/a.txt');
    });

    test('an object is lent as a local file, and the answer is passed on', async () => {
      await put(store.blobs, 'lend/a.txt', Buffer.from('lent'));
      assert.equal(await store.blobs.withFile('lend/a.txt', (path) => readFile(path, 'utf8')), 'lent');
      await assert.rejects(
        store.blobs.withFile('lend/a.txt', () => Promise.reject(new Error('mine'))),
        /mine/,
      );
    });

    test('a removed object is gone and its key is free', async () => {
      await put(store.blobs, 'gone/a.txt', Buffer.from('first'));
      await store.blobs.remove('gone/a.txt');
      assert.equal(await store.blobs.stat('gone/a.txt'), null);
      await put(store.blobs, 'gone/a.txt', Buffer.from('second'));
    });

    test('a source that breaks half-way passes its error on and leaves nothing', async () => {
      const kept = await store.list();
      await assert.rejects(store.blobs.put('broken/a.bin', broken(), limits), /cable cut/);
      const stream = Readable.from(broken(), { objectMode: false });
      await assert.rejects(store.blobs.put('broken/b.bin', stream, limits), /cable cut/);
      assert.equal(await store.blobs.stat('broken/a.bin'), null);
      assert.deepEqual(await store.list(), kept);
    });

    test('a source over the limit is cut off there and leaves nothing', async () => {
      const kept = await store.list();
      let given = 0;
      async function* endless() {
        for (;;) yield Buffer.alloc((given++, 64 * 1024));
      }
      await assert.rejects(
        store.blobs.put('large/a.bin', endless(), { maxBytes: 2_000_000 }),
        (error) => isCode('upload_too_large')(error) && (error as AppError).facts['maxBytes'] === 2_000_000,
      );
      assert.ok(given < 1000, 'the source is not read to its end');
      assert.deepEqual(await store.list(), kept);
    });

    test('an object is checked whole before anybody can see it, and what the check says is passed on', async () => {
      const bytes = randomBytes(1_500_000);
      const check = async (path: string) => {
        assert.equal(await store.blobs.stat('checked/a.bin'), null);
        return bytes.equals(await readFile(path));
      };
      const { facts, checked } = await store.blobs.putChecked('checked/a.bin', Readable.from([bytes]), {
        ...limits,
        check,
      });
      assert.deepEqual([facts.bytes, checked], [bytes.length, true]);
      assert.ok(bytes.equals(await content(store.blobs, 'checked/a.bin')));
    });

    test('an object that its check refuses leaves nothing, and the refusal is passed on', async () => {
      const kept = await store.list();
      const check = () => Promise.reject(new AppError('image_unreadable', { maxPixels: 7 }));
      await assert.rejects(
        store.blobs.putChecked('refused/a.bin', Readable.from([Buffer.from('no picture')]), { ...limits, check }),
        (error) => isCode('image_unreadable')(error) && (error as AppError).facts['maxPixels'] === 7,
      );
      assert.equal(await store.blobs.stat('refused/a.bin'), null);
      assert.deepEqual(await store.list(), kept);
    });

    test('a source of exactly the limit is taken', async () => {
      const facts = await store.blobs.put('large/exact.bin', Readable.from([Buffer.alloc(10)]), { maxBytes: 10 });
      assert.equal(facts.bytes, 10);
    });

    test('no verb lets a hostile key through', async () => {
      const kept = await store.list();
      for (const key of hostileKeys) {
        const shown = JSON.stringify(key);
        await assert.rejects(put(store.blobs, key, Buffer.from('x')), isCode('not_found'), `put ${shown}`);
        await assert.rejects(store.blobs.stat(key), isCode('not_found'), `stat ${shown}`);
        await assert.rejects(store.blobs.read(key), isCode('not_found'), `read ${shown}`);
        await assert.rejects(store.blobs.remove(key), isCode('not_found'), `remove ${shown}`);
        const lend = store.blobs.withFile(key, async () => 'lent');
        await assert.rejects(lend, isCode('not_found'), `withFile ${shown}`);
      }
      assert.deepEqual(await store.list(), kept);
    });

    test('what was put is listed with its time until it is removed, and nothing else is', async () => {
      const before = Date.now() - 2_000;
      await put(store.blobs, 'listed/a.jpg', Buffer.from('a'));
      await put(store.blobs, 'listed/deeper/b.mp4', Buffer.from('b'));
      const listed = async () =>
        (await Array.fromAsync(store.blobs.list())).filter(({ key }) => key.startsWith('listed/'));
      const keys = (await listed()).map(({ key }) => key).toSorted();
      assert.deepEqual(keys, ['listed/a.jpg', 'listed/deeper/b.mp4']);
      assert.ok((await listed()).every(({ putAtMs }) => putAtMs >= before && putAtMs <= Date.now() + 2_000));
      await store.blobs.remove('listed/a.jpg');
      assert.deepEqual(
        (await listed()).map(({ key }) => key),
        ['listed/deeper/b.mp4'],
      );
    });

    test('a healthy store passes its check and keeps nothing of it', async () => {
      const kept = await store.list();
      await store.blobs.check();
      assert.deepEqual(await store.list(), kept);
    });
  });
}

const put = (blobs: BlobStore, key: string, body: Buffer) => blobs.put(key, Readable.from([body]), limits);
const content = async (blobs: BlobStore, key: string) => buffer((await blobs.read(key))!);
const isCode = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;
async function* broken() {
  yield randomBytes(1_500_000);
  throw new Error('cable cut');
}
