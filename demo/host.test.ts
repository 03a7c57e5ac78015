import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { jwtVerify } from 'jose';
import { Webhook } from 'standardwebhooks';
import { startHost, type DemoHost, type HostSettings } from './host.ts';

const jwtSecret = 'a shared secret of at least 32 bytes';
const webhookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const preset = {
  id: 'video-cover',
  kind: 'image-to-video',
  title: 'Cover',
  model: 'Kling',
  seconds: 5,
  aspectRatio: '3:4',
};

/** The few answers of a covers server that the panel's backend reads, and what it sent to get them. */
const asked: { path: string; authorization: string }[] = [];
const covers: Server = createServer((incoming, answer) => {
  const path = incoming.url ?? '';
  asked.push({ path, authorization: incoming.headers.authorization ?? '' });
  const known: Record<string, unknown> = {
    '/v1/host/accounts/seller%2F7': { userId: 'seller/7', balance: 42, createdAt: '2026-11-20T00:00:00Z' },
    '/v1/session': { presets: [{ ...preset, tokensCost: 10 }] },
  };
  answer.statusCode = path in known ? 200 : 404;
  answer.end(JSON.stringify(known[path] ?? {}));
});

let settings: HostSettings;
let panel: DemoHost;

before(async () => {
  await new Promise<void>((listening) => covers.listen(0, '127.0.0.1', listening));
  settings = {
    port: 0,
    coversUrl: `http://127.0.0.1:${(covers.address() as AddressInfo).port}`,
    siteId: 'demo',
    issuer: 'https://panel.example',
    audience: 'kling-video-cover',
    jwtSecret,
    apiKey: 'site-key',
    sellerId: 'seller/7',
    sellerName: 'Анна <b>Соколова</b>',
    webhookSecret,
  };
  panel = await startHost(settings);
});

after(async () => {
  await panel.close();
  covers.close();
});

const get = (path: string): Promise<Response> => fetch(`${panel.url}${path}`);

/** Sends the path byte for byte; `fetch` would tidy its dots first. */
function getRaw(path: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(panel.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, agent: false }, async (answer) => {
      let body = '';
      for await (const chunk of answer) body += String(chunk);
      resolve({ status: answer.statusCode ?? 0, body });
    });
    sent.on('error', reject).end();
  });
}

test('the token is signed for the seller, for this audience and for ten minutes, and is not cached', async () => {
  const response = await get('/api/video-cover-token');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const { token } = (await response.json()) as { token: string };
  const { payload, protectedHeader } = await jwtVerify(token, new TextEncoder().encode(jwtSecret), {
    issuer: settings.issuer,
    audience: settings.audience,
    subject: settings.sellerId,
    algorithms: ['HS256'],
  });
  assert.equal(protectedHeader.alg, 'HS256');
  assert.equal(payload.exp! - payload.iat!, 600);
  assert.equal(payload.name, settings.sellerName);
  assert.equal(payload.locale, 'ru');
});

test('a known locale reaches the token and an unknown one does not', async () => {
  for (const [asks, gets] of [
    ['vi', 'vi'],
    ['xx', 'ru'],
  ]) {
    const { token } = (await (await get(`/api/video-cover-token?locale=${asks}`)).json()) as { token: string };
    const { payload } = await jwtVerify(token, new TextEncoder().encode(jwtSecret));
    assert.equal(payload.locale, gets);
  }
});

test('every page carries a policy that allows the covers server and nothing inline', async () => {
  for (const path of ['/', '/cards', '/video-covers', '/descriptions', '/prices', '/no-such-page']) {
    const response = await get(path);
    const policy = response.headers.get('content-security-policy') ?? '';
    assert.match(policy, /^default-src 'none'; /, path);
    assert.ok(policy.includes(`script-src 'self' ${settings.coversUrl};`), path);
    assert.ok(policy.includes(`media-src ${settings.coversUrl};`), path);
    assert.doesNotMatch(policy, /unsafe-/, path);
    const page = await response.text();
    assert.doesNotMatch(page, /<script(?![^>]*\ssrc=)|\sstyle=|<style|\son\w+=/, path);
    assert.doesNotMatch(page, /\{\{/, path);
  }
});

test('both menus put video covers, with a video icon, between cards and descriptions on every page', async () => {
  for (const path of ['/', '/cards', '/video-covers', '/descriptions', '/prices']) {
    const page = await (await get(path)).text();
    const menus = [...page.matchAll(/<nav [\s\S]*?<\/nav>/g)].map(([menu]) => menu);
    assert.equal(menus.length, 2, path);
    for (const menu of menus) {
      const titles = [...menu.matchAll(/<span>(.*?)<\/span>/g)].map(([, title]) => title);
      assert.deepEqual(titles, ['Обзор', 'Карточки', 'Видеообложки', 'Описания', 'Цены'], path);
      assert.match(menu, /href="\/video-covers"[^<]*<svg[^<]*<use href="\/assets\/icons\.svg#video">/, path);
      assert.equal(menu.split('aria-current="page"').length, 2, path);
    }
  }
});

test('the widget is embedded by its script tag from the covers server', async () => {
  const page = await (await get('/video-covers')).text();
  assert.ok(page.includes(`<script type="module" src="${settings.coversUrl}/widget/kling-video-cover.js"></script>`));
  const [tag] = /<kling-video-cover [^>]*>/.exec(page) ?? [''];
  assert.deepEqual(tag.split(/\s+/), [
    '<kling-video-cover',
    `server="${settings.coversUrl}"`,
    'token-url="/api/video-cover-token"',
    'lang="ru">',
  ]);
});

test('the address chooses language, theme and known modes of the widget', async () => {
  const page = await (await get('/video-covers?lang=vi&theme=dark&modes=cover+library+"><script>')).text();
  assert.match(page, /<kling-video-cover [^>]*lang="vi"\s+theme="dark"\s+modes="cover library">/);
  assert.match(await (await get('/video-covers?lang="><b>&theme=pink')).text(), /<kling-video-cover [^>]*lang="ru">/);
});

test('the seller name is escaped', async () => {
  const page = await (await get('/')).text();
  assert.ok(page.includes('Анна &lt;b&gt;Соколова&lt;/b&gt;'));
  assert.ok(!page.includes('<b>Соколова'));
});

test('the balance is read with the site API key and the prices with a seller token', async () => {
  assert.deepEqual(await (await get('/api/balance')).json(), { balance: 42 });
  assert.equal(asked.at(-1)?.authorization, 'Bearer site-key');
  assert.deepEqual(await (await get('/api/prices')).json(), { prices: [{ ...preset, tokensCost: 10 }] });
  assert.match(asked.at(-1)?.authorization ?? '', /^Bearer ey/);
});

test('an unreachable covers server makes balance and prices a 502 while the pages stay up', async () => {
  const lonely = await startHost({ ...settings, coversUrl: 'http://127.0.0.1:1' });
  try {
    for (const path of ['/api/balance', '/api/prices'])
      assert.equal((await fetch(lonely.url + path)).status, 502, path);
    assert.equal((await fetch(lonely.url)).status, 200);
  } finally {
    await lonely.close();
  }
});

test('unknown paths are not found', async () => {
  for (const path of ['/nope', '/assets/', '/assets/nope.css', '/photos/nope.jpg', '/api/nope', '/host.ts']) {
    assert.equal((await get(path)).status, 404, path);
  }
});

test('no spelling of a parent folder leaves the public folder', async () => {
  const secretLine = (await readFile(new URL('covers.ts', import.meta.url), 'utf8')).split('\n')[0]!;
  const climbs = ['..%2f', '%2e%2e/', '%2e%2e%2f', '../', '..%5c', '%252e%252e%252f', './../', '..%2fpublic%2f..%2f'];
  for (const folder of ['/', '/assets/', '/photos/']) {
    for (const climb of climbs) {
      const { status, body } = await getRaw(`${folder}${climb}covers.ts`);
      assert.equal(status, 404, folder + climb);
      assert.ok(!body.includes(secretLine), folder + climb);
    }
  }
  assert.equal((await getRaw('/assets/panel.css')).status, 200);
});

test('sample photos are pictures the widget takes; their drawings and scripts are not handed out', async () => {
  const { photos } = (await (await get('/api/photos')).json()) as { photos: { name: string; url: string }[] };
  assert.ok(photos.length > 0);
  const page = await (await get('/video-covers')).text();
  for (const { url } of photos) {
    const response = await get(url);
    assert.equal(response.status, 200, url);
    assert.match(response.headers.get('content-type') ?? '', /^image\/(jpeg|png|webp)$/);
    await response.arrayBuffer();
    assert.ok(page.includes(`data-pick="${url}"`), url);
  }
  for (const path of ['/photos/mug.svg', '/photos/draw.ts']) assert.equal((await get(path)).status, 404, path);
});

test('a webhook is taken once when its signature is good, and not at all when it is not', async () => {
  const send = (id: string, body: string, signed = body) => {
    const now = new Date();
    const signature = new Webhook(webhookSecret).sign(id, now, signed);
    const timestamp = String(Math.floor(now.getTime() / 1000));
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
    return fetch(`${panel.url}/api/webhooks/covers`, { method: 'POST', headers, body });
  };
  const message = (balance: number) =>
    JSON.stringify({ type: 'balance.changed', timestamp: '2026-11-20T12:00:00.000Z', data: { balance } });
  for (const [id, balance] of [
    ['msg_1', 5],
    ['msg_1', 5],
    ['msg_2', 6],
  ] as const)
    assert.equal((await send(id, message(balance))).status, 204);
  assert.equal((await send('msg_3', message(1_000_000), message(7))).status, 401);
  assert.equal((await fetch(`${panel.url}/api/webhooks/covers`, { method: 'POST', body: message(8) })).status, 401);
  const { news } = (await (await get('/api/webhooks/covers')).json()) as { news: { id: string; data: object }[] };
  assert.deepEqual(
    news.map(({ id, data }) => [id, data]),
    [
      ['msg_2', { balance: 6 }],
      ['msg_1', { balance: 5 }],
    ],
  );
  for (let n = 0; n < 25; n++) await send(`many_${n}`, message(n));
  const { news: kept } = (await (await get('/api/webhooks/covers')).json()) as { news: object[] };
  assert.equal(kept.length, 20);
});
