import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openOffice, type Office } from './testing.ts';

/** Each would run or break out somewhere if it reached a page unescaped. */
const payloads = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' autofocus onfocus=alert(1) x='",
  '</textarea><svg onload=alert(1)>',
  '</title><iframe srcdoc="<b>x</b>">',
  '{{7*7}}${7*7}<!--',
  'javascript:alert(1)',
  '\u202Eright to left\r\nSet-Cookie: a=b\u001b[31m',
];
const hostile = payloads.join(' ');

let office: Office;
let browser: ReturnType<typeof openBrowser>;
let pages: string[];

before(async () => {
  office = await openOffice({
    widget: { version: hostile, path: `/widget/${hostile}`, integrity: hostile },
  });
  browser = openBrowser(office.address);
  await browser.signIn();
  const seller = await office.seller(hostile, { name: hostile, note: hostile });
  const { store, clock } = office;
  const jobs = [];
  for (const fails of [true, false]) {
    const job = await office.job(seller.id, { prompt: hostile });
    if (fails) await office.fail(job.id, hostile, hostile);
    jobs.push(job.id);
  }
  const titles = { ru: hostile, en: hostile, vi: hostile };
  const limits = { minSeconds: 8, maxSeconds: null, maxBytes: null, aspectRatio: hostile };
  const rules = { ...limits, marketplace: hostile, containers: [hostile], source: hostile };
  const change = { prompt: hostile, negativePrompt: hostile, titles, model: hostile, mode: hostile, rules };
  await store.presets.revise({ id: 'video-cover', expectedRevision: 1, change, author: hostile, now: clock.now() });
  await store.transaction((tx) =>
    store.queue.pauseAccount(tx, { id: hostile, until: clock.now() + 1e9, reason: hostile, now: clock.now() }),
  );
  pages = [
    '/admin/jobs',
    '/admin/jobs?status=failed',
    ...jobs.map((id) => `/admin/jobs/${id}`),
    '/admin/accounts',
    `/admin/accounts?q=${encodeURIComponent(payloads[1]!)}`,
    `/admin/accounts/${seller.id}`,
    '/admin/prompts/video',
    '/admin/prompts/images',
    '/admin/prompts/video/video-cover/history',
    '/admin/prompts/video/video-cover/try',
    '/admin/presets',
    '/admin/presets/new',
    '/admin/presets/video-cover',
    '/admin/prices',
    '/admin/embed',
    `/admin/${encodeURIComponent(hostile)}`,
    `/admin/jobs/${encodeURIComponent(hostile)}`,
    `/admin/jobs?before=${encodeURIComponent(hostile)}`,
  ];
});
after(() => office.close());

/** Everything a page may not hold: scripts, handlers, style attributes, addresses that are not its own. */
function assertHarmless(page: string, text: string) {
  for (const payload of payloads.filter((one) => /[<>"']/.test(one)))
    assert.ok(!text.includes(payload), `${page}: ${payload}`);
  const own = /<script defer src="\/admin\/assets\/live\.js\?v=[\w-]+"><\/script>/;
  const tags = text.replace(own, '').match(/<[a-z!/][^>]*>/gi) ?? [];
  for (const tag of tags) {
    assert.doesNotMatch(tag, /^<(script|style|iframe|object|embed|base|template)\b/i, page);
    const bare = tag.replace(/"[^"]*"/g, '""');
    assert.doesNotMatch(bare, /\s(style|on\w+|srcdoc)\s*=/i, `${page}: ${tag}`);
    assert.doesNotMatch(bare, /=[^"\s]/, `${page}: an attribute without quotes in ${tag}`);
    const [, address] = /\s(?:href|src|action)="([^"]*)"/.exec(tag) ?? [];
    if (address !== undefined) assert.match(address, /^(\/admin(?!\/\/)|#main$)/, page);
  }
}

test('hostile text in every stored field is shown as text on every page', async () => {
  for (const page of pages) {
    const { text } = await browser.get(page);
    assertHarmless(page, text);
  }
  const { text } = await browser.get('/admin/prompts/video');
  assert.ok(text.includes('&lt;script&gt;alert(1)&lt;/script&gt;'), 'the text itself is there');
});

test('hostile text that was typed is shown as text when the form comes back', async () => {
  const prompt = '/admin/prompts/video/video-cover-10';
  const form = await browser.form('/admin/prompts/video', prompt);
  const bad = await browser.post(prompt, {
    ...form,
    prompt: hostile,
    negativePrompt: 'x'.repeat(2501),
    titleEn: hostile,
  });
  assert.equal(bad.status, 422);
  assertHarmless('bad prompt', bad.text);
  const tried = await browser.post(`${prompt}/try`, { ...form, prompt: hostile, 'order-title': hostile });
  assert.equal(tried.status, 200);
  assertHarmless('tried prompt', tried.text);
  const edit = '/admin/presets/video-cover-10';
  const edited = await browser.post(edit, {
    ...(await browser.form(edit, edit)),
    marketplace: hostile,
    seconds: hostile,
  });
  assert.equal(edited.status, 422);
  assertHarmless('bad preset', edited.text);
  const late = await browser.post(prompt, { ...form, expectedRevision: '9', prompt: hostile });
  assert.equal(late.status, 409);
  assertHarmless('late prompt', late.text);
  const stale = await browser.post(prompt, { ...form, formToken: hostile, [hostile]: hostile });
  assert.equal(stale.status, 403);
  assertHarmless('stale form', stale.text);
  assertHarmless(
    'sign-in',
    (
      await openBrowser(office.address).get(
        `/admin/sign-in?next=${encodeURIComponent(hostile)}&lang=${encodeURIComponent(hostile)}`,
      )
    ).text,
  );
});

test('every answer carries the headers, errors and redirects too', async () => {
  const stranger = openBrowser(office.address);
  const answers = [
    ...(await Promise.all(pages.map((page) => browser.get(page)))),
    await stranger.get('/admin'),
    await stranger.get('/admin/sign-in'),
    await stranger.signIn('wrong'),
    await stranger.post('/admin/prices/video-cover', {}, {}),
    await browser.post('/admin/prices/video-cover', {}),
    await browser.get('/admin/assets/admin.css'),
    await browser.get('/admin/assets/none'),
  ];
  for (const { status, headers, text } of answers) {
    const live = text.includes('data-live') ? "; script-src 'self'; connect-src 'self'" : '';
    assert.equal(
      headers.get('content-security-policy'),
      `default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'${live}`,
    );
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('referrer-policy'), 'same-origin');
    if (headers.get('content-type')?.startsWith('text/html') || status === 303)
      assert.equal(headers.get('cache-control'), 'no-store', String(status));
  }
});

test('a fault inside a page is a plain page with the headers, and its cause is in the log only', async () => {
  const broken = {
    ...office.store,
    jobs: { ...office.store.jobs, listAll: () => Promise.reject(new Error('disk <b>gone</b>')) },
  };
  const visitor = openBrowser(await office.open({ store: broken }));
  await visitor.signIn();
  const { status, text, headers } = await visitor.get('/admin/jobs');
  assert.equal(status, 500);
  assert.match(headers.get('content-security-policy')!, /default-src 'none'/);
  assert.match(text, /The cause is in the server log/);
  assert.doesNotMatch(text, /gone/);
  assert.ok(office.log.some(({ level, facts }) => level === 'error' && 'err' in facts));
});

test('https adds HSTS, http does not', async () => {
  const secure = openBrowser(await office.open({ publicUrl: 'https://covers.example' }));
  assert.equal((await secure.get('/admin/sign-in')).headers.get('strict-transport-security'), 'max-age=31536000');
  assert.equal((await browser.get('/admin/sign-in')).headers.get('strict-transport-security'), null);
});

test('the stylesheet may be kept for good under its version and imports nothing from elsewhere', async () => {
  const href = /<link rel="stylesheet" href="([^"]+)"/.exec((await browser.get('/admin/jobs')).text)![1]!;
  const { headers, text } = await openBrowser(office.address).get(href);
  assert.match(headers.get('cache-control')!, /immutable/);
  assert.equal(headers.get('content-type'), 'text/css; charset=utf-8');
  assert.doesNotMatch(text, /@import|url\(/);
});

test('the embed page has the pinned script, the newest script and the element for this server', async () => {
  const visitor = openBrowser(
    await office.open({
      publicUrl: 'https://covers.example',
      widget: { version: '1.2.3', path: '/widget/1.2.3/kling-video-cover.js', integrity: 'sha384-abc' },
    }),
  );
  await visitor.signIn();
  const { text } = await visitor.get('/admin/embed');
  for (const piece of [
    'src=&quot;https://covers.example/widget/1.2.3/kling-video-cover.js&quot;',
    'integrity=&quot;sha384-abc&quot;',
    'src=&quot;https://covers.example/widget/kling-video-cover.js&quot;',
    'server=&quot;https://covers.example&quot;',
    '&lt;/kling-video-cover&gt;',
  ])
    assert.ok(text.includes(piece), piece);
});
