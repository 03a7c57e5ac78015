import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { deflateSync, crc32 } from 'node:zlib';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Upload } from '../contract.ts';
import { makePicture, problemOf, startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
let token: string;
before(async () => {
  server = await startTestServer();
  token = await server.mint();
});
after(() => server.close());
afterEach(async () => {
  assert.equal((await server.call('/healthz')).status, 200);
  assert.deepEqual(
    server.logged.filter(({ level }) => level === 'error'),
    [],
  );
});

/** Every file in the blob store, unfinished ones too. */
async function filesKept(): Promise<string[]> {
  const entries = await readdir(join(server.folder, 'media'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const rowsKept = async () => {
  const { store } = server.parts;
  const account = await store.accounts.find('first', 'seller-1');
  const ids = (await filesKept()).map((path) => /([^/]+)\.\w+$/.exec(path)![1]!);
  return (await store.uploads.getMany(ids)).filter((row) => row.accountId === account!.id);
};

/** A tiny file that claims a huge picture: one PNG header, a little data. */
function bomb(width: number, height: number): Buffer {
  const chunk = (type: string, body: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), body]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, check]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', size),
    chunk('IDAT', deflateSync(Buffer.alloc(1_000_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('a picture', () => {
  it('of each accepted type is kept byte for byte', async () => {
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const bytes = await makePicture({ width: 700, height: 500, format });
      const answer = await server.upload(bytes, { token, contentType: `image/${format}` });
      assert.equal(answer.status, 201);
      const { upload } = (await answer.json()) as { upload: Upload };
      assert.deepEqual([upload.width, upload.height, upload.bytes], [700, 500, bytes.length]);
      const kept = await fetch(upload.url);
      assert.equal(kept.headers.get('content-type'), `image/${format}`);
      assert.deepEqual(Buffer.from(await kept.arrayBuffer()), bytes);
    }
  });

  it('that is refused leaves neither file nor row, and says why', async () => {
    const jpeg = await makePicture();
    const before = await filesKept();
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="900" height="1200"/>');
    const unreadable = { status: 422, code: 'image_unreadable' };
    const cases: [string, Buffer, string, { status: number; code: string }][] = [
      ['cut off', jpeg.subarray(0, jpeg.length - 200), 'image/jpeg', unreadable],
      ['half a header', jpeg.subarray(0, 20), 'image/jpeg', unreadable],
      ['empty', Buffer.alloc(0), 'image/jpeg', unreadable],
      ['SVG', svg, 'image/png', unreadable],
      ['GIF', await makePicture({ format: 'gif' }), 'image/png', unreadable],
      ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>'), 'image/webp', unreadable],
      ['a bomb', bomb(30_000, 30_000), 'image/png', unreadable],
      ['a JPEG called PNG', jpeg, 'image/png', unreadable],
      ['small', await makePicture({ width: 299, height: 400 }), 'image/jpeg', { status: 422, code: 'image_too_small' }],
      ['long', await makePicture({ width: 400, height: 1001 }), 'image/jpeg', { status: 422, code: 'image_ratio' }],
    ];
    for (const [name, bytes, contentType, expected] of cases) {
      const answer = await server.upload(bytes, { token, contentType });
      await problemOf(answer, expected).catch((fault: Error) => assert.fail(`${name}: ${fault.message}`));
    }
    assert.deepEqual(await filesKept(), before);
    assert.equal((await rowsKept()).length, before.length);
  });

  it('with too many pixels is told how many are allowed', async () => {
    const answer = await server.upload(bomb(9000, 9000), { token, contentType: 'image/png' });
    const problem = await problemOf(answer, { status: 422, code: 'image_unreadable' });
    assert.equal(problem['maxPixels'], 50_000_000);
  });

  it('on the edge of the limits is taken', async () => {
    for (const size of [
      { width: 300, height: 300 },
      { width: 400, height: 1000 },
    ])
      assert.equal((await server.upload(await makePicture(size), { token })).status, 201);
  });

  it('of another content type is refused before its bytes are read', async () => {
    const bytes = await makePicture();
    for (const contentType of [
      'image/svg+xml',
      'image/gif',
      'image/jpeg; charset=x',
      'multipart/form-data; boundary=x',
      'application/octet-stream',
      'constructor',
    ])
      await problemOf(await server.upload(bytes, { token, contentType }), {
        status: 415,
        code: 'unsupported_media_type',
      });
  });

  it('needs a token', async () => {
    const before = await filesKept();
    await problemOf(await server.upload(await makePicture(), { token: 'a.b.c' }), {
      status: 401,
      code: 'unauthorized',
    });
    assert.deepEqual(await filesKept(), before);
  });
});

describe('a file over the size limit', () => {
  const tooLarge = { status: 413, code: 'upload_too_large' };

  it('is refused by its announced length, and the client can read why', async () => {
    const before = await filesKept();
    const problem = await problemOf(await server.upload(Buffer.alloc(3_000_000), { token }), tooLarge);
    assert.equal(problem['maxBytes'], 2_000_000);
    assert.deepEqual(await filesKept(), before);
  });

  it('is refused before its first byte when the length is announced', async () => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'image/jpeg', 'content-length': '2000001' };
    const sending = request(`${server.url}/v1/uploads`, { method: 'POST', headers });
    sending.on('error', () => undefined).flushHeaders();
    const [response] = (await once(sending, 'response')) as [IncomingMessage];
    assert.equal(response.statusCode, 413);
    sending.destroy();
  });

  it('is refused while it comes in without a length', async () => {
    const before = await filesKept();
    const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'image/jpeg' };
      const sending = request(`${server.url}/v1/uploads`, { method: 'POST', headers });
      sending.on('error', reject);
      sending.on('response', (response) =>
        text(response).then((body) => resolve({ status: response.statusCode!, body }), reject),
      );
      for (let n = 0; n < 30; n++) sending.write(Buffer.alloc(100_000));
      sending.end();
    });
    assert.equal(answer.status, 413);
    assert.match(answer.body, /upload_too_large/);
    assert.deepEqual(await filesKept(), before);
  });
});

it('a client that leaves in the middle of its upload leaves nothing', async () => {
  const before = await filesKept();
  const bytes = await makePicture();
  const { hostname, port } = new URL(server.url);
  for (const sent of [0, 1, 100, bytes.length - 1]) {
    const socket = connect(Number(port), hostname);
    const head = [
      'POST /v1/uploads HTTP/1.1',
      'Host: x',
      `Authorization: Bearer ${token}`,
      'Content-Type: image/jpeg',
      `Content-Length: ${bytes.length}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    socket.end(bytes.subarray(0, sent));
    socket.resume();
    await new Promise((resolve) => socket.once('close', resolve));
  }
  for (let tries = 0; tries < 50 && (await filesKept()).length !== before.length; tries++)
    await server.call('/healthz');
  assert.deepEqual(await filesKept(), before);
});

it('uploads are limited per seller and minute', async () => {
  const small = await startTestServer({ perMinute: { uploads: 1 } });
  try {
    const one = await small.mint();
    assert.equal((await small.upload(await makePicture(), { token: one })).status, 201);
    await problemOf(await small.upload(await makePicture(), { token: one }), { status: 429, code: 'rate_limited' });
    assert.equal((await small.upload(await makePicture(), { token: await small.mint({ sub: 'x' }) })).status, 201);
  } finally {
    await small.close();
  }
});
