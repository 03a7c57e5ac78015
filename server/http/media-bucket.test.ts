import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { createS3Blobs } from '../media/s3.ts';
import { startTestS3, type TestS3 } from '../media/s3-testing.ts';
import { problemOf, startTestServer, type TestServer } from './testing.ts';

const bytes = randomBytes(200_000);
const clip = { key: 'somebody/video/clip.mp4', contentType: 'video/mp4', fileName: 'Обложка (1).mp4' };
const picture = { key: 'somebody/stills/picture.jpg', contentType: 'image/jpeg' };

let s3: TestS3;
let proxying: TestServer;
let redirecting: TestServer;

/** A whole server whose files lie in the bucket. */
async function startWith(reads: 'proxy' | 'redirect'): Promise<TestServer> {
  const blobs = await createS3Blobs({ ...s3.settings, prefix: reads, reads }, { pause: async () => {} });
  for (const { key } of [clip, picture]) await blobs.put(key, Readable.from([bytes]), { maxBytes: bytes.length });
  return startTestServer({ blobs });
}

before(async () => {
  s3 = await startTestS3();
  [proxying, redirecting] = await Promise.all([startWith('proxy'), startWith('redirect')]);
});
after(async () => {
  await Promise.all([proxying.close(), redirecting.close()]);
  await s3.close();
});

const ask = (
  server: TestServer,
  grant: object = clip,
  { query = '', ...init }: RequestInit & { query?: string } = {},
) => {
  const token = server.parts.secrets.mediaTokens.sign({ ...clip, ...grant, expiresAtMs: Date.now() + 7_200_000 });
  return fetch(`${server.url}/media/${token}${query}`, { redirect: 'manual', ...init });
};
const content = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

describe('files in a bucket, read through us', () => {
  it('are given whole and by ranges, and the bucket is asked for no more than the range', async () => {
    const whole = await ask(proxying);
    assert.equal(whole.status, 200);
    assert.ok(bytes.equals(await content(whole)));
    const part = await ask(proxying, clip, { headers: { range: 'bytes=1000-1999' } });
    assert.equal(part.status, 206);
    assert.equal(part.headers.get('content-range'), 'bytes 1000-1999/200000');
    assert.ok(bytes.subarray(1000, 2000).equals(await content(part)));
    assert.equal(s3.calls.at(-1)!.headers.range, 'bytes=1000-1999');
    const last = await ask(proxying, clip, { headers: { range: 'bytes=-10' } });
    assert.ok(bytes.subarray(-10).equals(await content(last)));
  });

  it('break off when the bucket does, so that nobody takes half for all', async () => {
    s3.plan('GET', { cut: 70_000 });
    await assert.rejects(async () => content(await ask(proxying)));
  });

  it('are a passing fault while the bucket refuses, and missing when they are', async () => {
    s3.plan('HEAD', { refuse: [403, 'AccessDenied'] });
    const problem = await problemOf(await ask(proxying), { status: 503, code: 'unavailable' });
    assert.ok(!JSON.stringify(problem).includes('covers'), 'the bucket is nobody’s business');
    await problemOf(await ask(proxying, { key: 'somebody/video/none.mp4' }), { status: 404, code: 'not_found' });
  });

  it('take uploads: a picture is stored, looked at and shown', async () => {
    const token = await proxying.mint();
    const { url } = await proxying.uploaded(token);
    const shown = await fetch(url);
    assert.equal(shown.headers.get('content-type'), 'image/jpeg');
    assert.equal((await content(shown)).readUInt16BE(0), 0xffd8);
    const kept = (await s3.keys()).length;
    const refused = await proxying.upload(Buffer.from('no picture'), { token });
    await problemOf(refused, { status: 422, code: 'image_unreadable' });
    assert.equal((await s3.keys()).length, kept, 'a refused upload leaves nothing');
  });
});

describe('files in a bucket that browsers read themselves', () => {
  it('are clips behind a redirect to an address that opens this object, for a while, as what it is', async () => {
    const answer = await ask(redirecting);
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.get('cache-control'), 'private, max-age=60');
    assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin');
    const location = answer.headers.get('location')!;
    const address = new URL(location);
    assert.equal(address.origin, s3.settings.endpoint);
    assert.equal(address.searchParams.get('X-Amz-Expires'), '1800');
    assert.equal(address.searchParams.has('response-content-disposition'), false);

    const direct = await fetch(location, { headers: { range: 'bytes=5-9' } });
    assert.equal(direct.headers.get('content-type'), 'video/mp4');
    assert.ok(bytes.subarray(5, 10).equals(await content(direct)));
    const others = location.replace('clip.mp4', 'other.mp4');
    assert.equal((await fetch(others)).status, 403);
    assert.equal((await ask(redirecting)).headers.get('location'), location, 'a browser keeps what it has');
  });

  it('are saved under their name', async () => {
    const answer = await ask(redirecting, clip, { query: '?download=1' });
    const saved = await fetch(answer.headers.get('location')!);
    assert.equal(
      saved.headers.get('content-disposition'),
      `attachment; filename="_________1_.mp4"; filename*=UTF-8''${encodeURIComponent('Обложка ')}%281%29.mp4`,
    );
    assert.ok(bytes.equals(await content(saved)));
  });

  it('go through us when they are pictures, and when only their headers are asked for', async () => {
    const shown = await ask(redirecting, picture);
    assert.equal(shown.status, 200);
    assert.ok(bytes.equals(await content(shown)));
    const head = await ask(redirecting, clip, { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers.get('content-length')], [200, '200000']);
  });

  it('are missing when they are, and stay closed to forged tokens', async () => {
    await problemOf(await ask(redirecting, { key: 'somebody/video/none.mp4' }), { status: 404, code: 'not_found' });
    const forged = await fetch(`${redirecting.url}/media/abc.def`, { redirect: 'manual' });
    await problemOf(forged, { status: 404, code: 'not_found' });
  });
});
