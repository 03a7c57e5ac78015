import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { makePicture, startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
let token: string;
let picture: Buffer;
before(async () => {
  server = await startTestServer({ perMinute: { uploads: 1_000_000 } });
  token = await server.mint();
  picture = await makePicture({ width: 300, height: 300 });
});
after(() => server.close());

const parallel = 40;

/** Sends these bytes as an upload, then ends the sending side; resolves with all that was answered. */
function send(framing: string, body: Buffer): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const head = [
    'POST /v1/uploads HTTP/1.1',
    'Host: x',
    `Authorization: Bearer ${token}`,
    'Content-Type: image/jpeg',
    framing,
  ];
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname);
    socket.on('data', (chunk) => (answer += chunk.toString())).on('error', () => {});
    socket.on('close', () => resolve(answer));
    socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\nConnection: close\r\n\r\n`), body]));
  });
}

const filesKept = () =>
  readdirSync(join(server.folder, 'media'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

/** The server hears of a cut a moment after the client has made it. */
async function nothingKept(): Promise<void> {
  for (let tries = 0; tries < 200 && filesKept().length > 0; tries++) await server.call('/healthz');
  assert.deepEqual(filesKept(), []);
}

async function cutEverywhere(bytes: Buffer, framing: string): Promise<void> {
  for (let from = 0; from < bytes.length; from += parallel) {
    const cuts = Array.from({ length: Math.min(parallel, bytes.length - from) }, (_, index) => from + index);
    const answers = await Promise.all(cuts.map((cut) => send(framing, bytes.subarray(0, cut))));
    assert.ok(
      answers.every((answer) => !answer.startsWith('HTTP/1.1 20')),
      `between ${from} and ${from + parallel}`,
    );
  }
  await nothingKept();
}

it('an upload that is cut after any byte keeps nothing', () =>
  cutEverywhere(picture, `Content-Length: ${picture.length}`));

it('an upload in chunks that is cut after any byte keeps nothing', () => {
  const half = picture.length >> 1;
  const chunk = (bytes: Buffer) => [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')];
  const chunks = [...chunk(picture.subarray(0, half)), ...chunk(picture.subarray(half))];
  return cutEverywhere(Buffer.concat([...chunks, Buffer.from('0\r\n')]), 'Transfer-Encoding: chunked');
});

it('an upload that announces fewer bytes than it sends, or none, keeps nothing', async () => {
  for (const announced of [0, 1, picture.length - 1])
    assert.match(await send(`Content-Length: ${announced}`, picture), /^HTTP\/1\.1 4/);
  assert.match(await send('X-Length: unknown', picture), /^HTTP\/1\.1 4/);
  await nothingKept();
});
