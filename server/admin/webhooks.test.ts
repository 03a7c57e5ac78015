import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { createSeal } from '../secrets.ts';
import { formOn, openBrowser, openOffice, secret as serverSecret, type Office } from './testing.ts';

const front = '/admin/webhooks';
let office: Office;
let browser: ReturnType<typeof openBrowser>;
before(async () => {
  office = await openOffice({ webhookHosts: ['127.0.0.1:9'] });
  browser = openBrowser(office.address);
  await browser.signIn();
});
after(() => office.close());

const newUrl = () => `https://panel.example/hooks/${uuidv7()}`;
const shownSecret = (text: string) => /whsec_[A-Za-z0-9+/=]+/.exec(text)?.[0];

/** Creates an endpoint through the form; answers its page's path. */
async function create(fields: Record<string, string> = {}): Promise<string> {
  const form: Record<string, string> = {
    ...(await browser.form(front, front)),
    site: 'panel',
    url: newUrl(),
    ...fields,
  };
  const answer = await browser.post(front, form);
  assert.equal(answer.status, 303, answer.text);
  return answer.location!;
}
const idIn = (path: string) => path.slice(front.length + 1);
const rowOf = async (path: string) => (await office.store.webhooks.endpoint(idIn(path)))!;
async function press(path: string, deed: string) {
  const action = deed.startsWith('/') ? deed : `${path}/${deed}`;
  const answer = await browser.post(action, await browser.form(path, action));
  assert.equal(answer.status, 303, deed);
  return answer.location!;
}

describe('a new endpoint', () => {
  it('shows its secret once and keeps it sealed', async () => {
    const path = await create({ url: '  https://Panel.example/hooks  ' });
    const first = await browser.get(path);
    const secret = shownSecret(first.text)!;
    assert.equal(Buffer.from(secret.slice('whsec_'.length), 'base64').length, 32);
    assert.equal(shownSecret((await browser.get(path)).text), undefined);
    const row = await rowOf(path);
    assert.deepEqual([row.url, row.enabled, row.events.length], ['https://panel.example/hooks', true, 3]);
    assert.equal(createSeal(serverSecret).unseal(row.sealedSecret), secret);
    assert.ok(!JSON.stringify(office.log).includes(secret));
    const audit = await office.store.auditLog.list({ limit: 1, target: row.id });
    assert.deepEqual([audit[0]!.action, audit[0]!.actor], ['webhook.created', 'admin']);
  });

  it('shows its secret to no other page', async () => {
    const path = await create();
    const other = await create();
    assert.notEqual(path, other);
    const stranger = openBrowser(office.address);
    await stranger.signIn();
    assert.equal(shownSecret((await stranger.get(other)).text), undefined);
    assert.equal(shownSecret((await browser.get(path)).text), undefined);
  });

  it('with an address that may not be sent to, without events or site comes back at its field with what was typed', async () => {
    const form = { ...(await browser.form(front, front)), site: 'panel', url: newUrl() };
    const before = (await office.store.webhooks.endpoints()).length;
    for (const [fields, sentence] of [
      [{ url: 'panel.example' }, /id="url-problem">Write the whole address/],
      [{ url: 'http://panel.example/typed' }, /id="url-problem">Use https[\s\S]*/],
      [{ url: 'https://10.0.0.1/' }, /id="url-problem">This address is private/],
      [{ url: 'https://a:b@panel.example/' }, /id="url-problem">Write the whole address/],
      [{ site: 'nowhere' }, /id="site-problem">Choose a site/],
    ] as [Record<string, string>, RegExp][]) {
      const answer = await browser.post(front, { ...form, ...fields });
      assert.equal(answer.status, 422);
      assert.match(answer.text, sentence);
      if (fields['url']) assert.equal(formOn(answer.text, front)['url'], fields['url']);
    }
    const {
      'job.completed': _one,
      'job.failed': _two,
      'balance.changed': _three,
      ...silent
    } = form as Record<string, string>;
    const answer = await browser.post(front, silent);
    assert.match(answer.text, /id="events-problem">Tick at least one/);
    assert.ok(!('job.failed' in formOn(answer.text, front)));
    assert.equal((await office.store.webhooks.endpoints()).length, before);
  });

  it('on loopback is taken when it stands in WEBHOOK_HOSTS', async () => {
    assert.equal((await rowOf(await create({ url: 'http://127.0.0.1:9/hook' }))).url, 'http://127.0.0.1:9/hook');
  });

  it('sent twice is made once', async () => {
    const form = { ...(await browser.form(front, front)), site: 'panel', url: newUrl() };
    assert.equal((await browser.post(front, form)).status, 303);
    const again = await browser.post(front, form);
    assert.equal(again.status, 409);
    assert.match(again.text, /id="url-problem">The site has an endpoint/);
  });
});

describe('an endpoint', () => {
  it('is changed, and a change upon somebody else’s is refused', async () => {
    const path = await create();
    const form = await browser.form(path, `${path}/settings`);
    const { 'job.failed': _left, ...fewer } = form as Record<string, string>;
    const url = newUrl();
    assert.equal((await browser.post(`${path}/settings`, { ...fewer, url })).status, 303);
    const row = await rowOf(path);
    assert.deepEqual([row.url, row.events], [url, ['job.completed', 'balance.changed']]);
    const late = await browser.post(`${path}/settings`, { ...form, url: newUrl() });
    assert.equal(late.status, 409);
    assert.equal((await rowOf(path)).url, url);
  });

  it('rotates its secret: the new one is shown once, the old one signs on until the end', async () => {
    const path = await create();
    const first = shownSecret((await browser.get(path)).text)!;
    await press(path, 'rotation');
    const page = await browser.get(path);
    const second = shownSecret(page.text)!;
    assert.notEqual(second, first);
    assert.match(page.text, /both secrets sign/);
    assert.equal(shownSecret((await browser.get(path)).text), undefined);
    const { unseal } = createSeal(serverSecret);
    const during = await rowOf(path);
    assert.deepEqual([unseal(during.sealedSecret), unseal(during.sealedNextSecret!)], [first, second]);
    await press(path, 'rotation-end');
    const done = await rowOf(path);
    assert.deepEqual([unseal(done.sealedSecret), done.sealedNextSecret], [second, null]);
  });

  it('is disabled, which gives up what waits, and enabled again', async () => {
    const path = await create();
    await press(path, 'test');
    await press(path, 'disable');
    assert.equal((await rowOf(path)).enabled, false);
    const [given] = await office.store.webhooks.deliveries({ endpointId: idIn(path), limit: 1 });
    assert.deepEqual([given!.status, given!.lastError], ['failed', 'disabled']);
    assert.match((await browser.get(path)).text, /The endpoint was disabled\./);
    await press(path, 'enable');
    assert.equal((await rowOf(path)).enabled, true);
  });

  it('has its deliveries replayed, as the same message', async () => {
    const path = await create();
    await press(path, 'test');
    const read = async () => (await office.store.webhooks.deliveries({ endpointId: idIn(path), limit: 9 }))[0]!;
    const { id, messageId } = await read();
    const now = office.clock.now();
    const claimed = await office.store.transaction((tx) =>
      office.store.webhooks.claim(tx, { endpointId: idIn(path), now, limit: 9, leaseMs: 1 }),
    );
    const set = { status: 'delivered' as const, lastStatus: 200 };
    const outcome = { id, leaseUntil: claimed[0]!.leaseUntil, set, now };
    await office.store.transaction((tx) => office.store.webhooks.settle(tx, outcome));
    assert.match((await browser.get(path)).text, /delivered[\s\S]*HTTP 200/);
    await press(path, `${front}/deliveries/${id}/replay`);
    const again = await read();
    assert.deepEqual([again.status, again.attempts, again.messageId], ['pending', 0, messageId]);
  });
});

describe('the pages', () => {
  it('show what receivers answer as text', async () => {
    const path = await create({ url: 'https://panel.example/<script>alert(1)</script>?a="b"' });
    await press(path, 'test');
    const now = office.clock.now();
    const { store } = office;
    const claim = { endpointId: idIn(path), now, limit: 9, leaseMs: 1 };
    const [held] = await store.transaction((tx) => store.webhooks.claim(tx, claim));
    const lastError = '<img src=x onerror=alert(1)>';
    const outcome = { id: held!.id, leaseUntil: held!.leaseUntil, set: { lastStatus: 500, lastError }, now };
    await store.transaction((tx) => store.webhooks.settle(tx, outcome));
    for (const page of [await browser.get(path), await browser.get(front)]) {
      assert.doesNotMatch(page.text, /<img src=x|<script>alert/);
      assert.match(page.text, /&lt;img src=x onerror=alert\(1\)&gt;/);
    }
  });

  it('change nothing for a form of another session or without one', async () => {
    const path = await create();
    const before = await rowOf(path);
    const form = { ...(await browser.form(path, `${path}/disable`)), formToken: 'x' };
    assert.equal((await browser.post(`${path}/disable`, form)).status, 403);
    assert.equal((await browser.post(`${path}/disable`, form, { 'sec-fetch-site': 'cross-site' })).status, 403);
    assert.equal((await openBrowser(office.address).post(`${path}/disable`, {})).status, 401);
    assert.deepEqual(await rowOf(path), before);
  });

  it('say so when there is no such endpoint or delivery, and are in Russian, too', async () => {
    const path = await create();
    const { formToken } = (await browser.form(path, `${path}/test`)) as { formToken: string };
    assert.equal((await browser.get(`${front}/nothing`)).status, 404);
    assert.equal((await browser.post(`${front}/nothing/test`, { formToken })).status, 404);
    assert.equal((await browser.post(`${front}/deliveries/nothing/replay`, { formToken })).status, 404);
    assert.equal((await browser.get(`${path}/disable`)).location, path);
    const russian = openBrowser(office.address, { language: 'ru' });
    await russian.signIn();
    assert.match((await russian.get(front)).text, /Вебхуки[\s\S]*Новый получатель/);
  });
});
