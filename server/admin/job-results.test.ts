import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { JobRequest } from '../jobs/new-job.ts';
import type { JobRow } from '../store/schema.ts';
import { openBrowser, openOffice, type Office } from './testing.ts';

let office: Office;
let browser: ReturnType<typeof openBrowser>;
before(async () => {
  office = await openOffice();
  browser = openBrowser(office.address);
  await browser.signIn();
  const current = (await office.store.presets.get('video-cover'))!;
  const { revision: _revision, author: _author, createdAt: _at, ...facts } = current;
  const picture = { kind: 'text-to-image', model: 'kling-v3', mode: '1k', seconds: 0 } as const;
  const choices = { modes: [{ value: '2k', extraTokens: 3 }], aspectRatios: [{ value: '1:1', extraTokens: 0 }] };
  await office.store.presets.addMissing([{ ...facts, ...picture, presetId: 'picture', choices, tokensCost: 4 }], 1);
  const seconds = [{ value: 10, extraTokens: 10 }];
  const change = { choices: { seconds } };
  await office.store.presets.revise({ id: 'video-cover', expectedRevision: 1, change, author: 'anna', now: 1 });
});
after(() => office.close());

const file = { width: 1024, height: 1365, bytes: 700_000, sha256: 'a'.repeat(64) };
const order = async (request: Partial<JobRequest>): Promise<JobRow> => {
  const seller = await office.seller(office.runtime.newId());
  return office.job(seller.id, request);
};
async function finish(id: string, set: Partial<JobRow>): Promise<string> {
  const now = office.clock.now();
  await office.store.transaction(async (tx) => {
    for (const stage of ['submitting', 'generating', 'saving'] as const)
      await office.store.jobs.advance(tx, stage, { id, now });
    await office.store.jobs.advance(tx, 'done', { id, now, set: { ...set, completedAt: now } });
  });
  return (await browser.get(`/admin/jobs/${id}`)).text;
}
const picture = { presetId: 'picture', prompt: 'A mug' };
const dataOf = (text: string, name: string) =>
  new RegExp(`<dt>${name}</dt>\\s*<dd>([\\s\\S]*?)</dd>`).exec(text)?.[1]?.replaceAll(/\s+/g, ' ');

test('a finished picture is shown with its size, and has neither length nor sound', async () => {
  const { id } = await order(picture);
  const text = await finish(id, { image: { ...file, key: 'p.png', contentType: 'image/png' } });
  assert.match(text, /<img\s+class="clip result"\s+src="\/media\/signed-p\.png"\s+alt="The finished picture"/);
  assert.equal(dataOf(text, 'File'), '1024 × 1365, 0.7 MB, image/png');
  assert.equal(dataOf(text, 'Kind'), 'Text to picture');
  assert.deepEqual([dataOf(text, 'Length'), dataOf(text, 'Sound')], [undefined, undefined]);
  assert.doesNotMatch(text, /<video/);
});

test('the receipt adds up: the price of the preset and what the seller chose on top', async () => {
  const { id, tokensCost } = await order({ ...picture, mode: '2k', aspectRatio: '1:1' });
  assert.equal(tokensCost, 7);
  const { text } = await browser.get(`/admin/jobs/${id}`);
  const names = ['Price of the preset', 'Quality: 2k', 'Ratio: 1:1', 'Quoted', 'Debited', 'Refunded'];
  assert.deepEqual(
    names.map((name) => dataOf(text, name)),
    ['4', '+3', undefined, '7', '7', '0'],
  );
  assert.match(dataOf(text, 'Ratio')!, /^1:1 <span class="hint">chosen by the seller/);
});

test('a chosen length, a style, a group and the job that it is a variant of are told', async () => {
  const first = await order({});
  const group = { groupId: 'SKU-1', groupName: 'Clay <b>mug' };
  const request = { ...group, seconds: 10, styleId: 'studio', parentId: first.id };
  const { id } = await office.job(first.accountId, request);
  const { text } = await browser.get(`/admin/jobs/${id}`);
  assert.match(dataOf(text, 'Length')!, /^10 s <span class="hint">chosen by the seller/);
  assert.match(dataOf(text, 'Group')!, /Clay &lt;b&gt;mug <code class="hint">SKU-1/);
  assert.equal(dataOf(text, 'Style'), 'Studio');
  assert.match(dataOf(text, 'Variant of')!, new RegExp(`href="/admin/jobs/${first.id}"`));
  const plain = await browser.get(`/admin/jobs/${first.id}`);
  assert.equal(dataOf(plain.text, 'Length'), '5 s');
  assert.equal(dataOf(plain.text, 'Price of the preset'), undefined);
});

test('a job made again is offered at the price of what was chosen', async () => {
  const { id } = await order({ seconds: 10 });
  await office.fail(id, 'provider_failed', 'oops');
  assert.match((await browser.get(`/admin/jobs/${id}`)).text, /The seller, as usual \(tokens: 20\)/);
});

test('of a file that lies at the provider only the address is shown, with its end', async () => {
  const { id } = await order({});
  const link = { url: 'https://cdn.example/clip.mp4?sign=1', expiresAt: Date.UTC(2026, 9, 2, 12) };
  const video = { ...file, key: 'x', seconds: 5, contentType: 'video/mp4', link };
  const text = await finish(id, { video });
  assert.doesNotMatch(text, /<video/);
  assert.match(dataOf(text, 'Address')!, /href="https:\/\/cdn\.example\/clip\.mp4\?sign=1" rel="noreferrer"/);
  assert.match(dataOf(text, 'Good until')!, /2 Oct 2026/);
  const odd = await order({});
  const script = { url: 'javascript:alert(1)', expiresAt: 1 };
  assert.doesNotMatch(await finish(odd.id, { video: { ...video, link: script } }), /href="javascript/);
});
