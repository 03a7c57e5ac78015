import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { v7 } from 'uuid';
import { startKlingSimulator } from '../../demo/simulators/kling.ts';
import { createTryout } from '../jobs/tryout.ts';
import { createDownloader } from '../media/download.ts';
import { createKlingAccounts } from '../providers/kling.ts';
import { formOn, openBrowser, openOffice, type Office } from './testing.ts';

let kling: Awaited<ReturnType<typeof startKlingSimulator>>;
before(async () => {
  kling = await startKlingSimulator({ video: 'tiny', submittedMs: 20, processingMs: 40 });
});
after(() => kling.close());

function tryoutAt(baseUrl: string) {
  const credentials = { accessKey: kling.accessKey, secretKey: kling.secretKey };
  const accounts = createKlingAccounts({ id: 'kling', credentials, baseUrl: kling.url, now: Date.now, concurrency: 1 });
  return createTryout({
    places: accounts.map((account) => ({ account, baseUrl })),
    download: createDownloader({ allowedHosts: [new URL(kling.url).host], maxBytes: 5_000_000, timeoutMs: 5_000 }),
    runtime: { newId: () => v7(), deadline: (ms) => AbortSignal.timeout(ms) },
  });
}

let office: Office;
let browser: ReturnType<typeof openBrowser>;
beforeEach(async () => {
  office = await openOffice({ tryout: tryoutAt(kling.url) });
  browser = openBrowser(office.address);
  await browser.signIn();
});
afterEach(() => office.close());

const videos = '/admin/prompts/video';
const prompt = `${videos}/video-cover`;
const history = `${prompt}/history`;
const preset = async () => (await office.store.presets.get('video-cover'))!;
const save = async (change: Record<string, string>) =>
  browser.post(prompt, { ...(await browser.form(videos, prompt)), ...change });

test('the variables stand beside the prompt with what they become', async () => {
  const { text } = await browser.get(videos);
  assert.match(text, /<code>{title}<\/code>[\s\S]{0,200}becomes “Clay mug, 350 ml”/);
  assert.match(text, /<code>{description}<\/code>/);
});

test('an unknown variable is refused at its field, and so is a prompt of nothing but variables', async () => {
  const unknown = await save({ prompt: 'Show {brand}' });
  assert.equal(unknown.status, 422);
  assert.match(unknown.text, /id="video-cover-prompt-problem">\s*There is no such variable/);
  assert.equal(formOn(unknown.text, prompt)['prompt'], 'Show {brand}');
  const negative = await save({ negativePrompt: '{цена}' });
  assert.match(negative.text, /id="video-cover-negativePrompt-problem">\s*There is no such variable/);
  const bare = await save({ prompt: '{title}. {description}' });
  assert.match(bare.text, /id="video-cover-prompt-problem">\s*Write more than variables/);
  assert.equal((await preset()).revision, 1);
  assert.equal((await save({ prompt: 'Show {title} {7*7}' })).status, 303);
});

test('the history shows author, time, price and the difference in words, and restores texts as a new revision', async () => {
  const original = (await preset()).prompt;
  await save({ prompt: original.replace('subtle', 'slow'), titleEn: 'Slow cover' });
  await browser.post('/admin/prices/video-cover', {
    ...(await browser.form('/admin/prices', '/admin/prices/video-cover')),
    price: '25',
  });
  const { text } = await browser.get(history);
  assert.match(text, /with <del>subtle<\/del><ins>slow<\/ins> camera/);
  assert.match(text, /<del>Video cover<\/del> → <ins>Slow cover<\/ins>/);
  assert.match(text, /<del>10<\/del> → <ins>25<\/ins>/);
  assert.match(text, /admin, <time datetime="2026-10-01T12/);
  assert.match(text, /Revision 1[\s\S]*shipped[\s\S]*10 tokens[\s\S]*The first revision/);
  assert.match(
    (await browser.get(videos)).text,
    /href="\/admin\/prompts\/video\/video-cover\/history">History: 3 revisions/,
  );

  const { formToken } = formOn(text, `${history}/restore`);
  const back = await browser.post(`${history}/restore`, {
    formToken: formToken!,
    revision: '1',
    expectedRevision: '3',
  });
  assert.equal(back.location, history);
  const { revision, prompt: restored, titles, tokensCost } = await preset();
  assert.deepEqual([revision, restored, titles.en, tokensCost], [4, original, 'Video cover', 25], 'the price stays');
  const [last] = await office.store.auditLog.list({ limit: 1 });
  assert.equal(last?.action, 'preset.restored');
});

test('a restore from an old page, or of a revision that never was, changes nothing', async () => {
  await save({ prompt: 'Second' });
  const { formToken } = formOn((await browser.get(history)).text, `${history}/restore`);
  await save({ prompt: 'Third' });
  const restore = (revision: string, expectedRevision: string) =>
    browser.post(`${history}/restore`, { formToken: formToken!, revision, expectedRevision });
  const late = await restore('1', '2');
  assert.equal(late.status, 409);
  assert.match(late.text, /Nothing was restored/);
  for (const revision of ['9', '0', '-1', 'x', '99999999999', ''])
    assert.equal((await restore(revision, '3')).status, 404);
  assert.equal((await preset()).prompt, 'Third');
});

test('a model that cannot make the promised length any more is not restored with the texts', async () => {
  const change = { model: 'kling-v3', mode: 'pro', seconds: 7, prompt: 'Seven' };
  await office.store.presets.revise({ id: 'video-cover', expectedRevision: 1, change, author: 'anna', now: 1 });
  const { formToken } = formOn((await browser.get(history)).text, `${history}/restore`);
  await browser.post(`${history}/restore`, { formToken: formToken!, revision: '1', expectedRevision: '2' });
  const { model, seconds, prompt: text } = await preset();
  assert.deepEqual([model, seconds, text.slice(0, 6)], ['kling-v3', 7, 'Smooth']);
});

test('a long history comes in pages that stay light', async () => {
  for (let revision = 1; revision < 12; revision++) {
    const text = `${revision} слова иные `.repeat(250).slice(0, 2500);
    const change = { prompt: text, negativePrompt: text };
    await office.store.presets.revise({
      id: 'video-cover',
      expectedRevision: revision,
      change,
      author: 'anna',
      now: 1,
    });
  }
  const first = await browser.get(history);
  assert.ok(Buffer.byteLength(first.text) < 150_000, `${Buffer.byteLength(first.text)} bytes`);
  assert.match(first.text, /Revision 12/);
  assert.match(first.text, /href="\/admin\/prompts\/video\/video-cover\/history\?before=10"/);
  const second = await browser.get(`${history}?before=10`);
  assert.match(second.text, /Revision 9/);
  assert.doesNotMatch(second.text, /Revision 10/);
  for (const odd of ['x', '-1', '1e99', '0.5'])
    assert.equal((await browser.get(`${history}?before=${odd}`)).status, 200);
});

test('many presets come a few to a page that stays light, and a mistake shows the page of its preset', async () => {
  const { revision: _revision, author: _author, createdAt: _at, ...facts } = await preset();
  const long = 'длинно '.repeat(360).slice(0, 2500);
  const more = Array.from({ length: 18 }, (_, at) => ({
    ...facts,
    presetId: `more-${at}`,
    position: 3 + at,
    prompt: long,
    negativePrompt: long,
  }));
  await office.store.presets.addMissing(more, 1);
  const middle = await browser.get(`${videos}?page=2`);
  assert.equal(middle.text.match(/name="prompt"/g)?.length, 8);
  assert.ok(Buffer.byteLength(middle.text) < 150_000, `${Buffer.byteLength(middle.text)} bytes`);
  assert.match((await browser.get(`${videos}?page=3`)).text, /more-17/);
  const last = `${videos}/more-17`;
  const opened = await browser.get(last);
  assert.equal(opened.location, `${videos}?preset=more-17#preset-more-17`);
  const form = await browser.form(`${videos}?preset=more-17`, last);
  const wrong = await browser.post(last, { ...form, prompt: '' });
  assert.match(wrong.text, /id="more-17-prompt-problem"/);
});

test('the try-out shows what would be sent for typed texts, saves nothing and can save', async () => {
  const form = await browser.form(videos, prompt);
  const shown = await browser.post(`${prompt}/try`, { ...form, prompt: 'Show {title} on marble' });
  assert.equal(shown.status, 200);
  assert.match(shown.text, /POST http:\/\/127\.0\.0\.1:\d+\/v1\/videos\/image2video/);
  assert.match(shown.text, /&quot;prompt&quot;: &quot;Show Clay mug, 350 ml on marble&quot;/);
  assert.match(shown.text, /&quot;duration&quot;: &quot;5&quot;/);
  assert.equal((await preset()).revision, 1);

  const typed = formOn(shown.text, `${prompt}/try`);
  assert.equal(typed['prompt'], 'Show {title} on marble');
  const other = await browser.post(`${prompt}/try`, { ...typed, 'order-title': 'A <b>vase</b>' });
  assert.match(other.text, /Show A &lt;b&gt;vase&lt;\/b&gt; on marble/);
  await browser.post(prompt, typed);
  assert.equal((await preset()).prompt, 'Show {title} on marble');
});

test('the try-out says which limit of the provider does not hold', async () => {
  const { text } = await browser.post(`${prompt}/try`, {
    ...(await browser.form(videos, prompt)),
    prompt: `{brand} ${'x'.repeat(2600)}`,
  });
  assert.match(text, /Every variable is known[\s\S]{0,200}does not pass[\s\S]{0,150}{brand}/);
  assert.match(text, /Prompt not empty[\s\S]{0,200}does not pass[\s\S]{0,150}2608/);
});

test('a try-out makes a clip at the simulator, shows it, and makes no job and no ledger entry', async () => {
  const typed = formOn((await browser.get(`${prompt}/try`)).text, `${prompt}/try`);
  const started = await browser.post(`${prompt}/try/run`, typed);
  assert.match(started.location!, /^\/admin\/prompts\/video\/video-cover\/try\/try-[0-9a-f-]{36}$/);
  let page = await browser.get(started.location!);
  while (page.headers.get('refresh') === '2') page = await browser.get(started.location!);
  assert.match(page.text, /It is ready/);
  const source = /<video[^>]*\ssrc="([^"]+)"/.exec(page.text)![1]!;
  const clip = await browser.get(source);
  assert.deepEqual([clip.status, clip.headers.get('content-type')], [200, 'video/mp4']);
  assert.match(clip.text.slice(0, 12), /ftyp/);
  assert.deepEqual(await office.store.queue.waiting(office.store.read, 10), []);
});

test('a try-out that fails shows the words of the simulator; one that is refused keeps what was typed', async () => {
  const typed = formOn((await browser.get(`${prompt}/try`)).text, `${prompt}/try`);
  const failing = await browser.post(`${prompt}/try/run`, { ...typed, prompt: '[[sim:fail]] slow' });
  let page = await browser.get(failing.location!);
  while (page.headers.get('refresh') === '2') page = await browser.get(failing.location!);
  assert.match(page.text, /risk control/);
  const long = await browser.post(`${prompt}/try/run`, { ...typed, prompt: 'x'.repeat(2501) });
  assert.equal(long.status, 422);
  assert.equal(formOn(long.text, `${prompt}/try`)['prompt']?.length, 2501);
});

test('a picture preset is tried like a clip: its request without length, its picture shown', async () => {
  const { revision: _revision, author: _author, createdAt: _at, ...facts } = await preset();
  const picture = { kind: 'text-to-image', model: 'kling-v3', mode: '1k', seconds: 0, presetId: 'picture' } as const;
  await office.store.presets.addMissing([{ ...facts, ...picture }], 1);
  const path = '/admin/prompts/images/picture/try';
  const { text } = await browser.get(path);
  assert.match(text, /POST http:\/\/127\.0\.0\.1:\d+\/v1\/images\/generations/);
  assert.doesNotMatch(text, /&quot;duration&quot;|&quot;image&quot;|The model makes that length/);
  const started = await browser.post(`${path}/run`, formOn(text, path));
  let page = await browser.get(started.location!);
  while (page.headers.get('refresh') === '2') page = await browser.get(started.location!);
  const source = /<img\s+class="clip"\s+src="([^"]+)"\s+alt="The picture that the simulator made"/.exec(page.text)![1]!;
  const file = await browser.get(source);
  assert.equal(file.status, 200);
  assert.match(file.headers.get('content-type')!, /^image\/(png|jpeg)$/);
});

test('at the real Kling nothing is run: no button, and its address is a 404', async () => {
  const visitor = openBrowser(await office.open({ tryout: tryoutAt('https://api-singapore.klingai.com') }));
  await visitor.signIn();
  const { text } = await visitor.get(`${prompt}/try`);
  assert.doesNotMatch(text, /try\/run/);
  assert.match(text, /provider itself is never called from here/);
  assert.equal((await visitor.post(`${prompt}/try/run`, formOn(text, `${prompt}/try`))).status, 404);
});

test('prices say what a clip costs us, the margin when a token has a price, and what a seller sees', async () => {
  const row = (text: string) => /<tr>\s*<th scope="row">[\s\S]*?<\/tr>/.exec(text)![0];
  const { text } = await browser.get('/admin/prices');
  assert.match(row(text), /\$0\.21[\s\S]*1\.5 units/);
  assert.match(row(text), /lang="ru"[\s\S]*Сгенерировать видеообложку · 10 токенов/);
  assert.match(row(text), /lang="en"[\s\S]*Generate video cover · 10 tokens/);
  assert.match(text, /Set TOKEN_PRICE_USD/);
  assert.match(text, /kling\.ai\/document-api, pricing, 2026-09-20/);

  const visitor = openBrowser(await office.open({ tokenPriceUsd: 0.05 }));
  await visitor.signIn();
  assert.match(row((await visitor.get('/admin/prices')).text), /\$0\.29[\s\S]*58 %/);
  const loser = openBrowser(await office.open({ tokenPriceUsd: 0.02 }));
  await loser.signIn();
  assert.match(row((await loser.get('/admin/prices')).text), /class="figure-line loss">-\$0\.01/);
});

test('a model that is in no list has no cost instead of a wrong one', async () => {
  const change = { model: 'kling-v1' };
  await office.store.presets.revise({ id: 'video-cover', expectedRevision: 1, change, author: 'anna', now: 1 });
  assert.match((await browser.get('/admin/prices')).text, /not in our list/);
});
