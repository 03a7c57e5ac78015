import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { modelKey } from '../jobs/models.ts';
import { modelsFor } from './models.ts';
import { formOn, openBrowser, openOffice, type Office } from './testing.ts';

let office: Office;
let browser: ReturnType<typeof openBrowser>;
beforeEach(async () => {
  office = await openOffice();
  browser = openBrowser(office.address);
  await browser.signIn();
});
afterEach(() => office.close());

const videos = '/admin/prompts/video';
const prompt = '/admin/prompts/video/video-cover';
const price = '/admin/prices/video-cover';
const preset = async () => (await office.store.presets.get('video-cover'))!;

test('a saved prompt, model and title make a new revision; the jobs of before keep price, prompt and model', async () => {
  const seller = await office.seller('s1');
  const earlier = await office.job(seller.id);
  const form = await browser.form(videos, prompt);
  const saved = await browser.post(prompt, {
    ...form,
    prompt: 'Slow orbit.\r\nMarble.',
    model: 'kling|kling-v2-6|pro',
    titleRu: 'Обложка',
  });
  assert.equal(saved.location, videos);
  await browser.post(price, { ...(await browser.form('/admin/prices', price)), price: '25' });

  const { revision, author, prompt: text, model, mode, tokensCost, titles, negativePrompt } = await preset();
  assert.deepEqual(
    { revision, author, text, model, mode, tokensCost, title: titles.ru, negativePrompt },
    {
      revision: 3,
      author: 'admin',
      text: 'Slow orbit.\nMarble.',
      model: 'kling-v2-6',
      mode: 'pro',
      tokensCost: 25,
      title: 'Обложка',
      negativePrompt: 'text, watermark',
    },
  );
  assert.deepEqual(await office.store.jobs.get(earlier.id), earlier);
  const later = await office.job(seller.id);
  assert.deepEqual([later.tokensCost, later.mode, later.prompt], [25, 'pro', 'Slow orbit.\nMarble.']);
});

test('the saved notice is shown once', async () => {
  await browser.post(price, { ...(await browser.form('/admin/prices', price)), price: '25' });
  assert.match((await browser.get('/admin/prices')).text, /The new price is in force/);
  assert.doesNotMatch((await browser.get('/admin/prices')).text, /The new price is in force/);
});

test('saving what is already there makes no revision', async () => {
  await browser.post(prompt, await browser.form(videos, prompt));
  await browser.post(price, await browser.form('/admin/prices', price));
  assert.equal((await preset()).revision, 1);
});

test('of two editors the second sees both texts, overwrites nothing, and may then save on top', async () => {
  const [first, second] = [await browser.form(videos, prompt), await browser.form(videos, prompt)];
  await browser.post(prompt, { ...first, prompt: 'The text of Anna' });
  const refused = await browser.post(prompt, { ...second, prompt: 'The text of Boris', titleEn: 'Boris cover' });
  assert.equal(refused.status, 409);
  assert.match(refused.text, /<pre class="text">The text of Anna<\/pre>/);
  assert.match(refused.text, /<pre class="text">The text of Boris<\/pre>/);
  assert.equal((await preset()).prompt, 'The text of Anna');

  const kept = formOn(refused.text, prompt);
  assert.deepEqual([kept['prompt'], kept['titleEn']], ['The text of Boris', 'Boris cover']);
  assert.equal((await browser.post(prompt, kept)).status, 303);
  const texts = (await office.store.presets.revisions('video-cover')).map((revision) => revision.prompt);
  assert.deepEqual(texts.slice(0, 2), ['The text of Boris', 'The text of Anna']);
});

test('a text that is too long and out of date at once is still not saved over another', async () => {
  const form = await browser.form(videos, prompt);
  await office.store.presets.revise({
    id: 'video-cover',
    expectedRevision: 1,
    change: { prompt: 'Theirs' },
    author: 'admin',
    now: 1,
  });
  const tooLong = await browser.post(prompt, { ...form, prompt: 'x'.repeat(2501) });
  assert.equal(tooLong.status, 422);
  const shortened = await browser.post(prompt, { ...formOn(tooLong.text, prompt), prompt: 'Mine' });
  assert.equal(shortened.status, 409);
  assert.equal((await preset()).prompt, 'Theirs');
});

test('of two prices at once the second is held back and says what is in force', async () => {
  const form = await browser.form('/admin/prices', price);
  await browser.post(price, { ...form, price: '11' });
  const refused = await browser.post(price, { ...form, price: '12' });
  assert.equal(refused.status, 409);
  assert.match(refused.text, /Somebody set 11 meanwhile/);
  assert.equal((await preset()).tokensCost, 11);
  assert.equal((await browser.post(price, formOn(refused.text, price))).status, 303);
  assert.equal((await preset()).tokensCost, 12);
});

test('a price is a whole number from 1 to 1,000,000; what was typed stays in the field', async () => {
  const form = await browser.form('/admin/prices', price);
  for (const typed of ['0', '-1', '1.5', '1e3', '1000001', '', 'ten', '٣']) {
    const answer = await browser.post(price, { ...form, price: typed });
    assert.equal(answer.status, 422, typed);
    assert.match(answer.text, /Write a whole number from 1 to 1,000,000/);
    assert.equal(formOn(answer.text, price)['price'], typed);
  }
  assert.equal((await preset()).revision, 1);
  await browser.post(price, { ...form, price: ' 1 000 000 ' });
  assert.equal((await preset()).tokensCost, 1_000_000);
});

test('bad texts and models come back with a sentence at the field and everything typed', async () => {
  const form = await browser.form(videos, prompt);
  const cases: [Record<string, string>, RegExp][] = [
    [{ prompt: '  ' }, /id="video-cover-prompt-problem">\s*Write a prompt/],
    [{ prompt: 'я'.repeat(2501) }, /id="video-cover-prompt-problem">\s*Shorten this text/],
    [{ negativePrompt: 'x'.repeat(2501) }, /id="video-cover-negativePrompt-problem">\s*Shorten this text/],
    [{ model: 'kling|kling-v1|std' }, /id="video-cover-model-problem">\s*Choose a model/],
    [{ titleVi: '' }, /id="video-cover-titleVi-problem">\s*Write a title/],
    [{ titleRu: 'x'.repeat(101) }, /id="video-cover-titleRu-problem">\s*Shorten the title/],
    [{ expectedRevision: 'x' }, /Not saved yet/],
  ];
  for (const [change, sentence] of cases) {
    const answer = await browser.post(prompt, { ...form, titleEn: 'Still here', ...change });
    assert.equal(answer.status, 422, JSON.stringify(change).slice(0, 40));
    assert.match(answer.text, sentence);
    assert.equal(formOn(answer.text, prompt)['titleEn'], 'Still here');
  }
  assert.equal((await preset()).revision, 1);
});

test('a prompt is no longer than its model takes, and the model may be of another provider', async () => {
  const form = { ...(await browser.form(videos, prompt)), model: 'kie|kling-2.6/image-to-video|' };
  const refused = await browser.post(prompt, { ...form, prompt: 'x'.repeat(1001) });
  assert.match(refused.text, /id="video-cover-prompt-problem">\s*Shorten this text: the model takes fewer/);
  assert.equal((await browser.post(prompt, { ...form, prompt: 'x'.repeat(1000) })).status, 303);
  const { provider, model, mode } = await preset();
  assert.deepEqual([provider, model, mode], ['kie', 'kling-2.6/image-to-video', '']);
});

test('a prompt of nothing but variables stays one where it is one already', async () => {
  const change = { prompt: '{title}' };
  await office.store.presets.revise({ id: 'video-cover', expectedRevision: 1, change, author: 'shipped', now: 1 });
  const form = await browser.form(videos, prompt);
  assert.equal((await browser.post(prompt, { ...form, prompt: '{title}. {description}' })).status, 303);
  assert.equal((await preset()).prompt, '{title}. {description}');
});

test('2500 characters over many lines are kept to the letter', async () => {
  const lines = `  A line\nand another\n`.repeat(200).slice(2, 2502).trimEnd();
  const form = await browser.form(videos, prompt);
  await browser.post(prompt, { ...form, prompt: lines.replaceAll('\n', '\r\n') });
  assert.equal((await preset()).prompt, lines);
  assert.equal((await browser.form(videos, prompt))['prompt'], lines);
});

test('a preset can be switched off and on again', async () => {
  const { enabled: _enabled, ...unticked } = await browser.form(videos, prompt);
  await browser.post(prompt, unticked);
  assert.equal((await preset()).enabled, false);
  const form = await browser.form(videos, prompt);
  assert.equal(form['enabled'], undefined);
  await browser.post(prompt, { ...form, enabled: 'on' });
  assert.equal((await preset()).enabled, true);
});

test('every preset has its own row in the prices and its own form under Video; Images says why it is empty', async () => {
  const [list, video, images] = [
    await browser.get('/admin/prices'),
    await browser.get(videos),
    await browser.get('/admin/prompts/images'),
  ];
  for (const id of ['video-cover', 'video-cover-10']) {
    assert.ok(formOn(list.text, `/admin/prices/${id}`)['price']);
    assert.ok(formOn(video.text, `/admin/prompts/video/${id}`)['prompt']);
  }
  assert.match(images.text, /No image presets yet/);
  const russian = await browser.get('/admin/prompts/video?lang=ru');
  assert.match(russian.text, />Изображения<\/a>[\s\S]*aria-current="page"[^>]*>Видео<\/a>/);
});

test('only models that can make all that the preset promises are offered, of any provider, and always the present one', () => {
  const needs = {
    kind: 'image-to-video' as const,
    provider: 'kling' as const,
    model: 'kling-v2-6',
    mode: 'std',
    seconds: 5,
    sound: false,
    aspectRatio: '3:4',
    tokensCost: 1,
    choices: {},
  };
  const names = (changes: object) => modelsFor({ ...needs, ...changes }).map(modelKey);
  const long = names({ seconds: 15, model: 'kling-v3' });
  assert.deepEqual(long.slice(0, 2), ['kling|kling-v3|std', 'kling|kling-v3|pro']);
  assert.ok(long.includes('kie|kling-3.0/video|pro') && !long.includes('kling|kling-2.6|1080p'));
  assert.ok(!names({ sound: true, mode: 'pro' }).includes('kling|kling-v2-6|std'));
  assert.equal(names({ model: 'kling-v1-6' })[0], 'kling|kling-v1-6|std');
  const alsoTen = names({ choices: { seconds: [{ value: 12, extraTokens: 0 }] } });
  assert.deepEqual([alsoTen[0], alsoTen.includes('kling|kling-v2-6|pro')], ['kling|kling-v2-6|std', false]);
  const pictures = names({ kind: 'text-to-image', model: 'kling-v3', mode: '1k', seconds: 0 });
  assert.ok(pictures.includes('kie|google/nano-banana|') && !pictures.includes('kling|kling-v3|std'));
});

test('a missing preset is a plain 404', async () => {
  const form = await browser.form(videos, prompt);
  assert.equal((await browser.post('/admin/prompts/video/none', form)).status, 404);
  assert.equal((await browser.post('/admin/prices/none', form)).status, 404);
});
