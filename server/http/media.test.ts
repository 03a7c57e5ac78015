import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { problemOf, startTestServer, type TestServer } from './testing.ts';

const hourMs = 3_600_000;
const bytes = randomBytes(1000);
const clip = { key: 'somebody/video/clip.mp4', contentType: 'video/mp4', fileName: 'cover.mp4' };

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await server.parts.blobs.put(clip.key, Readable.from([bytes]), { maxBytes: 1000 });
});
after(() => server.close());

const tokenFor = (changes: object = {}) =>
  server.parts.secrets.mediaTokens.sign({ ...clip, expiresAtMs: Date.now() + 2 * hourMs, ...changes });
const get = (headers: Record<string, string> = {}, { method = 'GET', query = '' } = {}) =>
  server.call(`/media/${tokenFor()}${query}`, { method, headers });

describe('a media address', () => {
  it('gives the whole object with headers that keep it harmless', async () => {
    const answer = await get();
    assert.equal(answer.status, 200);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes);
    const expected = {
      'content-type': 'video/mp4',
      'content-length': '1000',
      'accept-ranges': 'bytes',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'private, max-age=3600',
      'content-disposition': null,
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(answer.headers.get(name), value, name);
  });

  it('gives ranges as RFC 9110 has them', async () => {
    const table: [string, number, string | null, Buffer][] = [
      ['bytes=0-0', 206, 'bytes 0-0/1000', bytes.subarray(0, 1)],
      ['bytes=10-19', 206, 'bytes 10-19/1000', bytes.subarray(10, 20)],
      ['bytes=990-', 206, 'bytes 990-999/1000', bytes.subarray(990)],
      ['bytes=-5', 206, 'bytes 995-999/1000', bytes.subarray(995)],
      ['bytes=-5000', 206, 'bytes 0-999/1000', bytes],
      ['bytes=0-99999999999999999999', 206, 'bytes 0-999/1000', bytes],
      ['bytes=1000-', 416, 'bytes */1000', Buffer.alloc(0)],
      ['bytes=-0', 416, 'bytes */1000', Buffer.alloc(0)],
      ['bytes=5-2', 200, null, bytes],
      ['lines=0-1', 200, null, bytes],
      [`bytes=${Array.from({ length: 500 }, (_, n) => `${n}-${n}`).join(',')}`, 200, null, bytes],
    ];
    for (const [range, status, contentRange, body] of table) {
      const answer = await get({ range });
      assert.equal(answer.status, status, range);
      assert.equal(answer.headers.get('content-range'), contentRange, range);
      assert.equal(answer.headers.get('content-length'), String(body.length), range);
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), body, range);
    }
  });

  it('answers HEAD like GET without the bytes, ranges too', async () => {
    const whole = await get({}, { method: 'HEAD' });
    assert.equal(whole.status, 200);
    assert.equal(whole.headers.get('content-length'), '1000');
    const part = await get({ range: 'bytes=0-9' }, { method: 'HEAD' });
    assert.equal(part.status, 206);
    assert.equal(part.headers.get('content-length'), '10');
    assert.equal((await part.arrayBuffer()).byteLength, 0);
  });

  it('knows its bytes by an ETag', async () => {
    const etag = (await get({}, { method: 'HEAD' })).headers.get('etag')!;
    assert.equal((await get({ 'if-none-match': etag })).status, 304);
    assert.equal((await get({ range: 'bytes=0-0', 'if-range': etag })).status, 206);
    assert.equal((await get({ range: 'bytes=0-0', 'if-range': '"another"' })).status, 200);
  });

  it('offers a file name when asked to, whatever is in it', async () => {
    const plain = await get({}, { query: '?download=1' });
    assert.equal(
      plain.headers.get('content-disposition'),
      `attachment; filename="cover.mp4"; filename*=UTF-8''cover.mp4`,
    );
    const fileName = 'a"\r\nSet-Cookie: x=1\\ (об) \u202Egpj.exe';
    const odd = await server.call(`/media/${tokenFor({ fileName })}?download=1`);
    assert.equal(odd.headers.get('set-cookie'), null);
    assert.match(
      odd.headers.get('content-disposition')!,
      /^attachment; filename="[\w.-]+"; filename\*=UTF-8''[\w.%-]+$/,
    );
    const nameless = await server.call(`/media/${tokenFor({ fileName: undefined })}?download=1`);
    assert.match(nameless.headers.get('content-disposition')!, /filename="clip\.mp4"/);
    await Promise.all([plain, odd, nameless].map((answer) => answer.arrayBuffer()));
  });

  it('that is forged, expired or of a missing object answers as if nothing were there', async () => {
    const good = tokenFor();
    const tokens = [
      'x',
      `${good}x`,
      good.slice(0, -1),
      tokenFor({ expiresAtMs: Date.now() - 1 }),
      tokenFor({ key: 'somebody/video/other.mp4' }),
      tokenFor({ key: '../../test.db' }),
      tokenFor({ key: '/etc/passwd' }),
      'x'.repeat(5000),
      '..%2F..%2Ftest.db',
      '%2e%2e%2ftest.db',
      '%252e%252e',
    ];
    for (const token of tokens)
      await problemOf(await server.call(`/media/${token}`), { status: 404, code: 'not_found' });
  });

  it('is cached no longer than it opens', async () => {
    const remaining = { [20 * 60_000]: 600, [5 * 60_000]: 60, 30_000: 0 };
    for (const [leftMs, seconds] of Object.entries(remaining)) {
      const token = tokenFor({ expiresAtMs: Date.now() + Number(leftMs) });
      const answer = await server.call(`/media/${token}`, { method: 'HEAD' });
      assert.equal(answer.headers.get('cache-control'), `private, max-age=${seconds}`);
    }
  });

  it('of an upload stays the same within the hour and opens for at least one more', async () => {
    const token = await server.mint();
    const { url } = await server.uploaded(token);
    const { mediaTokens } = server.parts.secrets;
    const given = url.split('/media/')[1]!;
    assert.ok(mediaTokens.verify(given, Date.now() + hourMs));
    assert.equal(mediaTokens.verify(given, Date.now() + 2 * hourMs), null);
  });
});

it('a client that leaves in the middle of a large clip is forgotten', async () => {
  const large = { ...clip, key: 'somebody/video/large.mp4' };
  await server.parts.blobs.put(large.key, Readable.from([Buffer.alloc(8_000_000)]), { maxBytes: 8_000_000 });
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET /media/${tokenFor(large)} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await new Promise((resolve) => socket.once('data', resolve));
  socket.destroy();
  await new Promise((resolve) => socket.once('close', resolve));
  assert.equal((await get()).status, 200);
  assert.deepEqual(server.logged, []);
});
