import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { jobKinds } from '../jobs/job.ts';
import { modelKey, models } from '../jobs/models.ts';
import { formOn, openBrowser, openOffice, type Office } from './testing.ts';

let office: Office;
let browser: ReturnType<typeof openBrowser>;
beforeEach(async () => {
  office = await openOffice();
  browser = openBrowser(office.address);
  await browser.signIn();
});
afterEach(() => office.close());

const front = '/admin/presets';
const edit = `${front}/video-cover`;
const preset = async (id = 'video-cover') => (await office.store.presets.get(id))!;
const order = async () => (await office.store.presets.list()).map(({ presetId }) => presetId);
const post = async (id: string, action: string, fields: Record<string, string> = {}) =>
  browser.post(`${front}/${id}/${action}`, {
    ...(await browser.form(front, `${front}/${id}/${action}`)),
    ...fields,
  });
const audited = async () =>
  (await office.store.auditLog.list({ limit: 20 }))
    .filter(({ action }) => action.startsWith('preset.'))
    .map(({ action, actor }) => [action, actor]);

const typed = {
  id: 'ozon-pro',
  titleRu: 'Для Ozon',
  titleEn: 'For Ozon',
  titleVi: 'Cho Ozon',
  model: 'kling|kling-v3|pro',
  seconds: '8',
  aspectRatio: '9:16',
  sound: 'on',
  price: '35',
  marketplace: 'Ozon',
  minSeconds: '8',
  maxSeconds: '30',
  maxMegabytes: '20',
  containerMp4: 'on',
  containerMov: 'on',
  ruleRatio: '',
  source: 'attribute 21845, read 2026-11-20',
};

test('a new preset is made from a model, switched off, at the end, with its rules; it is audited', async () => {
  const form = await browser.form(`${front}/new`, `${front}/new`);
  const made = await browser.post(`${front}/new`, { ...form, ...typed });
  assert.equal(made.location, `${front}#preset-ozon-pro`);
  const { createdAt: _at, prompt, negativePrompt, ...facts } = await preset('ozon-pro');
  assert.deepEqual(facts, {
    presetId: 'ozon-pro',
    revision: 1,
    kind: 'image-to-video',
    provider: 'kling',
    model: 'kling-v3',
    mode: 'pro',
    seconds: 8,
    aspectRatio: '9:16',
    sound: true,
    choices: {},
    tokensCost: 35,
    titles: { ru: 'Для Ozon', en: 'For Ozon', vi: 'Cho Ozon' },
    rules: {
      marketplace: 'Ozon',
      minSeconds: 8,
      maxSeconds: 30,
      maxBytes: 20_000_000,
      containers: ['mp4', 'mov'],
      aspectRatio: null,
      source: 'attribute 21845, read 2026-11-20',
    },
    position: 3,
    enabled: false,
    author: 'admin',
  });
  assert.ok(prompt.length > 50 && negativePrompt.length > 50, 'it starts with the shipped prompt');
  assert.deepEqual(await audited(), [['preset.created', 'admin']]);
  assert.match((await browser.get(front)).text, /The preset was made and is switched off/);
});

test('a preset without marketplace has no rules', async () => {
  const form = await browser.form(`${front}/new`, `${front}/new`);
  const { containerMp4: _mp4, containerMov: _mov, sound: _sound, ...rest } = typed;
  const bare = { ...rest, marketplace: '', minSeconds: '', maxSeconds: '', maxMegabytes: '', source: '' };
  await browser.post(`${front}/new`, { ...form, ...bare });
  assert.deepEqual([(await preset('ozon-pro')).rules, (await preset('ozon-pro')).sound], [null, false]);
});

test('an id is never used twice', async () => {
  const form = await browser.form(`${front}/new`, `${front}/new`);
  for (const id of ['video-cover', 'new']) {
    const answer = await browser.post(`${front}/new`, { ...form, ...typed, id });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /id="id-problem">\s*This id is taken/);
    assert.equal(formOn(answer.text, `${front}/new`)['titleEn'], 'For Ozon', 'what was typed is kept');
  }
  assert.equal((await preset()).titles.en, 'Video cover');
});

test('each mistake comes back at its field, and nothing is made', async () => {
  const form = await browser.form(`${front}/new`, `${front}/new`);
  const cases: [Record<string, string>, field: string, RegExp][] = [
    [{ id: 'Ozon 10' }, 'id', /small letters, digits and hyphens/],
    [{ id: 'x'.repeat(41) }, 'id', /1 to 40/],
    [{ titleVi: ' ' }, 'titleVi', /Write a title/],
    [{ model: 'kling|kling-v9|std' }, 'model', /Choose a model/],
    [{ model: 'kling|kling-v2-6|pro' }, 'seconds', /does not make that length/],
    [{ seconds: 'ten' }, 'seconds', /whole seconds/],
    [{ seconds: '10', model: 'kling|kling-v2-6|std' }, 'sound', /makes no sound/],
    [{ aspectRatio: '3x4' }, 'aspectRatio', /Write a ratio/],
    [{ aspectRatio: '1:3' }, 'aspectRatio', /Write a ratio/],
    [{ price: '0' }, 'price', /whole number/],
    [{ minSeconds: '9' }, 'seconds', /asks for another length/],
    [{ maxSeconds: '7' }, 'maxSeconds', /must not be below/],
    [{ minSeconds: '1.5' }, 'minSeconds', /whole seconds/],
    [{ maxMegabytes: 'much' }, 'maxMegabytes', /megabytes/],
    [{ ruleRatio: '1:1' }, 'ruleRatio', /not the ratio of the preset/],
    [{ containerMp4: '' }, 'containerMp4', /Not saved yet/],
    [{ marketplace: '' }, 'marketplace', /Name the marketplace/],
    [{ source: '' }, 'source', /where these rules are written/],
  ];
  for (const [change, field, sentence] of cases) {
    const answer = await browser.post(`${front}/new`, { ...form, ...typed, ...change });
    const said = `${JSON.stringify(change)} ${field}`;
    assert.equal(answer.status, 422, said);
    assert.match(answer.text, sentence, said);
    if (field !== 'containerMp4') assert.match(answer.text, new RegExp(`id="${field}-problem"`), said);
  }
  const { containerMp4: _mp4, ...onlyMov } = typed;
  const onlyMovAnswer = await browser.post(`${front}/new`, { ...form, ...onlyMov });
  assert.match(onlyMovAnswer.text, /id="containers-problem">\s*Tick MP4 too/);
  assert.equal((await order()).length, 2);
});

test('every model of the list is offered for the kinds that it makes, and for no other', async () => {
  for (const kind of jobKinds) {
    const { text } = await browser.get(`${front}/new?kind=${kind}`);
    for (const one of models)
      assert.equal(text.includes(`value="${modelKey(one)}"`), one.kinds.includes(kind), `${kind} ${modelKey(one)}`);
  }
  const { text } = await browser.get(`${front}/new`);
  assert.match(text, /Kling · kling-v2-6 · std \(720p, 5\/10 s, silent\)/);
  assert.match(text, /kling-v3 · pro \(1080p, 3–15 s, can have sound\)/);
  assert.match(text, /Kie\.ai · kling-2\.6\/image-to-video \(5\/10 s, can have sound, prompt up to 1000 characters\)/);
  const pictures = (await browser.get(`${front}/new?kind=text-to-image`)).text;
  assert.match(pictures, /Kling · kling-v3 · 1k<[\s\S]*Kie\.ai · google\/nano-banana</);
});

test('an edit is a new revision with every field; saving it untouched is none', async () => {
  const form = await browser.form(edit, edit);
  assert.equal((await browser.post(edit, form)).location, front);
  assert.equal((await preset()).revision, 1);
  const { id: _id, price: _price, ...change } = typed;
  await browser.post(edit, { ...form, ...change });
  const { revision, mode, seconds, sound, rules, tokensCost, position, prompt } = await preset();
  assert.deepEqual([revision, mode, seconds, sound, rules?.maxBytes], [2, 'pro', 8, true, 20_000_000]);
  assert.deepEqual([tokensCost, position, prompt.slice(0, 6)], [10, 1, 'Smooth'], 'the rest stays');
  const again = await browser.form(edit, edit);
  assert.deepEqual({ ...again, ...change }, again, 'the form shows what was saved');
  assert.deepEqual(await audited(), [['preset.revised', 'admin']]);
});

test('of two editors the second sees both versions and overwrites nothing', async () => {
  const form = await browser.form(edit, edit);
  await browser.post(edit, { ...form, titleEn: 'By Anna' });
  const refused = await browser.post(edit, { ...form, titleEn: 'By Boris' });
  assert.equal(refused.status, 409);
  assert.match(refused.text, /<pre class="text">By Anna<\/pre>[\s\S]*<pre class="text">By Boris<\/pre>/);
  assert.equal((await preset()).titles.en, 'By Anna');
  assert.equal((await browser.post(edit, formOn(refused.text, edit))).status, 303);
  assert.equal((await preset()).titles.en, 'By Boris');
});

test('a preset moves up and down, and sellers see that order', async () => {
  assert.equal((await post('video-cover-10', 'move')).status, 303);
  assert.deepEqual(await order(), ['video-cover-10', 'video-cover']);
  await post('video-cover-10', 'move');
  assert.deepEqual(await order(), ['video-cover', 'video-cover-10']);
  const { text } = await browser.get(front);
  assert.equal(text.match(/name="by" value="up"/g)?.length, 1, 'the first has no way up');
  assert.equal(text.match(/name="by" value="down"/g)?.length, 1, 'the last has no way down');
});

test('a copy has an id and titles of its own, stands at the end and is switched off', async () => {
  await post('video-cover', 'copy');
  await post('video-cover', 'copy');
  assert.deepEqual(await order(), ['video-cover', 'video-cover-10', 'video-cover-copy', 'video-cover-copy-2']);
  const { enabled, titles, prompt, revision, tokensCost } = await preset('video-cover-copy-2');
  assert.deepEqual([enabled, titles.en, revision, tokensCost], [false, 'Video cover (copy)', 1, 10]);
  assert.equal(prompt, (await preset()).prompt);
});

test('a preset is switched off and on from the list; a click on an old page changes nothing', async () => {
  const old = await browser.form(front, `${front}/video-cover/offer`);
  await post('video-cover', 'offer');
  assert.equal((await preset()).enabled, false);
  await post('video-cover', 'offer');
  assert.equal((await preset()).enabled, true);
  const late = await browser.post(`${front}/video-cover/offer`, old);
  assert.equal(late.location, front);
  assert.equal((await preset()).enabled, true);
  assert.match((await browser.get(front)).text, /Somebody changed this preset meanwhile/);
});

test('a missing preset is a plain 404 for every deed', async () => {
  const { formToken } = await browser.form(front, `${front}/video-cover/copy`);
  assert.equal((await browser.get(`${front}/none`)).status, 404);
  for (const action of ['', '/copy', '/move', '/offer'])
    assert.equal((await browser.post(`${front}/none${action}`, { formToken: formToken! })).status, 404);
});

test('a job says whether its file passes the check of its marketplace', async () => {
  const { id: _id, price: _price, ...change } = typed;
  await browser.post(edit, { ...(await browser.form(edit, edit)), ...change });
  const seller = await office.seller('s1');
  const job = await office.job(seller.id);
  const { store, clock } = office;
  const video = {
    key: 'v',
    width: 720,
    height: 1280,
    seconds: 5.04,
    bytes: 1_500_000,
    sha256: 'x',
    contentType: 'video/mp4',
  };
  await store.transaction(async (tx) => {
    for (const stage of ['submitting', 'generating', 'saving'] as const)
      await store.jobs.advance(tx, stage, { id: job.id, now: clock.now() });
    await store.jobs.advance(tx, 'done', { id: job.id, now: clock.now(), set: { video, completedAt: clock.now() } });
  });
  const { text } = await browser.get(`/admin/jobs/${job.id}`);
  assert.match(text, /Marketplace check: Ozon/);
  assert.match(text, /Shortest length, s[\s\S]{0,300}does not pass[\s\S]{0,200}the file: 5\.04[\s\S]{0,100}asked: 8/);
  assert.match(text, /Largest file, MB[\s\S]{0,300}badge-completed[\s\S]{0,200}the file: 1\.5[\s\S]{0,100}asked: 20/);
});

test('an offered preset that no account can make says so', async () => {
  const canMake = async ({ presetId }: { presetId: string }) => presetId !== 'video-cover-10';
  const visitor = openBrowser(await office.open({ canMake }));
  await visitor.signIn();
  const row = async (id: string) => {
    const { text } = await visitor.get(front);
    return text.slice(text.indexOf(`id="preset-${id}"`)).split('</tr>')[0]!;
  };
  assert.match(await row('video-cover-10'), /Sellers do not see it: no account can make it/);
  assert.doesNotMatch(await row('video-cover'), /do not see it/);
  const { expectedRevision, formToken } = await visitor.form(front, `${front}/video-cover-10/offer`);
  await visitor.post(`${front}/video-cover-10/offer`, {
    formToken: formToken!,
    expectedRevision: expectedRevision!,
    enabled: 'off',
  });
  assert.doesNotMatch(await row('video-cover-10'), /do not see it/);
});
