import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openBrowser, openOffice, type Office } from './testing.ts';

let office: Office;
let browser: ReturnType<typeof openBrowser>;
before(async () => void (office = await openOffice()));
after(() => office.close());
beforeEach(async () => {
  browser = openBrowser(office.address);
  await browser.signIn();
});

const price = '/admin/prices/video-cover';
const priceForm = async (): Promise<Record<string, string>> => ({
  ...(await browser.form('/admin/prices', price)),
  price: '99',
});
const priceNow = async () => (await office.store.presets.get('video-cover'))!.tokensCost;

async function assertRefused(answer: Awaited<ReturnType<typeof browser.post>>, advice: RegExp) {
  assert.equal(answer.status, 403);
  assert.match(answer.text, advice);
  assert.equal(await priceNow(), 10);
}

test('a form without its token changes nothing, and the typed text is given back', async () => {
  const { formToken: _token, ...form } = await priceForm();
  const answer = await browser.post(price, form);
  await assertRefused(answer, /Open the page anew/);
  assert.match(answer.text, /<pre class="text">99<\/pre>/);
});

test("another session's token changes nothing", async () => {
  const other = openBrowser(office.address);
  await other.signIn();
  const { formToken } = await other.form('/admin/prices', price);
  await assertRefused(await browser.post(price, { ...(await priceForm()), formToken: formToken! }), /another session/);
});

test('a form from another site changes nothing, whatever it carries', async () => {
  const form = await priceForm();
  for (const site of ['cross-site', 'same-site', 'none'])
    await assertRefused(
      await browser.post(price, form, { 'sec-fetch-site': site }),
      /did not come from a page of this admin/,
    );
});

test('where a browser sends no Sec-Fetch-Site, the Origin must be ours', async () => {
  const form = await priceForm();
  for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1'])
    await assertRefused(await browser.post(price, form, { origin }), /did not come from/);
  await assertRefused(await browser.post(price, form, {}), /did not come from/);
  assert.equal((await browser.post(price, { ...form, price: '10' }, { origin: office.address })).status, 303);
  assert.equal(
    (await browser.post(price, { ...form, price: '10' }, { origin: 'http://127.0.0.1' })).status,
    303,
    'PUBLIC_URL',
  );
});

test('a sign-in from another site is refused', async () => {
  const stranger = openBrowser(office.address);
  const answer = await stranger.post(
    '/admin/sign-in',
    { password: 'correct horse battery' },
    { 'sec-fetch-site': 'cross-site' },
  );
  assert.equal(answer.status, 403);
  assert.equal(stranger.cookies.size, 0);
});

test('a body of another content type is no form', async () => {
  const body = JSON.stringify(await priceForm());
  const answer = await fetch(`${office.address}${price}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'text/plain',
      'sec-fetch-site': 'same-origin',
      cookie: `kvc-admin=${browser.cookies.get('kvc-admin')}`,
    },
  });
  assert.equal(answer.status, 403);
  assert.equal(await priceNow(), 10);
});

test('a form that comes after the session has ended changes nothing and gives the text back', async () => {
  const form: Record<string, string> = {
    ...(await browser.form('/admin/prompts/video', '/admin/prompts/video/video-cover')),
    prompt: 'An hour of work',
  };
  office.clock.pass(9 * 3_600_000);
  const answer = await browser.post('/admin/prompts/video/video-cover', form);
  assert.equal(answer.status, 401);
  assert.match(answer.text, /An hour of work/);
  assert.doesNotMatch(answer.text, new RegExp(form['formToken']!));
  assert.equal((await office.store.presets.get('video-cover'))!.revision, 1);
});

test('a form past the limit is refused with a page', async () => {
  const answer = await browser.post(price, { ...(await priceForm()), note: 'x'.repeat(300_000) });
  assert.equal(answer.status, 413);
  assert.match(answer.text, /Shorten the texts/);
});
