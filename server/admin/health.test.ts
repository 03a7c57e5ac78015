import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createSeal } from '../secrets.ts';
import type { HealthDesk } from './parts.ts';
import { openBrowser, openOffice, secret, type Office } from './testing.ts';

let office: Office;
let owner: ReturnType<typeof openBrowser>;
let looks = 0;
const desk: HealthDesk = {
  async examine() {
    looks += 1;
    return {
      findings: [
        { id: 'ledger', state: 'ok', text: 'The ledger is sound.', ru: { text: 'Журнал в порядке.' } },
        { id: 'clips', state: 'failed', text: 'Two <b>files</b> are gone.', remedy: 'Restore them.' },
      ],
      accounts: [
        { id: 'kling', findings: [{ id: 'kling-resource-packs', state: 'ok', text: '"A" 7 of 9 units left' }] },
      ],
    };
  },
  accounts: [{ id: 'kling', provider: 'kling', concurrency: 5, baseUrl: 'http://127.0.0.1:1' }],
  dailyJobs: 50,
};

before(async () => {
  office = await openOffice({ health: desk });
  owner = openBrowser(office.address);
  await owner.signIn();
});
after(() => office.close());

const newAccount = {
  label: 'Second',
  concurrency: '3',
  position: '1',
  apiKey: 'key-of-the-second',
  accessKey: '',
  secretKey: '',
  baseUrl: 'https://api-singapore.klingai.com/',
};
const send = async (path: string, form: Record<string, string>) => {
  const { formToken } = await owner.form('/admin/health', '/admin/health/accounts');
  return owner.post(`/admin/health/accounts${path}`, { formToken: formToken!, ...form });
};

test('the doctor looks when asked, at most every 30 seconds, and the page shows what to do first', async () => {
  assert.match((await owner.get('/admin/health')).text, /Nobody has looked yet/);
  assert.equal((await owner.get('/admin/health?run=1')).location, '/admin/health');
  await owner.get('/admin/health?run=1');
  assert.equal(looks, 1);
  const { text } = await owner.get('/admin/health');
  assert.ok(text.indexOf('Two &lt;b&gt;files') < text.indexOf('The ledger is sound.'), 'what must be mended is first');
  assert.match(text, /Restore them\./);
  const russian = (await owner.get('/admin/health?lang=ru')).text;
  assert.match(russian, /<span lang="ru">Журнал в порядке\./);
  assert.match(russian, /<span lang="en">Two &lt;b&gt;files/, 'what has no Russian is shown and marked as English');
  await owner.get('/admin/health?lang=en');
  assert.match(text, /7 of 9 units left/);
  assert.match(text, /12 hours late/);
  assert.match(text, /0 of 50/);
  office.clock.pass(31_000);
  await owner.get('/admin/health?run=1');
  assert.equal(looks, 2);
});

test('an account is added with sealed credentials that no page shows', async () => {
  const answer = await send('', newAccount);
  assert.deepEqual([answer.status, answer.location], [303, '/admin/health']);
  const [row] = await office.store.providerCredentials.list();
  assert.deepEqual([row!.id, row!.label, row!.concurrency, row!.enabled], ['kling-2', 'Second', 3, true]);
  assert.equal(row!.baseUrl, 'https://api-singapore.klingai.com');
  assert.deepEqual(JSON.parse(createSeal(secret).unseal(row!.sealedCredentials)), { apiKey: 'key-of-the-second' });
  assert.doesNotMatch((await owner.get('/admin/health')).text, /key-of-the-second/);
  const [entry] = await office.store.auditLog.list({ limit: 1 });
  assert.deepEqual([entry!.action, entry!.target], ['provider.added', 'kling-2']);
  assert.doesNotMatch(JSON.stringify(entry), /key-of-the-second/);
});

test('a wrong form comes back with its texts, and keys that were typed do not', async () => {
  for (const [name, value] of [
    ['label', ' '],
    ['concurrency', '0'],
    ['position', 'x'],
    ['apiKey', ''],
    ['baseUrl', 'http://10.0.0.1'],
    ['baseUrl', 'https://10.0.0.1'],
  ] as const) {
    const { status, text } = await send('', { ...newAccount, label: 'Third', accessKey: 'half', [name]: value });
    assert.equal(status, 422, name);
    assert.match(text, new RegExp(`id="new-kling-${name}-problem"`), name);
    assert.doesNotMatch(text, /key-of-the-second|value="half"/);
  }
  assert.equal((await office.store.providerCredentials.list()).length, 1);
});

test('a change is written once, a stale one is refused, and disabling keeps the row', async () => {
  const [before] = await office.store.providerCredentials.list();
  const change = { label: 'Renamed', concurrency: '4', position: '2', expectedUpdatedAt: String(before!.updatedAt) };
  assert.equal((await send('/kling-2', change)).status, 303);
  assert.equal((await send('/kling-2', { ...change, label: 'Late' })).status, 409);
  assert.equal((await send('/kling-2/disable', {})).status, 303);
  const [row] = await office.store.providerCredentials.list();
  assert.deepEqual([row!.label, row!.concurrency, row!.position, row!.enabled], ['Renamed', 4, 2, false]);
  assert.match((await owner.get('/admin/health')).text, /jobs already there finish there/);
  assert.equal((await send('/kling-2/enable', {})).status, 303);
  assert.equal((await send('/kling-9', change)).status, 404);
});

test('a Kie account needs its key alone, is told from Kling, and says that costs are not known', async () => {
  const kie = { provider: 'kie', label: 'Kie <b>one</b>', concurrency: '20', position: '3', baseUrl: '' };
  const halves = { ...kie, accessKey: 'a-key', secretKey: 'b-key' };
  const refused = await send('', { ...halves, apiKey: '' });
  assert.equal(refused.status, 422);
  assert.match(refused.text, /<details class="card" open>\s*<summary>Add a Kie\.ai account/);
  assert.match(refused.text, /id="new-kie-apiKey-problem">\s*Give the API key, one word/);
  assert.equal((await send('', { ...kie, apiKey: 'key-of-kie' })).status, 303);
  const row = await office.store.providerCredentials.get('kie-3');
  assert.deepEqual([row?.provider, row?.baseUrl, row?.concurrency], ['kie', 'https://api.kie.ai', 20]);
  assert.deepEqual(JSON.parse(createSeal(secret).unseal(row!.sealedCredentials)), { apiKey: 'key-of-kie' });
  const { text } = await owner.get('/admin/health');
  assert.match(
    text,
    /Kie &lt;b&gt;one[\s\S]{0,200}<span class="badge">Kie\.ai<\/span>[\s\S]*What a task costs is not known/,
  );
  assert.doesNotMatch(text, /key-of-kie/);
  assert.deepEqual((await office.store.auditLog.list({ limit: 1 }))[0]!.detail['provider'], 'kie');
});

test('a paused account is tried again at once', async () => {
  const { store, runtime } = office;
  const pause = { id: 'kling', until: runtime.now() + 60_000, reason: '1102 out of units', now: runtime.now() };
  await store.transaction((tx) => store.queue.pauseAccount(tx, pause));
  assert.match((await owner.get('/admin/health')).text, /1102 out of units/);
  assert.equal((await send('/kling/retry', {})).status, 303);
  assert.equal((await store.queue.providerAccounts())[0]!.pausedUntil, 0);
  assert.equal((await store.auditLog.list({ limit: 1 }))[0]!.action, 'provider.resumed');
  assert.equal((await send('/nobody/retry', {})).status, 404);
});

test('what pauses by itself of the credentials that were added here can be tried again too', async () => {
  const { store, runtime } = office;
  const pause = { id: 'kling-2-images', until: runtime.now() + 60_000, reason: 'no image pack', now: runtime.now() };
  await store.transaction((tx) => store.queue.pauseAccount(tx, pause));
  const { text } = await owner.get('/admin/health');
  assert.match(text, /<code>kling-2-images<\/code>[\s\S]{0,300}with the credentials of kling-2, for pictures/);
  assert.equal((await send('/kling-2-images/retry', {})).status, 303);
  assert.equal((await store.queue.providerAccounts()).find(({ id }) => id === 'kling-2-images')!.pausedUntil, 0);
});
