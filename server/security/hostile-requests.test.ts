/** Requests that no honest client sends, as bytes on the wire, to our server and to the demo's host site. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { startHost, type DemoHost } from '../../demo/host.ts';
import { createAdmin } from '../admin/admin.ts';
import { problemOf, siteKey, startTestServer, type TestServer } from '../http/testing.ts';

const inner = 'canary: the inside of a file that nobody serves';
let server: TestServer;
let host: DemoHost;
let folder: string;
let token: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kvc-hostile-'));
  for (const name of ['.env', 'covers.db', 'covers.db-wal', 'kling-video-cover.js.bak', 'secret.js.map.orig'])
    await writeFile(join(folder, name), inner);
  await writeFile(join(folder, 'kling-video-cover.js'), 'export {};');
  server = await startTestServer({ widgetFolder: folder });
  const { store, runtime, log, settings } = server.parts;
  const admin = {
    store,
    runtime,
    log,
    publicUrl: settings.publicUrl,
    secret: 'x'.repeat(32),
    adminPassword: 'y'.repeat(16),
  };
  server.app.route('/admin', createAdmin(admin));
  const seller = { sellerId: 'seller-1', sellerName: 'Seller', jwtSecret: 'z'.repeat(32), apiKey: siteKey };
  host = await startHost({ port: 0, coversUrl: server.url, siteId: 'first', issuer: 'i', audience: 'a', ...seller });
  token = await server.mint();
});
after(async () => {
  await host.close();
  await server.close();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  assert.deepEqual(
    server.logged.splice(0).filter(({ level }) => level === 'error'),
    [],
  );
  assert.deepEqual(Object.keys(Object.prototype), []);
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
});

/** The whole answer to these bytes. */
function say(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.setTimeout(2_000, () => socket.destroy());
  socket.on('error', () => undefined);
  socket.write(Buffer.from(bytes, 'latin1'));
  let heard = '';
  socket.setEncoding('latin1').on('data', (text) => (heard += text));
  return new Promise((resolve) => socket.once('close', () => resolve(heard)));
}
const get = (url: string, target: string, { method = 'GET', headers = '' } = {}) =>
  say(url, `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`);
const statusOf = (heard: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1]);

describe('a path', () => {
  const up = [
    '..',
    '%2e%2e',
    '.%2e',
    '%252e%252e',
    '..%c0%af',
    '%c0%ae%c0%ae',
    '..;',
    '....',
    '..%00',
    '\\..',
    '%5c..',
  ];
  const slashes = ['/', '//', '%2f', '%252f', '\\', '%5c', '/./'];
  const files = ['package.json', '.env', 'data/kling-video-cover.db', 'covers.db-wal', 'etc/passwd', 'test.db'];
  const climbs = up.flatMap((dots) => slashes.map((slash) => `${dots}${slash}`.repeat(3)));
  const spellings = climbs.concat(
    '/',
    '//',
    '\\\\',
    'file:///',
    './',
    '~/',
    '%00/',
    'C:%5c',
    'kling-video-cover.js/../',
    'admin.css/..%2f',
  );

  it('in any spelling of any file route leaves its folder nowhere', async () => {
    const doors: [string, string][] = [
      ...['/media/', '/widget/', '/widget/0000/', '/docs/', '/admin/assets/', '/'].map((path): [string, string] => [
        server.url,
        path,
      ]),
      ...['/assets/', '/photos/', '/'].map((path): [string, string] => [host.url, path]),
    ];
    let asked = 0;
    for (const [url, prefix] of doors) {
      const targets = spellings.map((spelling, at) => `${prefix}${spelling}${files[at % files.length]}`);
      const answers = await Promise.all(targets.map((target) => get(url, target)));
      for (const [at, heard] of answers.entries()) {
        const where = `${prefix} ${targets[at]}: ${heard.slice(0, 300)}`;
        assert.ok([400, 404, ...(targets[at]!.startsWith('/admin') ? [303] : [])].includes(statusOf(heard)), where);
        assert.doesNotMatch(heard, /root:|canary: the inside|"dependencies"|SQLite format/, where);
        asked += 1;
      }
    }
    assert.ok(asked > 700, String(asked));
  });

  it('of a database, a setting, a source or a backup is not found', async () => {
    const names = [
      '.env',
      '.git/config',
      'package.json',
      'node_modules/hono/package.json',
      'server/main.ts',
      'data/demo-secret',
    ];
    const backups = [
      'covers.db',
      'covers.db-wal',
      'covers.db-shm',
      'kling-video-cover.js.bak',
      'secret.js.map.orig',
      'media',
    ];
    for (const [url, prefixes] of [
      [server.url, ['/', '/widget/', '/docs/', '/media/']],
      [host.url, ['/', '/assets/', '/photos/']],
    ] as const)
      for (const prefix of prefixes)
        for (const name of [...names, ...backups]) {
          const heard = await get(url, prefix + name);
          assert.equal(statusOf(heard), 404, prefix + name);
          assert.doesNotMatch(heard, /canary/);
        }
    assert.equal(statusOf(await get(server.url, '/widget/kling-video-cover.js')), 200, 'the folder itself is open');
  });

  it('in another form than a path, or under another method, opens nothing', async () => {
    for (const url of [server.url, host.url]) {
      for (const target of [
        `${server.url}/.env`,
        'http://other.example/.env',
        '*',
        'other.example:443',
        'x',
        '?x',
        '#x',
      ])
        assert.ok([400, 404].includes(statusOf(await get(url, target))), target);
      for (const method of ['TRACE', 'TRACK', 'PROPFIND', 'LOCK', 'PURGE', 'CONNECT', 'get']) {
        const heard = await get(url, '/widget/kling-video-cover.js', { method, headers: 'X-Canary: echo\r\n' });
        assert.ok(!(statusOf(heard) < 400) && !heard.includes('echo'), `${method}: ${heard}`);
      }
    }
  });
});

describe('a header', () => {
  it('that is too large, or comes without an end, is refused', async () => {
    for (const url of [server.url, host.url]) {
      assert.equal(statusOf(await get(url, '/', { headers: `X: ${'x'.repeat(17_000)}\r\n` })), 431);
      assert.equal(statusOf(await get(url, `/${'x'.repeat(17_000)}`)), 431);
      assert.equal(statusOf(await get(url, '/', { headers: 'X: y\r\n'.repeat(5_000) })), 431);
    }
    const asking = (spaces: number) =>
      `Origin: https://panel.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: a${' '.repeat(spaces)}b\r\n`;
    const preflight = (spaces: number) => get(server.url, '/v1/jobs', { method: 'OPTIONS', headers: asking(spaces) });
    assert.equal(statusOf(await preflight(64_000)), 431);
    const startedAt = performance.now();
    assert.equal(statusOf(await preflight(15_000)), 204);
    assert.ok(performance.now() - startedAt < 1_000);
  });

  it('cannot be put into an answer by anything that is sent', async () => {
    const splits = ['%0d%0aX-Injected: 1', '%E5%98%8A%E5%98%8DX-Injected: 1', '%0aX-Injected: 1', '%0dX-Injected:1'];
    for (const split of splits)
      for (const target of [
        `/admin/sign-in?next=/admin/${split}`,
        `/admin/${split}/`,
        `/admin/jobs?lang=en${split}`,
        `/admin/accounts/${split}/grants`,
        `/media/${split}?download=1`,
        `/v1/jobs/${split}`,
        `/${split}`,
      ]) {
        const [head] = (await get(server.url, target.replaceAll(' ', '%20'))).split('\r\n\r\n');
        assert.doesNotMatch(head!, /^x-injected/im, target);
      }
    const spoofed =
      'X-Request-Id: mine\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\nX-Original-URL: /metrics\r\nX-HTTP-Method-Override: DELETE\r\n';
    const heard = await get(server.url, '/admin/jobs', { headers: spoofed });
    assert.doesNotMatch(heard, /evil\.example|x-request-id: mine/i);
    assert.equal(statusOf(heard), 303);
  });

  it('of the Host cannot lead a visitor elsewhere', async () => {
    for (const target of [
      '/admin',
      '/admin/',
      '/admin/jobs/',
      '/admin//evil.example/',
      '/admin/\\evil.example/',
      '/admin/accounts/x/grants',
    ]) {
      const heard = await say(server.url, `GET ${target} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
      const location = /^location: (.*)$/im.exec(heard)?.[1] ?? '/admin';
      assert.match(location, /^\/admin(\/|\?|\s*$)/, target);
    }
  });
});

describe('a body', () => {
  const create = (body: string, contentType = 'application/json') =>
    server.call('/v1/jobs', {
      token,
      method: 'POST',
      headers: { 'content-type': contentType, 'idempotency-key': 'k' },
      body,
    });

  it('cannot set what only the server decides', async () => {
    const picture = await server.uploaded(token);
    await server.grant(100);
    const order = { presetId: 'video-cover', uploadId: picture.id };
    const forbidden = {
      status: 'completed',
      stage: 'done',
      tokensCost: 0,
      price: -5,
      accountId: 'x',
      siteId: 'other',
      userId: 'x',
      provider: 'kie',
      model: 'kling-v3',
      providerTaskId: '1',
      externalId: '1',
      video: { key: 'x' },
      refunded: true,
      createdAt: 0,
      id: '0199aaaa-0000-7000-8000-000000000000',
    };
    for (const [name, value] of Object.entries(forbidden))
      await problemOf(await create(JSON.stringify({ ...order, [name]: value })), {
        status: 422,
        code: 'invalid_request',
      });
    const grants = {
      id: 'x',
      balance: 1e9,
      kind: 'correction',
      actor: 'admin',
      accountId: 'x',
      jobId: 'x',
      createdAt: 0,
    };
    for (const [name, value] of Object.entries(grants)) {
      const answer = await server.call('/v1/host/accounts/seller-1/grants', {
        token: siteKey,
        json: { amount: 1, reference: 'r', [name]: value },
      });
      await problemOf(answer, { status: 422, code: 'invalid_request' });
    }
    assert.equal(((await (await server.call('/v1/session', { token })).json()) as { balance: number }).balance, 100);
  });

  it('or a query or a form that reaches for prototypes reaches nothing', async () => {
    const order = '"presetId":"video-cover"';
    for (const evil of [
      '"__proto__":{"polluted":1}',
      '"constructor":{"prototype":{"polluted":1}}',
      '"frame":{"__proto__":{"polluted":1},"x":0,"y":0,"width":1,"height":1}',
      '"frame":{"constructor":{"prototype":{"polluted":1}}}',
    ])
      assert.ok([404, 422].includes((await create(`{${order},${evil}}`)).status), evil);
    const evil =
      '__proto__=1&__proto__[polluted]=1&constructor.prototype.polluted=1&constructor[prototype][polluted]=1';
    for (const path of ['/v1/jobs', '/v1/ledger', '/v1/session'])
      assert.equal((await server.call(`${path}?${evil}`, { token })).status, 200, path);
    assert.equal((await fetch(`${server.url}/admin/sign-in?${evil}`)).status, 200);
    const form = { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' }, body: new URLSearchParams(evil) };
    assert.equal((await fetch(`${server.url}/admin/sign-in`, form)).status, 422);
    assert.equal((await fetch(`${host.url}/video-covers?${evil}&lang=__proto__&modes=__proto__`)).status, 200);
  });

  it('of a type that a page may send without asking is refused on every JSON route', async () => {
    const simple = [
      'text/plain',
      'text/ping',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      '',
    ];
    const routes: [string, string][] = [
      ['/v1/jobs', token],
      ['/v1/host/accounts/seller-1/grants', siteKey],
    ];
    for (const [path, bearer] of routes)
      for (const contentType of [
        ...simple,
        'text/plain; application/json',
        'application/json\t',
        'APPLICATION/JSONP',
      ]) {
        const headers = { 'content-type': contentType, 'idempotency-key': 'k' };
        const answer = await server.call(path, { token: bearer, method: 'POST', headers, body: Buffer.from('{}') });
        if (contentType.trim() === 'application/json') assert.notEqual(answer.status, 201);
        else await problemOf(answer, { status: 415, code: 'unsupported_media_type' });
      }
  });
});
