import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, it } from 'node:test';
import { startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
before(async () => (server = await startTestServer()));
after(() => server.close());

/** Everything the server says to these bytes until it closes, or has been silent for a moment after its answer. */
function say(bytes: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.setTimeout(300, () => socket.destroy());
  socket.on('error', () => undefined);
  socket.write(bytes);
  let heard = '';
  socket.setEncoding('latin1').on('data', (text) => (heard += text));
  return new Promise((resolve) => socket.once('close', () => resolve(heard)));
}
const statuses = (heard: string) => [...heard.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));

it('odd request targets reach no file and no record', async () => {
  const targets = [
    '/media/../../etc/passwd',
    '/widget/..%2f..%2fpackage.json',
    '/widget/%2e%2e/%2e%2e/package.json',
    '/widget//etc/passwd',
    '/widget/..\\..\\package.json',
    '/docs/../../package.json',
    '/docs/%2e%2e%2fpackage.json',
    '/%00',
    '/media/%',
    '//etc/passwd',
    'http://other.example/etc/passwd',
    '*',
  ];
  const answers = await Promise.all(targets.map((target) => say(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`)));
  for (const [at, heard] of answers.entries()) {
    assert.ok(
      statuses(heard).every((status) => status === 404 || status === 400),
      `${targets[at]}: ${heard}`,
    );
    assert.equal(statuses(heard).length, 1, targets[at]);
  }
});

it('a request with two lengths, or a body hidden behind one, is never answered as two', async () => {
  const hidden = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
  for (const lengths of [
    `Content-Length: 0\r\nTransfer-Encoding: chunked\r\n`,
    `Content-Length: 5\r\nContent-Length: ${hidden.length}\r\n`,
    `Transfer-Encoding: chunked, identity\r\n`,
    `Content-Length: +5\r\n`,
  ]) {
    const heard = await say(`POST /hooks/kling/x HTTP/1.1\r\nHost: x\r\n${lengths}\r\n0\r\n\r\n${hidden}`);
    assert.deepEqual(statuses(heard), [400], lengths);
  }
});

it('methods and hosts that mean nothing here are refused without a word about the inside', async () => {
  for (const request of [
    'TRACE /v1/session HTTP/1.1\r\nHost: x\r\n\r\n',
    'CONNECT other.example:443 HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n',
    'GET /healthz HTTP/1.1\r\n\r\n',
    `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    'nonsense\r\n\r\n',
  ]) {
    const heard = await say(request);
    assert.ok(
      statuses(heard).every((status) => status >= 400 && status < 500),
      heard,
    );
    assert.doesNotMatch(heard, /node_modules|at \w+ \(|\/server\//);
  }
  assert.equal((await server.call('/healthz')).status, 200);
  assert.deepEqual(server.logged, []);
});
