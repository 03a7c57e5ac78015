import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { problemOf, startTestServer, type TestServer } from './testing.ts';

const size = 1_000;
const clip = { key: 'somebody/video/clip.mp4', contentType: 'video/mp4' };
let server: TestServer;
before(async () => {
  server = await startTestServer();
  await server.parts.blobs.put(clip.key, Readable.from([Buffer.alloc(size, 7)]), { maxBytes: size });
});
after(() => server.close());

const tokenFor = (fileName?: string) =>
  server.parts.secrets.mediaTokens.sign({
    ...clip,
    ...(fileName !== undefined && { fileName }),
    expiresAtMs: Date.now() + 60_000,
  });

describe('a range', () => {
  const whole = [
    `bytes=${Array.from({ length: 1_000 }, (_, n) => `${n}-${n}`).join(',')}`.slice(0, 12_000),
    'bytes=0-499,0-499,0-499',
    'bytes=0-,0-,0-',
    'bytes=1-2,99999999999-',
    'bytes=--5',
    'bytes=5--1',
    'bytes=+1-2',
    'bytes=0x0-0xff',
    'bytes=1e1-1e2',
    'bytes=0.5-2',
    'bytes=\u00b2-\u00b3',
    'bytes=0-1;x',
    'bytes 0-1',
    'bytes=',
    'bytes=-',
    'bytes=9-1',
    'BYTES=NaN-1',
    'bits=0-1',
  ];
  const table: [string, number, number][] = [
    ...whole.map((range): [string, number, number] => [range, 200, size]),
    ['bytes=-0', 416, 0],
    [`bytes=${size}-`, 416, 0],
    [`bytes=${'9'.repeat(400)}-`, 416, 0],
    [`bytes=-${'9'.repeat(400)}`, 206, size],
    [`bytes=0-${'9'.repeat(400)}`, 206, size],
    [`bytes=${'0'.repeat(400)}1-1`, 206, 1],
    ['bytes=999-999', 206, 1],
  ];

  it('is one part of the object or none: no header makes the answer longer than the object', async () => {
    for (const [range, status, bytes] of table) {
      const answer = await server.call(`/media/${tokenFor()}`, {
        headers: { range: Buffer.from(range).toString('latin1') },
      });
      const body = await answer.arrayBuffer();
      assert.equal(answer.status, status, range.slice(0, 50));
      assert.equal(body.byteLength, bytes, range.slice(0, 50));
      assert.doesNotMatch(answer.headers.get('content-type')!, /multipart/);
    }
    assert.deepEqual(server.logged, []);
  });
});

describe('an offered file name', () => {
  it('is one short line of ASCII that ends where it should, whatever the name is made of', async () => {
    const names = [
      'a\r\nSet-Cookie: a=b\r\n\r\n<script>',
      '"; filename=evil.html; x="',
      '\\"\\\\',
      '../../etc/passwd',
      'C:\\windows\\x.exe',
      '🎬🎬.mp4',
      'обложка.mp4',
      '\u202Egpj.exe',
      '\ud800 alone',
      '\u0000.mp4',
      'x'.repeat(900),
      '🎬'.repeat(200),
      "UTF-8''x%0d%0a*.mp4",
      '',
    ];
    for (const name of names) {
      const answer = await server.call(`/media/${tokenFor(name)}?download=1`);
      await answer.arrayBuffer();
      assert.equal(answer.status, 200, name);
      const offered = answer.headers.get('content-disposition')!;
      assert.match(offered, /^attachment; filename="[\w.-]*"; filename\*=UTF-8''(?:[\w.~!-]|%[0-9A-F]{2})*$/, name);
      assert.ok(offered.length < 1_500, name);
      assert.equal(answer.headers.get('set-cookie'), null);
      assert.equal(answer.headers.get('content-type'), 'video/mp4');
    }
    const longest = `/media/${tokenFor('x'.repeat(10_000))}?download=1`;
    await problemOf(await server.call(longest), { status: 404, code: 'not_found' });
  });
});

it('a media token opens its one object and is no token for anything else', async () => {
  const token = tokenFor();
  for (const path of ['/v1/session', '/v1/jobs', '/v1/host/jobs'])
    await problemOf(await server.call(path, { token }), { status: 401, code: 'unauthorized' });
  const [content, mac] = token.split('.') as [string, string];
  const other = Buffer.from(Buffer.from(content, 'base64url').toString().replace('clip', 'clap')).toString('base64url');
  for (const forged of [
    `${other}.${mac}`,
    `${content}.`,
    `.${mac}`,
    content,
    `${content}.${mac}.`,
    `${content}.${mac.toUpperCase()}`,
  ])
    await problemOf(await server.call(`/media/${forged}`), { status: 404, code: 'not_found' });
  assert.equal((await server.call(`/hooks/kling/${token}`, { method: 'POST' })).status, 200);
  assert.ok(mac.length * 6 >= 128, 'longer than 128 bits');
});
