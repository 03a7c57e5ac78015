import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { formOn, openBrowser, openOffice, type Office } from './testing.ts';

let office: Office;
let browser: ReturnType<typeof openBrowser>;
beforeEach(async () => {
  office = await openOffice({ tokenPriceUsd: 0.05 });
  browser = openBrowser(office.address);
  await browser.signIn();
});
afterEach(() => office.close());

const front = '/admin/presets';
const edit = `${front}/video-cover`;
const preset = async (id = 'video-cover') => (await office.store.presets.get(id))!;
const save = async (change: Record<string, string>) =>
  browser.post(edit, { ...(await browser.form(edit, edit)), ...change });
const offered = { 'choice-seconds-10': 'on', 'extra-seconds-10': ' 1 0 ', 'choice-aspectRatios-9:16': 'on' };
/** The boxes of a page, in order. */
const boxesOn = (text: string) => [...text.matchAll(/name="choice-([^"]+)"/g)].map(([, name]) => name);

test('what the model makes can be ticked, and is saved with what it costs on top', async () => {
  const { text } = await browser.get(edit);
  assert.deepEqual(boxesOn(text).slice(-2), ['seconds-10', 'modes-pro']);
  assert.ok(boxesOn(text).includes('aspectRatios-9:16') && !boxesOn(text).includes('aspectRatios-3:4'));
  assert.match(text, /<span>5 s<\/span><span class="hint">the preset’s own/);
  assert.equal((await save(offered)).status, 303);
  const choices = {
    aspectRatios: [{ value: '9:16', extraTokens: 0 }],
    seconds: [{ value: 10, extraTokens: 10 }],
  };
  assert.deepEqual((await preset()).choices, choices);
  const [entry] = await office.store.auditLog.list({ limit: 1 });
  assert.deepEqual(entry!.detail['after'], { choices });
  assert.match((await browser.get('/admin/audit')).text, /Choices of sellers[\s\S]{0,80}<ins>9:16, 10 s \+10<\/ins>/);
  assert.match((await browser.get(front)).text, /may choose: 9:16, 10 s \+10/);
  const history = await browser.get('/admin/prompts/video/video-cover/history');
  assert.match(history.text, /Length: 10 s, extra tokens<\/dt>\s*<dd><del>None<\/del> → <ins>10<\/ins>/);

  assert.equal((await save({})).location, front);
  assert.equal((await preset()).revision, 2, 'saving it untouched changes nothing');
  const { 'choice-seconds-10': _tick, ...unticked } = await browser.form(edit, edit);
  await browser.post(edit, unticked);
  assert.deepEqual((await preset()).choices, { aspectRatios: choices.aspectRatios });
});

test('another model shows its own choices when asked, and saves nothing', async () => {
  const shown = await save({ model: 'kling|kling-v3|pro', titleEn: 'Typed', show: 'choices', ...offered });
  assert.equal(shown.status, 200);
  assert.ok(boxesOn(shown.text).includes('seconds-15') && boxesOn(shown.text).includes('modes-std'));
  const kept = formOn(shown.text, edit);
  assert.deepEqual([kept['titleEn'], kept['choice-seconds-10'], kept['model']], ['Typed', 'on', 'kling|kling-v3|pro']);
  assert.equal((await preset()).revision, 1);
  assert.equal((await browser.post(edit, { ...kept, 'choice-seconds-15': 'on' })).status, 303);
  const { model, choices } = await preset();
  assert.deepEqual([model, choices.seconds?.map(({ value }) => value)], ['kling-v3', [10, 15]]);
});

test('what became the preset’s own value is no choice any more', async () => {
  await save(offered);
  await save({ seconds: '10', aspectRatio: '9:16', 'choice-seconds-5': 'on' });
  assert.deepEqual((await preset()).choices, { seconds: [{ value: 5, extraTokens: 0 }] });
});

test('every combination on offer must be one that the model can make, and each slip is said at its place', async () => {
  const cases: [Record<string, string>, field: string, RegExp][] = [
    [{ 'choice-seconds-7': 'on' }, 'choices-seconds', /not made by this model/],
    [{ 'choice-seconds-x': 'on' }, 'choices-seconds', /not made by this model/],
    [{ 'choice-modes-4k': 'on' }, 'choices-modes', /does not have one of the ticked qualities/],
    [{ 'choice-aspectRatios-tall': 'on' }, 'choices-aspectRatios', /not made by this model/],
    [{ 'choice-seconds-10': 'on', 'extra-seconds-10': '1.5' }, 'extra-seconds-10', /whole tokens from 0/],
    [{ 'choice-seconds-10': 'on', 'extra-seconds-10': '-1' }, 'extra-seconds-10', /whole tokens from 0/],
    [{ model: 'kling|kling-v2-6|pro', sound: 'on', 'choice-modes-std': 'on' }, 'choices-modes', /of the sound/],
    [{ model: 'kling|kling-3.0-turbo|720p' }, 'sound', /always makes sound/],
    [
      { marketplace: 'M', source: 'S', maxSeconds: '8', 'choice-seconds-10': 'on' },
      'choices-seconds',
      /asks for something else/,
    ],
  ];
  for (const [change, field, sentence] of cases) {
    const answer = await save(change);
    const said = JSON.stringify(change);
    assert.equal(answer.status, 422, said);
    assert.match(answer.text, new RegExp(`id="${field}-problem">\\s*[^<]*${sentence.source}`), said);
  }
  assert.equal((await preset()).revision, 1);
});

test('a preset of pictures has no length and no sound, and is found under Images with models that make pictures', async () => {
  const page = `${front}/new?kind=text-to-image`;
  const form = await browser.form(page, `${front}/new`);
  assert.deepEqual(
    [form['kind'], form['seconds'], form['sound'], form['price']],
    ['text-to-image', undefined, undefined, '1'],
  );
  const titles = { titleRu: 'Картинка', titleEn: 'Picture', titleVi: 'Ảnh' };
  const model = 'kie|nano-banana-2|1K';
  const typed = { ...form, ...titles, id: 'picture', model, 'choice-modes-2K': 'on', 'extra-modes-2K': '1' };
  const wrong = await browser.post(`${front}/new`, { ...typed, aspectRatio: '5:2' });
  assert.match(wrong.text, /id="aspectRatio-problem">\s*This model does not make that ratio/);
  assert.equal((await browser.post(`${front}/new`, typed)).location, `${front}#preset-picture`);
  const { kind, provider, mode, seconds, sound, rules, choices, prompt, enabled } = await preset('picture');
  assert.deepEqual(
    [kind, provider, mode, seconds, sound, rules, enabled],
    ['text-to-image', 'kie', '1K', 0, false, null, false],
  );
  assert.deepEqual(choices, { modes: [{ value: '2K', extraTokens: 1 }] });
  assert.match(prompt, /\{title\}/);

  const images = await browser.get('/admin/prompts/images');
  const prompts = '/admin/prompts/images/picture';
  assert.ok(formOn(images.text, prompts)['prompt']);
  const options = [...images.text.matchAll(/<option value="([^"]+)"/g)].map(([, value]) => value!);
  assert.ok(
    options.includes(model) && !options.some((value) => value.includes('video')),
    'only those with a 2K beside',
  );
  assert.doesNotMatch((await browser.get('/admin/prompts/video')).text, /prompts\/video\/picture/);
  await browser.post(prompts, { ...formOn(images.text, prompts), prompt: 'Draw {title} on marble' });
  assert.equal((await preset('picture')).prompt, 'Draw {title} on marble');
  assert.equal((await browser.get(prompts)).location, '/admin/prompts/images?preset=picture#preset-picture');
  assert.match((await browser.get(`${prompts}/history`)).text, /<ins>Draw[^<]*<\/ins>/);
  assert.match(images.text, /This model takes none: what stands here is not sent/);
});

test('a kind is chosen once: a form of another kind changes nothing of it', async () => {
  await save({ kind: 'text-to-image', titleEn: 'Still a clip' });
  assert.deepEqual([(await preset()).kind, (await preset()).titles.en], ['image-to-video', 'Still a clip']);
  const answer = await save({ model: 'kling|kling-v3|1k' });
  assert.match(answer.text, /id="model-problem">\s*Choose a model/);
});

test('the price list has each choice by itself with its price, cost and margin', async () => {
  await save({ ...offered, 'choice-modes-pro': 'on', 'extra-modes-pro': '5' });
  const { text } = await browser.get('/admin/prices');
  const rows = [...text.matchAll(/class="choice-row"[^>]*>([^<]+)<[\s\S]*?<\/tr>/g)].map(([row, name]) => [
    name,
    /(\d+) tokens/.exec(row)![1],
    [...row.matchAll(/-?\$\d+\.\d+/g)].map(([amount]) => amount),
  ]);
  assert.deepEqual(rows, [
    ['9:16', '10', ['$0.21', '$0.29']],
    ['10 s', '20', ['$0.42', '$0.58']],
    ['1080p (pro)', '15', ['$0.35', '$0.40']],
    ['10 s · 1080p (pro)', '25', ['$0.70', '$0.55']],
  ]);
});

test('a cost that nobody publishes is said to be unknown', async () => {
  const change = { provider: 'kie' as const, model: 'kling-3.0/video', mode: 'pro' };
  await office.store.presets.revise({ id: 'video-cover', expectedRevision: 1, change, author: 'anna', now: 1 });
  const { text } = await browser.get('/admin/prices');
  assert.match(text, /not known/);
  assert.match(text, /Kie\.ai\.\s+What a task costs is not known here/);
});

test('a long price list and a form with every choice stay light', async () => {
  const lengths = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((value) => ({ value, extraTokens: value }));
  const change = { model: 'kling-v3', choices: { seconds: lengths, modes: [{ value: 'pro', extraTokens: 5 }] } };
  for (const id of ['video-cover', 'video-cover-10'])
    await office.store.presets.revise({ id, expectedRevision: 1, change, author: 'anna', now: 1 });
  for (const path of ['/admin/prices', edit, front, '/admin/prompts/video']) {
    const bytes = Buffer.byteLength((await browser.get(path)).text);
    assert.ok(bytes < 150_000, `${path} ${bytes} bytes`);
  }
});
