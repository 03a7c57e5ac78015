import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { Agent } from 'undici';
import { AppError } from '../errors.ts';
import { createTidy } from '../jobs/tidy.ts';
import type { BlobStore } from './blobs.ts';
import { S3Error } from './s3-error.ts';
import { createS3Blobs, type S3Settings } from './s3.ts';
import { startTestS3, type TestS3 } from './s3-testing.ts';
import { createS3Wire } from './s3-wire.ts';

const bytes = randomBytes(300_000);
let s3: TestS3;
let blobs: BlobStore;
let pauses: number[];
let nth = 0;

interface Odd extends Partial<S3Settings> {
  pageSize?: number;
  timeoutMs?: number;
  /** The clock says at every look that so much time has gone by. */
  silenceMs?: number;
}

const open = ({ pageSize = 1000, timeoutMs = 20_000, silenceMs = 0, ...changes }: Odd = {}) => {
  let passedMs = 0;
  const now = () => Date.now() + (passedMs += silenceMs);
  const pause = async (ms: number) => void pauses.push(ms);
  return createS3Blobs({ ...s3.settings, ...changes }, { timeoutMs, pageSize, random: () => 1, now, pause });
};
const put = (key: string, body: Buffer = bytes, into = blobs) =>
  into.put(key, Readable.from([body]), { maxBytes: 100_000_000 });
const fresh = () => `faults/${++nth}.bin`;

/** Requests that know nothing of what the adapter adds to its own. */
const plainWire = () =>
  createS3Wire({
    place: s3.settings,
    credentials: s3.settings.credentials,
    dispatcher: new Agent(),
    timeoutMs: 20_000,
    now: Date.now,
    random: Math.random,
  });
const sent = (method: string, key: string) => s3.calls.filter((call) => call.method === method && call.path === key);
const content = async (key: string) => buffer((await blobs.read(key))!);
const isUnavailable = (sentence: RegExp) => (fault: unknown) =>
  fault instanceof AppError &&
  fault.code === 'unavailable' &&
  fault.cause instanceof S3Error &&
  sentence.test(fault.cause.message);

before(async () => {
  s3 = await startTestS3();
});
after(() => s3.close());
beforeEach(async () => {
  pauses = [];
  Object.assign(s3.gate, { clockAheadMs: 0, ignoresConditions: false, hidesMissing: false });
  blobs = await open();
});

describe('a store that is busy, slow or cut off', () => {
  it('is asked again after growing pauses, or after the pause it asks for', async () => {
    const key = fresh();
    const busy = { refuse: [503, 'SlowDown'] as [number, string] };
    s3.plan('PUT', busy, { refuse: [500, 'InternalError'] }, { ...busy, headers: { 'retry-after': '2' } });
    await put(key);
    assert.deepEqual(pauses, [200, 400, 2000]);
    assert.deepEqual(
      sent('PUT', key).map(({ status }) => status),
      [503, 500, 503, 200],
    );
    assert.ok(bytes.equals(await content(key)));
  });

  it('that stays busy is unavailable after the fifth time, and has nothing of the object', async () => {
    const key = fresh();
    s3.plan('PUT', ...Array.from({ length: 5 }, () => ({ refuse: [503, 'SlowDown'] as [number, string] })));
    await assert.rejects(put(key), isUnavailable(/\(503 SlowDown/));
    assert.deepEqual(pauses, [200, 400, 800, 1600]);
    assert.equal(await blobs.stat(key), null);
  });

  it('whose answer to a put is lost is found to have the object, by its mark', async () => {
    const key = fresh();
    s3.plan('PUT', { cut: 'after' });
    assert.equal((await put(key)).bytes, bytes.length);
    assert.equal(sent('PUT', key).at(-1)!.status, 412, 'the repeat was refused because of our own object');
    assert.ok(bytes.equals(await content(key)));
  });

  it('whose answer is lost twice does not take an object of another for ours', async () => {
    const key = fresh();
    await put(key, Buffer.from('of another'));
    s3.plan('PUT', { cut: 'before' }, { cut: 'after' });
    await assert.rejects(put(key), { code: 'EEXIST' });
    assert.equal((await content(key)).toString(), 'of another');
  });

  it('that cuts an upload gets it anew, whole', async () => {
    const key = fresh();
    s3.plan('PUT', { cut: 'before' }, { cut: 'before' });
    await put(key);
    assert.ok(bytes.equals(await content(key)));
  });

  it('that receives other bytes than were sent refuses them, and gets them anew', async () => {
    const [once, always] = [fresh(), fresh()];
    s3.plan('PUT', { spoil: true });
    await put(once);
    assert.ok(bytes.equals(await content(once)));
    s3.plan('PUT', ...Array.from({ length: 5 }, () => ({ spoil: true as const })));
    await assert.rejects(put(always), isUnavailable(/bytes that arrived were not the bytes/));
    assert.equal(await blobs.stat(always), null);
  });

  it('that shows an object late is looked at again; one that has lost it is not believed', async () => {
    const [late, lost] = [fresh(), fresh()];
    const missing = { refuse: [404, 'NoSuchKey'] as [number, string] };
    s3.plan('HEAD', missing, missing);
    await put(late);
    assert.deepEqual(pauses, [500, 1000]);
    s3.plan('HEAD', missing, missing, missing, missing);
    await assert.rejects(put(lost), isUnavailable(/does not have what it has just taken/));
  });

  it('that cuts a read gives an error, never a short object', async () => {
    const key = fresh();
    await put(key);
    s3.plan('GET', { cut: 100_000 });
    await assert.rejects(content(key));
    s3.plan('GET', { cut: 70_000 });
    await assert.rejects(buffer((await blobs.read(key, { start: 0, end: 200_000 }))!));
  });

  it('that cuts while an object is lent is read anew; the file is whole', async () => {
    const key = fresh();
    await put(key);
    s3.plan('GET', { cut: 100_000 }, { cut: 0 });
    const isWhole = await blobs.withFile(key, async (path) => (await buffer(createReadStream(path))).equals(bytes));
    assert.equal(isWhole, true);
    s3.plan('GET', ...Array.from({ length: 4 }, () => ({ cut: 100_000 })));
    await assert.rejects(
      blobs.withFile(key, async () => assert.fail('lent')),
      isUnavailable(/cannot be reached/),
    );
  });

  it('that says nothing is given up after its time and asked again', async () => {
    const key = fresh();
    s3.plan('PUT', { hang: true });
    await put(key, bytes, await open({ timeoutMs: 300 }));
    const impatient = await open({ timeoutMs: 300, silenceMs: 20_000 });
    s3.plan('HEAD', { hang: true }, { hang: true });
    await assert.rejects(impatient.stat(key), isUnavailable(/does not answer in time/));
    assert.equal(pauses.length, 2, 'given up after the second silence');
  });

  it('that is not there is told by its address', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    const { port } = await new Promise<AddressInfo>((resolve) =>
      free.once('listening', () => resolve(free.address() as AddressInfo)),
    );
    await new Promise((resolve) => free.close(resolve));
    const away = await open({ endpoint: `http://127.0.0.1:${port}` });
    await assert.rejects(
      away.stat('a/b.bin'),
      isUnavailable(/http:\/\/127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/),
    );
  });
});

describe('what a store keeps', () => {
  it('is read whole only while it has the bytes that were put', async () => {
    const key = fresh();
    const wire = plainWire();
    const other = Buffer.from('rotten');
    const sha256 = (await put(fresh(), other)).sha256;
    const body = { bytes: other.length, sha256, open: () => Readable.from([other]) };
    await wire.send({ method: 'PUT', key, headers: { 'x-amz-meta-sha256': '0'.repeat(64) }, body });
    await assert.rejects(content(key), /other bytes than were put/);
    await assert.rejects(
      blobs.withFile(key, async () => assert.fail('lent')),
      isUnavailable(/other bytes than were put/),
    );
  });

  it('may have been copied there by hand, from a folder for instance', async () => {
    const key = fresh();
    const wire = plainWire();
    const sha256 = (await put(fresh())).sha256;
    await wire.send({ method: 'PUT', key, body: { bytes: bytes.length, sha256, open: () => Readable.from([bytes]) } });
    assert.ok(bytes.equals(await content(key)));
    assert.deepEqual(await blobs.stat(key), { bytes: bytes.length });
  });

  it('is listed page by page, below its prefix and without what is not ours', async () => {
    const [ours, theirs] = [await open({ prefix: 'pages', pageSize: 3 }), await open({ prefix: 'pages2' })];
    const keys = Array.from({ length: 7 }, (_, index) => `a/${index}.jpg`);
    for (const key of keys) await put(key, Buffer.from('x'), ours);
    await put('a/other.jpg', Buffer.from('x'), theirs);
    await put('pages/deeper.jpg', Buffer.from('x'), await open({ prefix: 'pages/.foreign' }));
    s3.calls.length = 0;
    const listed = await Array.fromAsync(ours.list());
    assert.deepEqual(listed.map(({ key }) => key).toSorted(), keys);
    assert.ok(s3.calls.length >= 3, `${s3.calls.length} pages`);
  });

  it('is tidied over all its pages', async () => {
    const many = await open({ prefix: 'litter', pageSize: 10 });
    const row = (index: number) => `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`;
    const keys = Array.from({ length: 25 }, (_, index) => `${row(0)}/uploads/${row(index)}.jpg`);
    await Promise.all(keys.map((key) => put(key, Buffer.from('x'), many)));
    const owned = async (candidates: { key: string }[]) =>
      new Set(candidates.map(({ key }) => key).filter((key) => key === keys[7]));
    const later = Date.now() + 8 * 24 * 3_600_000;
    const parts = { store: { files: { owned } }, blobs: many, log: { info() {}, warn() {}, error() {} } };
    const tidy = createTidy({ ...parts, runtime: { now: () => later } } as Parameters<typeof createTidy>[0]);
    assert.equal(await tidy.tidy(), 24);
    assert.deepEqual(
      (await Array.fromAsync(many.list())).map(({ key }) => key),
      [keys[7]],
    );
  });

  it('of 64 MB goes in and out without growing memory', async () => {
    const worker = new Worker(new URL('s3-worker-testing.ts', import.meta.url));
    const [settings] = (await once(worker, 'message')) as [S3Settings];
    const away = await createS3Blobs(settings);
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const heldBytes = () => (collectGarbage(), process.memoryUsage().arrayBuffers);
    const startBytes = heldBytes();
    let peakBytes = 0;
    let looked = 0;
    const look = (bytes: number) => {
      if (bytes < looked) return;
      looked += 8_000_000;
      peakBytes = Math.max(peakBytes, heldBytes() - startBytes);
    };
    const chunk = Buffer.alloc(256 * 1024, 7);
    async function* large() {
      for (let index = 0; index < 256; index++, look(index * chunk.length)) yield chunk;
    }
    const { bytes: taken } = await away.put('large/a.bin', large(), { maxBytes: 70_000_000 });
    looked = 0;
    let given = 0;
    for await (const piece of (await away.read('large/a.bin'))!) look((given += (piece as Buffer).length));
    assert.deepEqual([taken, given], [64 * 1024 * 1024, 64 * 1024 * 1024]);
    assert.ok(peakBytes < 16_000_000, `${peakBytes} bytes more`);
    worker.postMessage('close');
    await once(worker, 'exit');
  });
});

describe('what is told when it cannot be used', () => {
  const said = async (changes: Partial<S3Settings>) => {
    const fault = await (await open(changes)).check().then(
      () => assert.fail('passed'),
      (thrown: unknown) => thrown,
    );
    assert.ok(fault instanceof S3Error, String(fault));
    return fault.message;
  };

  it('names the wrong key, secret, region, bucket or right, and repeats no secret', async () => {
    const canary = 'canary-7f3a';
    const wrongSecret = await said({ credentials: { ...s3.settings.credentials, secretAccessKey: canary } });
    assert.match(wrongSecret, /AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID/);
    assert.ok(!wrongSecret.includes(canary));
    assert.match(
      await said({ credentials: { ...s3.settings.credentials, accessKeyId: 'other' } }),
      /does not know the key in AWS_A/,
    );
    assert.match(await said({ region: 'elsewhere' }), /expects region=eu-test-1 in STORAGE_URL/);
    assert.match(await said({ bucket: 'no-such-bucket' }), /There is no bucket no-such-bucket at http/);
    s3.gate.hidesMissing = true;
    assert.match(await said({}), /need s3:GetObject.*s3:ListBucket on the bucket/);
  });

  it('is told soon: a check asks twice, so that one busy moment is not yet a fault', async () => {
    s3.plan('PUT', { refuse: [503, 'SlowDown'] });
    await (await open()).check();
    s3.plan('PUT', { refuse: [503, 'SlowDown'] }, { refuse: [503, 'SlowDown'] });
    assert.match(await said({}), /503 SlowDown/);
    assert.deepEqual(pauses, [200, 200]);
  });

  it('is a store that would overwrite', async () => {
    s3.gate.ignoresConditions = true;
    assert.match(await said({}), /must know conditional writes/);
    s3.gate.ignoresConditions = false;
    await blobs.check();
    assert.deepEqual(
      (await s3.keys()).filter((key) => key.startsWith('checks/')),
      [],
    );
  });

  it('is proven at most every 15 seconds, and only what went well is believed', async () => {
    const hurried = await open({ silenceMs: 5_000 });
    s3.plan('GET', { refuse: [403, 'AccessDenied'] });
    await assert.rejects(hurried.check(), /need s3:GetObject/);
    const patient = await open();
    await patient.check();
    s3.calls.length = 0;
    await patient.check();
    assert.equal(s3.calls.length, 0);
    await hurried.check();
    await hurried.check();
    await hurried.check();
    await hurried.check();
    assert.ok(s3.calls.filter(({ method }) => method === 'DELETE').length >= 2);
  });

  it('is not our clock: the store’s time is taken', async () => {
    s3.calls.length = 0;
    s3.gate.clockAheadMs = 3_600_000;
    const redirecting = await open({ reads: 'redirect' });
    const key = fresh();
    await put(key, bytes, redirecting);
    const address = await redirecting.direct!.address(key, { seconds: 60, contentType: 'video/mp4' });
    assert.equal((await fetch(address)).status, 200);
    await put(fresh(), bytes, redirecting);
    const late = s3.calls.filter(({ status }) => status === 403);
    assert.equal(late.length, 1, 'learned once');
  });
});

describe('the local file of a put', () => {
  it('is ours alone while it lives, gone afterwards, and swept an hour after a kill', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'kvc-test-'));
    const { TMPDIR } = process.env;
    process.env['TMPDIR'] = folder;
    t.after(async () => {
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
      await rm(folder, { recursive: true });
    });
    async function* watched() {
      yield bytes;
      assert.equal((await readdir(folder)).length, 1);
      yield bytes;
    }
    await blobs.put(fresh(), watched(), { maxBytes: 1_000_000 });
    assert.deepEqual(await readdir(folder), []);
    for (const [name, minutes] of [
      ['kvc-spool-old', 61],
      ['kvc-spool-new', 59],
      ['of-another', 61],
    ] as const) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'object'), 'half');
      const then = new Date(Date.now() - minutes * 60_000);
      await utimes(join(folder, name), then, then);
    }
    await open();
    assert.deepEqual((await readdir(folder)).toSorted(), ['kvc-spool-new', 'of-another']);
  });
});
