import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { changed } from './audit-entry.ts';
import { dictionaries } from './i18n/dictionary.ts';
import { openBrowser, openOffice, type Office } from './testing.ts';

let office: Office;
let browser: ReturnType<typeof openBrowser>;
before(async () => {
  office = await openOffice({ clientAddress: (c) => c.req.header('x-test-address') ?? 'home' });
  browser = openBrowser(office.address);
  await browser.signIn();
});
after(() => office.close());

const all = () => office.store.auditLog.list({ limit: 1000 });
/** What `deed` added to the log, oldest first, without ids and times. */
async function written(deed: () => Promise<unknown>) {
  const [last] = await all();
  await deed();
  const entries = (await all()).filter(({ id }) => !last || id > last.id).toReversed();
  return entries.map(({ actor, action, target, detail }) => ({ actor, action, target, detail }));
}
const price = '/admin/prices/video-cover';

test('a price is written with what it was, and a refused one is not', async () => {
  const form = await browser.form('/admin/prices', price);
  assert.deepEqual(await written(() => browser.post(price, { ...form, price: '15' })), [
    {
      actor: 'admin',
      action: 'preset.priced',
      target: 'video-cover',
      detail: { revision: 2, before: { tokensCost: 10 }, after: { tokensCost: 15 } },
    },
  ]);
  const refused = await written(async () => {
    assert.equal((await browser.post(price, { ...form, price: '20' })).status, 409);
    assert.equal((await browser.post(price, { ...form, price: 'much' })).status, 422);
    assert.equal((await browser.post(price, { ...form, expectedRevision: '2', price: '15' })).status, 303);
    assert.equal((await browser.post(price, { ...form, formToken: 'x', price: '20' })).status, 403);
  });
  assert.deepEqual(refused, []);
});

test('a grant is written once, however often it is sent', async () => {
  const { id } = await office.seller('user-1');
  const path = `/admin/accounts/${id}/grants`;
  const form = { ...(await browser.form(`/admin/accounts/${id}`, path)), amount: '7', reference: 'r-1', note: 'paid' };
  const entries = await written(async () => {
    await browser.post(path, form);
    await browser.post(path, form);
    assert.equal((await browser.post(path, { ...form, amount: '8' })).status, 409);
  });
  const detail = { amount: 7, reference: 'r-1', note: 'paid' };
  assert.deepEqual(entries, [{ actor: 'admin', action: 'account.granted', target: id, detail }]);
});

test('everything about operators is written, and no password or cookie', async () => {
  const front = '/admin/operators';
  const entries = await written(async () => {
    const form = { ...(await browser.form(front, front)), login: 'anna', newPassword: 'a long first password' };
    await browser.post(front, { ...form, role: 'viewer' });
    assert.equal((await browser.post(front, { ...form, role: 'viewer' })).status, 409);
    const { id } = (await office.store.operators.getByLogin('anna'))!;
    const anna = openBrowser(office.address);
    await anna.signIn('a long first password', 'anna');
    const page = `${front}/${id}`;
    const send = async (what: string, fields = {}) =>
      browser.post(`${page}/${what}`, { ...(await browser.form(page, `${page}/${what}`)), ...fields });
    await send('role', { role: 'owner' });
    await send('role', { role: 'owner' });
    await send('password', { newPassword: 'short' });
    await send('password', { newPassword: 'a long second password' });
    await send('disable');
    await send('enable');
  });
  assert.deepEqual(
    entries.map(({ actor, action, target }) => `${actor} ${action} ${target}`),
    [
      'admin operator.created anna',
      'anna signIn.done anna',
      'admin operator.roleChanged anna',
      'admin operator.passwordSet anna',
      'admin operator.disabled anna',
      'admin operator.enabled anna',
    ],
  );
  assert.deepEqual(entries[2]!.detail, { before: { role: 'viewer' }, after: { role: 'owner' } });
  assert.equal(entries[3]!.detail['sessionsEnded'], 1);
  assert.doesNotMatch(JSON.stringify(entries), /password"|scrypt|a long/);
});

test('a failed sign-in is written without what was typed, a few times per address', async () => {
  const address = await office.open();
  const from = (password: string, login: string, at = 'guesser') =>
    openBrowser(address).post(
      '/admin/sign-in',
      { login, password },
      { 'sec-fetch-site': 'same-origin', 'x-test-address': at },
    );
  const entries = await written(async () => {
    await from('guess', 'anna');
    await from('guess', 'my password by mistake');
    for (let at = 0; at < 6; at += 1) await from('guess', '');
    await from('guess', '', 'elsewhere');
  });
  assert.deepEqual(
    entries.map(({ target, detail }) => `${target} ${detail['address']}`),
    ['anna guesser', 'unknown guesser', 'admin guesser', 'admin elsewhere'],
  );
  assert.ok(entries.every(({ actor, action }) => actor === 'unknown' && action === 'signIn.failed'));
});

test('signing out and ending sessions is written', async () => {
  const other = openBrowser(office.address);
  const entries = await written(async () => {
    await other.signIn();
    await other.post('/admin/sign-out', await other.form('/admin/jobs', '/admin/sign-out'));
    await other.signIn();
    const others = '/admin/operators/sessions/end-others';
    const form = await browser.form('/admin/operators', others);
    await browser.post(others, form);
    await browser.post(others, form);
  });
  assert.deepEqual(
    entries.map(({ action }) => action),
    ['signIn.done', 'signOut.done', 'signIn.done', 'session.othersEnded'],
  );
});

test('the page reads newest first, in words, and pages without a gap', async () => {
  for (let at = 0; at < 40; at += 1)
    await office.store.transaction((tx) =>
      office.store.auditLog.write(tx, {
        id: office.runtime.newId(),
        at: office.clock.now(),
        actor: 'system',
        action: at === 39 ? 'future.deed' : 'preset.priced',
        target: `t-${at}`,
        detail: { before: { tokensCost: at }, after: { tokensCost: at + 1 } },
      }),
    );
  const first = await browser.get('/admin/audit');
  assert.match(first.text, /<code>future\.deed<\/code>[\s\S]*Price changed/);
  assert.match(first.text, /<del>39<\/del> → <ins>40<\/ins>/);
  const older = /rel="next" href="([^"]+)"/.exec(first.text)![1]!;
  const second = await browser.get(older.replaceAll('&amp;', '&'));
  const targets = (text: string) => [...text.matchAll(/<code>t-(\d+)<\/code>/g)].map(([, at]) => Number(at));
  assert.deepEqual(
    [...targets(first.text), ...targets(second.text)],
    Array.from({ length: 40 }, (_, at) => 39 - at),
  );
  assert.match((await browser.get('/admin/audit?lang=ru')).text, /Изменена цена/);
  await browser.get('/admin/audit?lang=en');
});

test('the page filters by who, what and target, and says when nothing matches', async () => {
  const { text } = await browser.get('/admin/audit?actor=system&action=preset.priced&target=t-3');
  assert.equal(text.match(/<tr>/g)!.length, 2);
  assert.match(text, /value="t-3"/);
  const none = await browser.get('/admin/audit?actor=nobody&action=%3Cscript%3E');
  assert.match(none.text, /No entry matches/);
  assert.doesNotMatch(none.text, /<script/);
  const wide = await browser.get(`/admin/audit?before=${'x'.repeat(3000)}`);
  assert.equal(wide.status, 200);
});

test('hostile text in an entry is text, long text is cut, and objects are shown', async () => {
  const hostile = '"><img src=x onerror=alert(1)></del><script>';
  await office.store.transaction((tx) =>
    office.store.auditLog.write(tx, {
      id: office.runtime.newId(),
      at: office.clock.now(),
      actor: hostile,
      action: `account.${hostile}`,
      target: hostile,
      detail: {
        [hostile]: hostile,
        before: hostile,
        after: { x: [hostile] },
        constructor: 'x'.repeat(5000),
        nested: { hostile },
      },
    }),
  );
  const { text } = await browser.get('/admin/audit');
  assert.doesNotMatch(text, /<img src=x|<script/);
  assert.ok(text.includes('&lt;img src=x onerror=alert(1)&gt;'));
  assert.ok(!text.includes('x'.repeat(300)));
});

test('only what differs is kept, whatever the order of its keys', () => {
  const before = { titles: { ru: 'Ж', en: 'Z' }, price: 1, note: null as string | null };
  assert.deepEqual(changed(before, { titles: { en: 'Z', ru: 'Ж' }, price: 2, note: 'x' }), {
    before: { price: 1, note: null },
    after: { price: 2, note: 'x' },
  });
});

test('every action that the server writes has its words', () => {
  const root = join(import.meta.dirname, '..');
  const sources = globSync('**/*.ts', { cwd: root }).filter((path) => !/\.(test|suite)\.ts$/.test(path));
  const texts = sources.map((path) => readFileSync(join(root, path), 'utf8'));
  const actions = new Set(
    texts.flatMap((text) => [...text.matchAll(/\baction: '([a-z]\w+\.\w+)'/g)].map(([, name]) => name!)),
  );
  assert.ok(actions.has('webhook.created') && actions.has('operator.roleChanged'), 'the sources were read');
  const known = dictionaries.en.audit.actions;
  const wordless = [...actions].filter((name) => !Object.hasOwn(known, name));
  assert.deepEqual(wordless, [], 'give them words in i18n/operators.en.ts and operators.ru.ts');
});
