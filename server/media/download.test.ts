import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createRawServer, type AddressInfo, type Server } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { createDownloader, type DownloadSettings } from './download.ts';

const body = Buffer.from('the whole clip, byte by byte');

async function listen<S extends Server>(t: TestContext, server: S, close: () => void): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(close);
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A web server on loopback; answers its `host:port`. */
function serve(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  return listen(t, server, () => {
    server.closeAllConnections();
    server.close();
  });
}

/** Sends these bytes and closes, or keeps silent when there are none. */
function serveRaw(t: TestContext, bytes: Buffer | null): Promise<string> {
  const server = createRawServer((socket) => {
    socket.on('error', () => {});
    t.after(() => socket.destroy());
    if (bytes) socket.once('data', () => socket.end(bytes));
  });
  return listen(t, server, () => server.close());
}

const downloader = (allowedHosts: string[], changes: Partial<DownloadSettings> = {}) =>
  createDownloader({ allowedHosts, maxBytes: 1_000_000, timeoutMs: 5000, ...changes });
const download = (host: string, changes: Partial<DownloadSettings> = {}) =>
  downloader([host], changes)(`http://${host}/clip.mp4?sign=secret`, buffer);
const answers = (address: string) => async () => [{ address, family: address.includes(':') ? 6 : 4 }];
const unconsumed = () => assert.fail('the body must not be reached');

test('a body is consumed whole, and nothing that identifies us is sent', async (t) => {
  let asked: IncomingMessage | undefined;
  const host = await serve(t, (request, response) => {
    asked = request;
    response.end(body);
  });
  assert.deepEqual(await download(host), { outcome: 'ok', value: body, bytes: body.length });
  assert.equal(asked?.url, '/clip.mp4?sign=secret');
  for (const name of ['authorization', 'cookie', 'referer']) assert.equal(asked?.headers[name], undefined);
});

test('an empty body is a whole body', async (t) => {
  const host = await serve(t, (_, response) => response.end());
  assert.deepEqual(await download(host), { outcome: 'ok', value: Buffer.alloc(0), bytes: 0 });
});

test('403, 404 and 410 are gone; other statuses are unclear', async (t) => {
  for (const status of [403, 404, 410]) {
    const host = await serve(t, (_, response) => response.writeHead(status).end('no'));
    assert.deepEqual(await download(host), { outcome: 'gone', status });
  }
  for (const status of [201, 204, 206, 304, 400, 401, 429, 500, 503]) {
    const host = await serve(t, (_, response) => response.writeHead(status).end());
    assert.deepEqual(await download(host), { outcome: 'unclear', reason: `HTTP ${status}` });
  }
});

test('every form of a private address is blocked, even when it is on the list', async () => {
  const literals =
    '127.0.0.1 127.1 0x7f.1 0x7f000001 2130706433 017700000001 0177.0.0.1 0 0.0.0.0 10.0.0.1 192.168.1.1 172.16.0.1 100.64.0.1 ' +
    '169.254.169.254 169.254.169.254. 2852039166 0xa9fea9fe [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:169.254.169.254] ' +
    '[64:ff9b::7f00:1] [64:ff9b::169.254.169.254] [2002:7f00:1::] [fd00::1] [fe80::1] １２７.0.0.1';
  for (const host of literals.split(' ')) {
    const result = await downloader([host])(`https://${host}/`, unconsumed);
    assert.deepEqual(result, { outcome: 'blocked', reason: 'address' }, host);
  }
});

test('a name that stands for a private address is blocked, also when a public one stands beside it', async () => {
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '100.64.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
  ]) {
    const alone = downloader(['klingai.com'], { lookup: answers(address) });
    const family = address.includes(':') ? 6 : 4;
    const mixed = downloader(['klingai.com'], {
      lookup: async () => [
        { address: '8.8.8.8', family: 4 },
        { address, family },
      ],
    });
    for (const each of [alone, mixed])
      assert.deepEqual(
        await each('https://a.klingai.com/', unconsumed),
        { outcome: 'blocked', reason: 'address' },
        address,
      );
  }
  const none = downloader(['klingai.com'], { lookup: async () => [] });
  assert.equal((await none('https://klingai.com/', unconsumed)).outcome, 'blocked');
});

test('the machine’s own resolver is checked too', async () => {
  const result = await downloader(['localhost'])('https://localhost/', unconsumed);
  assert.deepEqual(result, { outcome: 'blocked', reason: 'address' });
});

test('a name that turns private between two answers is never connected to', async () => {
  let asked = 0;
  // Unallocated public space (2a00:ffff::/32): no machine of anybody's is there.
  const turning = async () => [
    asked++ === 0 ? { address: '2a00:ffff::1', family: 6 } : { address: '127.0.0.1', family: 4 },
  ];
  const rebound = downloader(['klingai.com'], { lookup: turning, timeoutMs: 300 });
  const first = await rebound('https://klingai.com/', unconsumed);
  assert.equal(first.outcome, 'unclear', 'the one answer that was checked is the one connected to');
  assert.equal(asked, 1);
  assert.deepEqual(await rebound('https://klingai.com/', unconsumed), { outcome: 'blocked', reason: 'address' });
});

test('a host that is not on the list is not even looked up', async () => {
  let asked = 0;
  const lookup = async () => (asked++, [{ address: '127.0.0.1', family: 4 }]);
  const result = await downloader(['klingai.com'], { lookup })('https://evilklingai.com/', unconsumed);
  assert.deepEqual(result, { outcome: 'blocked', reason: 'host' });
  assert.equal(asked, 0);
});

test('an unknown name and a closed port are unclear', async (t) => {
  const lookup = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
  const unknown = await downloader(['klingai.com'], { lookup })('https://klingai.com/', unconsumed);
  assert.deepEqual(unknown, { outcome: 'unclear', reason: 'ENOTFOUND' });
  const server = createRawServer();
  const host = await listen(t, server, () => {});
  await new Promise((resolve) => server.close(resolve));
  assert.deepEqual(await download(host), { outcome: 'unclear', reason: 'ECONNREFUSED' });
});

test('two redirects are followed, a third is not', async (t) => {
  const host = await serve(t, ({ url }, response) => {
    const left = Number(new URL(url!, 'http://x').searchParams.get('left'));
    if (left > 0) response.writeHead(302, { location: `?left=${left - 1}` });
    response.end(left > 0 ? 'moved' : body);
  });
  const go = (left: number) => downloader([host])(`http://${host}/?left=${left}`, buffer);
  assert.deepEqual(await go(2), { outcome: 'ok', value: body, bytes: body.length });
  assert.deepEqual(await go(3), { outcome: 'blocked', reason: 'redirects' });
});

test('a redirect is judged like the first URL', async (t) => {
  let reached = 0;
  const inside = await serve(t, (_, response) => response.end(`secret ${reached++}`));
  const targets: [location: string, reason: string][] = [
    [`http://${inside}/`, 'host'],
    [`//${inside}/`, 'host'],
    ['https://169.254.169.254/latest/meta-data/', 'address'],
    ['https://inside.klingai.com/', 'address'],
    ['http://inside.klingai.com/', 'protocol'],
    ['file:///etc/passwd', 'protocol'],
    ['https://user@inside.klingai.com/', 'userinfo'],
    ['https://', 'not a url'],
  ];
  for (const [location, reason] of targets) {
    const host = await serve(t, (_, response) => response.writeHead(307, { location }).end());
    const allowed = downloader([host, 'klingai.com', '169.254.169.254'], { lookup: answers('127.0.0.1') });
    const result = await allowed(`http://${host}/`, unconsumed);
    assert.deepEqual(result, { outcome: 'blocked', reason }, location);
  }
  assert.equal(reached, 0);
});

test('a redirect without a target is unclear', async (t) => {
  const host = await serve(t, (_, response) => response.writeHead(302).end());
  assert.deepEqual(await download(host), { outcome: 'unclear', reason: 'HTTP 302' });
});

test('a body cut after any byte is truncated, with a length or in chunks', async (t) => {
  const head = 'HTTP/1.1 200 OK\r\nConnection: close\r\n';
  const sized = Buffer.concat([Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n`), body]);
  const size = body.length.toString(16);
  const chunked = Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n${size}\r\n${body.toString()}\r\n0\r\n\r\n`);
  for (const whole of [sized, chunked]) {
    assert.equal((await download(await serveRaw(t, whole))).outcome, 'ok');
    const bodyStart = whole.indexOf('\r\n\r\n') + 4;
    for (let length = bodyStart; length < whole.length - (whole === chunked ? 2 : 0); length++) {
      const result = await download(await serveRaw(t, whole.subarray(0, length)));
      assert.deepEqual(result, { outcome: 'unclear', reason: 'truncated' }, `${length} of ${whole.length}`);
    }
  }
});

test('an answer cut in its head is unclear', async (t) => {
  const result = await download(await serveRaw(t, Buffer.from('HTTP/1.1 200 OK\r\nContent-Le')));
  assert.equal(result.outcome, 'unclear');
  assert.equal((await download(await serveRaw(t, Buffer.from('SSH-2.0-OpenSSH\r\n')))).outcome, 'unclear');
});

test('too large is blocked: by its length before a byte is read, without a length at the limit', async (t) => {
  const announced = await serve(t, (_, response) => response.writeHead(200, { 'content-length': 1001 }).end());
  const limits = { maxBytes: 1000 };
  const refused = await downloader([announced], limits)(`http://${announced}/`, unconsumed);
  assert.deepEqual(refused, { outcome: 'blocked', reason: 'too large' });

  const endless = await serve(t, (_, response) => {
    Readable.from(Array<Buffer>(10_000).fill(Buffer.alloc(100))).pipe(response);
  });
  let seen = 0;
  const result = await downloader([endless], limits)(`http://${endless}/`, async (stream) => {
    for await (const chunk of stream) seen += (chunk as Buffer).length;
  });
  assert.deepEqual(result, { outcome: 'blocked', reason: 'too large' });
  assert.ok(seen <= 1000);

  const exact = await serve(t, (_, response) => response.end(Buffer.alloc(1000)));
  assert.equal((await download(exact, limits)).outcome, 'ok');
});

test('a compressed answer is not taken for the file', async (t) => {
  const host = await serve(t, (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'));
  assert.deepEqual(await download(host), { outcome: 'unclear', reason: 'encoded' });
});

test('a silent server ends at the deadline', async (t) => {
  const host = await serveRaw(t, null);
  assert.deepEqual(await download(host, { timeoutMs: 100 }), { outcome: 'unclear', reason: 'deadline' });
});

test('a body that never ends, however fast, ends at the deadline', async (t) => {
  const host = await serve(t, (_, response) => {
    const timer = setInterval(() => response.write(Buffer.alloc(5000)), 5);
    response.on('close', () => clearInterval(timer));
  });
  const result = await download(host, { timeoutMs: 200, maxBytes: 1e12 });
  assert.deepEqual(result, { outcome: 'unclear', reason: 'deadline' });
});

test('a drip is too slow long before the deadline', async (t) => {
  const host = await serve(t, (_, response) => {
    const timer = setInterval(() => response.write('x'), 10);
    response.on('close', () => clearInterval(timer));
  });
  const startedMs = performance.now();
  const result = await download(host, { minBytesPerSecond: 10_000, patienceMs: 150, timeoutMs: 5000 });
  assert.deepEqual(result, { outcome: 'unclear', reason: 'too slow' });
  assert.ok(performance.now() - startedMs < 2000);
});

test('a steady side that is fast enough may take longer than the patience', async (t) => {
  const host = await serve(t, async (_, response) => {
    for (let index = 0; index < 10; index++) {
      response.write(Buffer.alloc(1000));
      await pause(40);
    }
    response.end();
  });
  const result = await download(host, { minBytesPerSecond: 1000, patienceMs: 250 });
  assert.deepEqual(result, { outcome: 'ok', value: Buffer.alloc(10_000), bytes: 10_000 });
});

test('time that the consumer takes is not held against the remote side', async (t) => {
  const host = await serve(t, (_, response) => response.end(body));
  const result = await downloader([host], { patienceMs: 50 })(`http://${host}/`, async (stream) => {
    await pause(150);
    return buffer(stream);
  });
  assert.equal(result.outcome, 'ok');
});

test('the caller’s signal ends it, before or during the download', async (t) => {
  const host = await serve(t, (_, response) => response.write('first'));
  const go = downloader([host]);
  const before = await go(`http://${host}/`, unconsumed, AbortSignal.abort());
  assert.deepEqual(before, { outcome: 'unclear', reason: 'cancelled' });
  const controller = new AbortController();
  const during = await go(
    `http://${host}/`,
    async (stream) => {
      for await (const _ of stream) controller.abort();
    },
    controller.signal,
  );
  assert.deepEqual(during, { outcome: 'unclear', reason: 'cancelled' });
});

test('an error of the consumer is thrown on, whole body or not', async (t) => {
  const host = await serve(t, (_, response) => response.end(Buffer.alloc(500_000)));
  const full = new Error('disk full');
  const go = downloader([host]);
  const early = go(`http://${host}/`, async (stream) => {
    for await (const _ of stream) throw full;
  });
  await assert.rejects(early, (error) => error === full);
  const destroyed = go(`http://${host}/`, async (stream) => {
    stream.destroy(full);
    throw full;
  });
  await assert.rejects(destroyed, (error) => error === full);
  const late = go(`http://${host}/`, async (stream) => {
    await buffer(stream);
    throw full;
  });
  await assert.rejects(late, (error) => error === full);
});

test('an error of the consumer that comes from the cut body is unclear, whatever it looks like', async (t) => {
  const host = await serveRaw(t, Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'));
  const result = await downloader([host])(`http://${host}/`, async (stream) => {
    await buffer(stream).catch((cause: unknown) => {
      throw new Error('could not store', { cause });
    });
  });
  assert.deepEqual(result, { outcome: 'unclear', reason: 'truncated' });
  const swallowed = await downloader([host])(`http://${host}/`, (stream) => buffer(stream).catch(() => 'fine'));
  assert.deepEqual(swallowed, { outcome: 'unclear', reason: 'truncated' });
});

test('a body that is not read to its end is not a download', async (t) => {
  const host = await serve(t, (_, response) => response.end(body));
  const result = await downloader([host])(`http://${host}/`, async () => 'not interested');
  assert.deepEqual(result, { outcome: 'unclear', reason: 'not read to its end' });
});
