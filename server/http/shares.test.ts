import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import type { Share } from '../contract.ts';
import type { StoredResult } from '../store/schema.ts';
import { testPreset } from '../store/testing.ts';
import { problemOf, startTestServer, type TestServer } from './testing.ts';

const bytes = Buffer.from('0123456789 the clip itself');
const missing = { status: 404, code: 'not_found' };

let server: TestServer;
let token: string;
before(async () => {
  server = await startTestServer();
  const { store } = server.parts;
  const words = { ...testPreset, presetId: 'words', kind: 'text-to-video', aspectRatio: '16:9' } as const;
  const banana = { provider: 'kie', model: 'google/nano-banana-edit', mode: '', seconds: 0 } as const;
  const picture = { ...testPreset, ...banana, presetId: 'picture', kind: 'image-to-image' } as const;
  await store.presets.addMissing([words, picture], 1);
  await server.grant(10_000);
  token = await server.mint();
});
after(() => server.close());

interface Wish {
  presetId?: string;
  title?: string;
  link?: StoredResult['link'];
  still?: boolean;
}

async function* one() {
  yield bytes;
}

/** An order, and its job brought to its end as the worker would. */
async function ordered({ presetId = 'video-cover', title }: Wish = {}): Promise<string> {
  const { id: uploadId } = await server.uploaded(token);
  const body = { presetId, uploadId, ...(title !== undefined && { title }) };
  const answer = await server.order(token, { key: uuidv7(), body });
  return ((await answer.json()) as { job: { id: string } }).job.id;
}

async function finished(wish: Wish = {}): Promise<string> {
  const { store, runtime, blobs } = server.parts;
  const id = await ordered(wish);
  const { accountId, kind } = (await store.jobs.get(id))!;
  const isPicture = kind.endsWith('-image');
  const key = `${accountId}/${kind}/${id}-1.${isPicture ? 'png' : 'mp4'}`;
  const poster = `${accountId}/stills/${id}-1.jpg`;
  if (!wish.link) await blobs.put(key, one(), { maxBytes: 100 });
  if (wish.still) await blobs.put(poster, one(), { maxBytes: 100 });
  const file = {
    key,
    bytes: bytes.length,
    sha256: 'x',
    width: 720,
    height: 960,
    ...(wish.link && { link: wish.link }),
  };
  const set = {
    ...(wish.still && { still: { ...file, key: poster, contentType: 'image/jpeg' } }),
    ...(isPicture
      ? { image: { ...file, contentType: 'image/png' } }
      : { video: { ...file, contentType: 'video/mp4', seconds: 5 } }),
  };
  const now = runtime.now();
  await store.transaction(async (tx) => {
    for (const stage of ['submitting', 'generating', 'saving'] as const)
      await store.jobs.advance(tx, stage, { id, now });
    await store.jobs.advance(tx, 'done', { id, now, set: { ...set, completedAt: now } });
  });
  return id;
}

const askShare = (id: string, method = 'POST') => server.call(`/v1/jobs/${id}/share`, { token, method });
async function shared(id: string): Promise<Share> {
  const answer = await askShare(id);
  assert.equal(answer.status, 200);
  return ((await answer.json()) as { share: Share }).share;
}
const pathOf = (url: string) => new URL(url).pathname;
/** The page, the file and the poster. */
const allOf = ({ url }: Share) => ['', '/file', '/poster'].map((part) => pathOf(url) + part);

async function allAreGone(share: Share): Promise<void> {
  for (const path of allOf(share)) await problemOf(await server.call(path), missing);
}

describe('a public link', () => {
  it('opens page, file and poster to anybody, under a name that nobody guesses', async () => {
    const share = await shared(await finished({ still: true }));
    assert.match(pathOf(share.url), /^\/s\/[\w-]{22}$/);
    for (const path of allOf(share)) {
      const answer = await server.call(path);
      assert.equal(answer.status, 200, path);
      assert.equal(answer.headers.get('cache-control'), 'public, max-age=300', path);
      await answer.arrayBuffer();
    }
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await shared(await finished())).url));
    assert.equal(new Set(ids).size, 20);
  });

  it('is the same until it is ended, and then another', async () => {
    const id = await finished({ still: true });
    const [first, second] = await Promise.all([shared(id), shared(id)]);
    assert.deepEqual(first, second);
    assert.equal((await askShare(id, 'DELETE')).status, 204);
    assert.equal((await askShare(id, 'DELETE')).status, 204, 'to end none is no error');
    await allAreGone(first);
    assert.notEqual((await shared(id)).url, first.url);
    await allAreGone(first);
  });

  it('ends with its job', async () => {
    const id = await finished({ still: true });
    const share = await shared(id);
    assert.equal((await server.call(`/v1/jobs/${id}`, { token, method: 'DELETE' })).status, 204);
    await allAreGone(share);
    await problemOf(await askShare(id), missing);
  });

  it('is for finished jobs of one’s own', async () => {
    await problemOf(await askShare(await ordered()), { status: 409, code: 'not_shareable' });
    const id = await finished();
    const stranger = await server.mint({ sub: 'stranger' });
    for (const method of ['POST', 'DELETE'])
      await problemOf(await server.call(`/v1/jobs/${id}/share`, { token: stranger, method }), missing);
    const share = await shared(id);
    await server.call(`/v1/jobs/${id}/share`, { token: stranger, method: 'DELETE' });
    assert.equal((await server.call(pathOf(share.url))).status, 200);
  });

  it('that nobody made is missing, whatever it looks like', async () => {
    for (const name of ['x', 'A'.repeat(22), "' or 1=1 --", '..%2f..%2fetc', '%00', '__proto__', 'x'.repeat(3000)])
      await problemOf(await server.call(`/s/${encodeURI(name)}/file`), missing);
  });

  it('gives its file by ranges, counts who begins to read, and saves without running', async () => {
    const id = await finished();
    const path = pathOf((await shared(id)).videoUrl);
    const part = await server.call(path, { headers: { range: 'bytes=2-4' } });
    assert.deepEqual([part.status, await part.text()], [206, '234']);
    assert.equal(part.headers.get('content-range'), `bytes 2-4/${bytes.length}`);
    const beyond = await server.call(path, { headers: { range: 'bytes=900-' } });
    assert.deepEqual([beyond.status, await beyond.text()], [416, '']);
    const head = await server.call(path, { method: 'HEAD' });
    assert.equal(head.headers.get('content-length'), String(bytes.length));
    const whole = await server.call(path);
    assert.equal(await whole.text(), bytes.toString());
    assert.equal(whole.headers.get('content-type'), 'video/mp4');
    assert.match(whole.headers.get('content-security-policy')!, /sandbox/);
    assert.equal(whole.headers.get('cross-origin-resource-policy'), 'cross-origin');
    const again = await server.call(path, { headers: { 'if-none-match': whole.headers.get('etag')! } });
    assert.equal(again.status, 304);
    for (let tries = 0; (await server.parts.store.jobs.get(id))!.views === 0; tries++) {
      assert.ok(tries < 100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal((await server.parts.store.jobs.get(id))!.views, 1);
  });

  it('of a clip made from words has a drawn poster', async () => {
    const share = await shared(await finished({ presetId: 'words', title: 'Mug' }));
    assert.equal(pathOf(share.posterUrl), '/posters/16x9.svg');
    assert.equal((await server.call(pathOf(share.posterUrl))).headers.get('content-type'), 'image/svg+xml');
    await problemOf(await server.call(`${pathOf(share.url)}/poster`), missing);
  });

  it('is limited in how many are made a minute', async () => {
    const small = await startTestServer({ perMinute: { creates: 2 } });
    try {
      const mine = await small.mint();
      const ask = () => small.call('/v1/jobs/nothing/share', { token: mine, method: 'POST' });
      assert.deepEqual([(await ask()).status, (await ask()).status, (await ask()).status], [404, 404, 429]);
    } finally {
      await small.close();
    }
  });
});

describe('a result that is only linked to', () => {
  const url = 'https://cdn.provider.example/clip.mp4?sign=a&b="c"';

  it('is sent on to its address until that ends, and then is gone', async () => {
    const expiresAt = server.parts.runtime.now() + 3_600_000;
    const id = await finished({ link: { url, expiresAt }, still: true });
    const share = await shared(id);
    const file = await fetch(server.url + pathOf(share.videoUrl), { redirect: 'manual' });
    assert.deepEqual([file.status, file.headers.get('location')], [302, url]);
    assert.equal(file.headers.get('cache-control'), 'no-store');
    const page = await server.call(pathOf(share.url));
    assert.match(page.headers.get('content-security-policy')!, /media-src 'self' https:\/\/cdn\.provider\.example;/);
    assert.doesNotMatch(await page.text(), /cdn\.provider/);
    server.advance(3_600_001);
    token = await server.mint();
    await allAreGone(share);
    await problemOf(await askShare(id), { status: 409, code: 'not_shareable' });
    const { job } = (await (await server.call(`/v1/jobs/${id}`, { token })).json()) as { job: { video: object } };
    assert.equal((job.video as { expired: boolean }).expired, true);
  });
});

describe('the page', () => {
  const pageOf = async (share: Share, language?: string) =>
    server.call(pathOf(share.url), language ? { headers: { 'accept-language': language } } : {});

  it('plays the clip and says so to messengers', async () => {
    const share = await shared(await finished({ title: 'Clay mug', still: true }));
    const page = await (await pageOf(share)).text();
    const tags = Object.fromEntries(
      [...page.matchAll(/<meta property="([^"]+)" content="([^"]*)"/g)].map(([, name, content]) => [name, content]),
    );
    assert.deepEqual(tags, {
      'og:title': 'Clay mug',
      'og:type': 'video.other',
      'og:url': share.url,
      'og:image': share.posterUrl,
      'og:image:width': '720',
      'og:image:height': '960',
      'og:video': share.videoUrl,
      'og:video:type': 'video/mp4',
      'og:video:width': '720',
      'og:video:height': '960',
    });
    assert.match(page, new RegExp(`<video\\s+src="${share.videoUrl}"\\s+poster="${share.posterUrl}"[^>]*playsinline`));
    assert.match(page, /<meta name="robots" content="noindex"/);
  });

  it('shows a picture as a picture', async () => {
    const share = await shared(await finished({ presetId: 'picture', title: '' }));
    const page = await (await pageOf(share)).text();
    assert.equal(share.posterUrl, share.videoUrl);
    assert.match(page, new RegExp(`<img src="${share.videoUrl}" width="720" height="960" alt="Product picture"`));
    assert.match(page, /og:type" content="website"/);
    assert.doesNotMatch(page, /<video|og:video/);
    assert.match(share.embedCode, /^<img [^>]+>$/);
    assert.equal((await server.call(pathOf(share.videoUrl))).headers.get('content-type'), 'image/png');
  });

  it('speaks the language that was asked for, else English', async () => {
    const share = await shared(await finished());
    const languages: [asked: string, lang: string, words: RegExp][] = [
      ['ru-RU,ru;q=0.9', 'ru', /Видео товара[\s\S]*Скачать/],
      ['vi', 'vi', /Video sản phẩm[\s\S]*Tải về/],
      ['de, fr;q=0.5', 'en', /Product video[\s\S]*Download/],
      ['<script>', 'en', /Product video/],
    ];
    for (const [asked, lang, words] of languages) {
      const page = await (await pageOf(share, asked)).text();
      assert.match(page, new RegExp(`<html lang="${lang}">`));
      assert.match(page, words);
    }
  });

  it('keeps a hostile title a title, runs no script and takes no inline style', async () => {
    const titles = [
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' onmouseover='alert(1)",
      '</title><svg onload=alert(1)>',
      '</h1><iframe srcdoc="<script>alert(1)</script>">',
      'javascript:alert(1)',
      '&lt;script&gt;alert(1)&lt;/script&gt;',
      '${alert(1)} {{7*7}} <%= 1 %>',
      '\u202Egpj.exe',
    ];
    const plain = tagsOf(await (await pageOf(await shared(await finished({ title: 'x', still: true })))).text());
    assert.ok(plain.length > 20 && !/script|style=| on\w+=/.test(plain.join()));
    for (const title of titles) {
      const share = await shared(await finished({ title, still: true }));
      const answer = await pageOf(share);
      const policy = answer.headers.get('content-security-policy')!;
      assert.match(policy, /^default-src 'none'; style-src 'self'; img-src 'self' ; media-src 'self' ;/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.doesNotMatch(policy, /unsafe|script-src/);
      const page = await answer.text();
      assert.deepEqual(tagsOf(page), plain, title);
      const [, shown] = /<h1>([\s\S]*?)<\/h1>/.exec(page)!;
      assert.equal(unescaped(shown!), title);
      assert.ok(!share.embedCode.includes(title), 'the shop’s code knows no title');
    }
  });

  it('has its style in a file of its own', async () => {
    const style = await server.call('/share.css');
    assert.deepEqual([style.status, style.headers.get('content-type')], [200, 'text/css; charset=utf-8']);
    await style.arrayBuffer();
  });
});

/** Every tag with the names of its attributes. */
const tagsOf = (page: string) => page.replaceAll(/"[^"]*"/g, '""').match(/<[^>]*>/g)!;
const marks: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };
const unescaped = (text: string) => text.replace(/&(?:lt|gt|quot|#39|amp);/g, (mark) => marks[mark]!);
