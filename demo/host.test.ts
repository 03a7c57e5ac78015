import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { jwtVerify } from 'jose';
import { Webhook } from 'standardwebhooks';
import { audiencePath, audiences } from './docs/audiences.ts';
import { startHost, type DemoHost, type HostSettings } from './host.ts';
import { sections } from './menu.ts';

const jwtSecret = 'a shared secret of at least 32 bytes';
const webhookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const paths = [...sections.map(({ path }) => path), ...audiences.map(audiencePath)];
const preset = {
  id: 'video-cover',
  kind: 'image-to-video',
  title: 'Cover',
  model: 'Kling',
  seconds: 5,
  aspectRatio: '3:4',
};

const clip = {
  ...preset,
  id: 'clip',
  title: 'Clip',
  quality: '720p',
  tokensCost: 1,
  choices: {
    aspectRatios: [
      { value: '3:4', extraTokens: 0 },
      { value: '1:1', extraTokens: 0 },
    ],
    seconds: [
      { value: 5, extraTokens: 0 },
      { value: 10, extraTokens: 1 },
    ],
    modes: [{ value: 'pro', quality: '1080p', extraTokens: 2 }],
  },
};
const presets = [{ ...preset, tokensCost: 10 }, clip];

/** The few answers of a covers server that the panel's backend reads, and what it sent to get them. */
const asked: { path: string; authorization: string }[] = [];
const covers: Server = createServer((incoming, answer) => {
  const path = incoming.url ?? '';
  asked.push({ path, authorization: incoming.headers.authorization ?? '' });
  const known: Record<string, unknown> = {
    '/v1/host/accounts/seller%2F7': { userId: 'seller/7', balance: 42, createdAt: '2026-11-20T00:00:00Z' },
    '/v1/session': { presets },
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
  for (const path of [...paths, '/no-such-page']) {
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

test('every menu puts video covers, with a video icon, right behind cards, and all that is made before descriptions', async () => {
  const made = ['Видеообложки', 'Сцены', 'Видео по описанию', 'Видео из фото', 'Картинка по описанию'];
  made.push('Картинка из фото', 'Студия', 'Библиотека');
  const all = ['Обзор', 'Карточки', ...made, 'Описания', 'Цены', 'Темы', 'Документация'];
  const bar = ['Обзор', 'Карточки', 'Видеообложки', 'Описания', 'Меню'];
  for (const path of paths) {
    const page = await (await get(path)).text();
    const [, ...behind] = page.split(/<ul class="(?:menu|bar)">/);
    const lists = behind.map((rest) => rest.split(/<\/nav>|<div/)[0]!);
    const titles = lists.map((list) => [...list.matchAll(/<span>(.*?)<\/span>/g)].map(([, title]) => title));
    assert.deepEqual(titles, [all, bar, all], path);
    for (const list of lists)
      assert.match(list, /href="\/video-covers"[^<]*<svg[^<]*<use href="\/assets\/icons\.svg#video">/, path);
    const [side, , sheet] = lists.map((list) => list.split('aria-current="page"').length - 1);
    assert.deepEqual([side, sheet], [1, 1], path);
  }
});

test('each kind of generation has a page of its own with that mode, and one page has several', async () => {
  for (const [path, modes] of [
    ['/scenes', 'scenes'],
    ['/text-to-video', 'text-to-video'],
    ['/image-to-video', 'image-to-video'],
    ['/text-to-image', 'text-to-image'],
    ['/image-to-image', 'image-to-image'],
    ['/library', 'library'],
    ['/studio', 'cover scenes image-to-video library'],
  ]) {
    const page = await (await get(path!)).text();
    assert.match(page, new RegExp(`<kling-video-cover [^>]*modes="${modes}"`), path);
    const takesPhotos = /cover|scenes|image-to-/.test(modes!);
    assert.equal(page.includes('data-pick='), takesPhotos, `${path}: sample photos`);
  }
});

test('the panel speaks the chosen language from then on, and no Russian is left in the others', async () => {
  for (const [lang, title] of [
    ['en', 'Prices'],
    ['vi', 'Bảng giá'],
  ] as const) {
    const first = await get(`/?lang=${lang}`);
    const cookie = first.headers.get('set-cookie')!.split(';')[0]!;
    for (const path of [...paths, '/no-such-page']) {
      const page = await (await fetch(panel.url + path, { headers: { cookie } })).text();
      assert.match(page, new RegExp(`<html lang="${lang}"`), path);
      assert.ok(page.includes(title), path);
      const ours = page.replace(/Русский|Анна &lt;b&gt;Соколова&lt;\/b&gt;|АС|А&lt;/g, '');
      assert.doesNotMatch(ours, /[а-яё]/i, path);
    }
    const changed = await (await fetch(`${panel.url}/scenes?lang=ru`, { headers: { cookie } })).text();
    assert.match(changed, /<html lang="ru"/, 'the address wins');
  }
  const odd = await fetch(panel.url, { headers: { cookie: 'panel-lang="><script>' } });
  assert.match(await odd.text(), /<html lang="ru"/);
});

test('a language link keeps what else the address chose', async () => {
  const page = await (await get('/video-covers?theme=dark&product=lamp&modes=cover+library')).text();
  assert.ok(page.includes('href="?lang=vi&amp;theme=dark&amp;modes=cover+library&amp;product=lamp"'));
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
  assert.deepEqual(await (await get('/api/prices')).json(), { prices: presets });
  assert.match(asked.at(-1)?.authorization ?? '', /^Bearer ey/);
});

test('the price list shows every preset in the language of the page, with what costs more', async () => {
  const page = await (await get('/prices?lang=en')).text();
  const rows = [...page.matchAll(/<tr>\s*<th scope="row">([\s\S]*?)<\/tr>/g)].map(([, row]) =>
    row!
      .replace(/<[^>]+>|\s+/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  assert.equal(rows.length, 8);
  assert.ok(rows.includes('Video cover 5 seconds · 3:4 · Kling 10'), rows.join('\n'));
  assert.ok(rows.includes('Clip 5 seconds · 3:4, 1:1 · 720p · Kling · 10 seconds: +1 token · 1080p: +2 tokens from 1'));
});

test('an unreachable covers server makes balance and prices a 502 while the pages stay up', async () => {
  const lonely = await startHost({ ...settings, coversUrl: 'http://127.0.0.1:1' });
  try {
    for (const path of ['/api/balance', '/api/prices'])
      assert.equal((await fetch(lonely.url + path)).status, 502, path);
    for (const path of ['/', '/prices']) assert.equal((await fetch(lonely.url + path)).status, 200, path);
    assert.match(
      await (await fetch(`${lonely.url}/prices?lang=en`)).text(),
      /Video cover[^/]*<span>.*not available now/s,
    );
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
