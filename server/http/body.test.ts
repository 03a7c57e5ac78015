import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, afterEach, before, it } from 'node:test';
import { lentChunks } from './body.ts';
import { problemOf, startTestServer, type TestServer } from './testing.ts';

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

const order = (body: BodyInit | undefined, contentType: string | undefined) =>
  server.call('/v1/jobs', {
    token,
    method: 'POST',
    headers: { 'idempotency-key': 'k', ...(contentType && { 'content-type': contentType }) },
    ...(body !== undefined && { body }),
  });
const json = 'application/json';

it('a body of another content type is refused', async () => {
  for (const contentType of [
    'text/plain',
    'text/ping',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'application/json-patch',
    'text/json',
  ])
    await problemOf(await order('{}', contentType), { status: 415, code: 'unsupported_media_type' });
  await problemOf(await order(undefined, undefined), { status: 415, code: 'unsupported_media_type' });
});

it('broken JSON is an invalid request', async () => {
  for (const body of ['', '{', '{"a":}', 'null', '"text"', '\u0000', 'NaN', '[1,]'])
    await problemOf(await order(body, json), { status: 422, code: 'invalid_request' });
  await problemOf(await order(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), json), { status: 422, code: 'invalid_request' });
});

it('JSON nested sixty thousand deep is an invalid request', async () => {
  const depth = 30_000;
  const nested = '['.repeat(depth) + ']'.repeat(depth);
  await problemOf(await order(nested, json), { status: 422, code: 'invalid_request' });
  await problemOf(await order(`{"frame":${nested}}`, json), { status: 422, code: 'invalid_request' });
  await problemOf(await order('['.repeat(depth) + '"\\u0000"' + ']'.repeat(depth), json), {
    status: 422,
    code: 'invalid_request',
  });
});

it('a body over 64 kB is refused, announced or not', async () => {
  const big = '['.repeat(100_000);
  const announced = await problemOf(await order(big, json), { status: 413, code: 'body_too_large' });
  assert.equal(announced['maxBytes'], 65_536);
  const chunked = new Blob([big]).stream();
  await problemOf(await order(chunked, json), { status: 413, code: 'body_too_large' });
});

it('a body is counted while it comes in one byte at a time', async () => {
  const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const sending = request(`${server.url}/v1/jobs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': json, 'idempotency-key': 'k' },
    });
    sending.on('error', reject);
    sending.on('response', (response) =>
      text(response).then((body) => resolve({ status: response.statusCode!, body }), reject),
    );
    for (let n = 0; n < 70_000; n++) sending.write('[');
    sending.end();
  });
  assert.equal(answer.status, 413);
});

it('a client that leaves in the middle of its body harms nobody', async () => {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /v1/jobs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${json}\r\nContent-Length: 100\r\n\r\n{"pre`,
  );
  await new Promise((resolve) => socket.once('connect', resolve));
  await server.call('/healthz');
  socket.destroy();
  await new Promise((resolve) => socket.once('close', resolve));
});

it('a lent chunk is whole until the next one is asked for, and its memory is free then', async () => {
  const chunks = ['first', 'second'].map((text) => new Uint8Array(new TextEncoder().encode(text)));
  const incoming = Readable.from(chunks);
  const seen: string[] = [];
  for await (const chunk of lentChunks({ env: { incoming } } as never)) seen.push(Buffer.from(chunk).toString());
  assert.deepEqual(seen, ['first', 'second']);
  assert.deepEqual(
    chunks.map((chunk) => chunk.length),
    [0, 0],
  );
});

it('an unknown route is not found, under every method', async () => {
  for (const path of [
    '/',
    '/v1',
    '/v1/nothing',
    '/v1/jobs/a/b/c',
    '/.env',
    '/data/kling-video-cover.db',
    '//v1/session',
  ])
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
      await problemOf(await server.call(path, { method }), { status: 404, code: 'not_found' });
  await problemOf(await server.call('/v1/session', { token, method: 'PUT' }), { status: 404, code: 'not_found' });
});

it('every answer carries the standing headers, errors and unknown routes too', async () => {
  for (const [path, status] of Object.entries({ '/v1/session': 401, '/nothing': 404, '/healthz': 200 })) {
    const answer = await server.call(path);
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
    assert.equal(answer.headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'");
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(answer.headers.get('strict-transport-security'), null);
    assert.match(answer.headers.get('x-request-id')!, /^[0-9a-f-]{36}$/);
  }
});

it('what was not expected is a bare internal error, and the log has the cause', async () => {
  const { accounts } = server.parts.store;
  const get = accounts.get;
  accounts.get = () => Promise.reject(new Error('canary /etc/secret'));
  try {
    const answer = await server.call('/v1/session', { token });
    const problem = await problemOf(answer, { status: 500, code: 'internal' });
    assert.doesNotMatch(JSON.stringify(problem), /canary|secret/);
    const [entry] = server.logged.splice(0);
    assert.equal((entry!.facts as { requestId: string }).requestId, problem.requestId);
    assert.match(String((entry!.facts as { err: Error }).err), /canary/);
  } finally {
    accounts.get = get;
  }
});
