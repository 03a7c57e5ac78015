import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { innerPathOr } from './pages/sign-in.ts';
import { openBrowser, openOffice, type Office } from './testing.ts';

let office: Office;
before(
  async () => void (office = await openOffice({ clientAddress: (c) => c.req.header('x-test-address') ?? 'home' })),
);
after(() => office.close());

const pages = [
  '/admin',
  '/admin/jobs',
  '/admin/jobs/x',
  '/admin/accounts',
  '/admin/accounts/x',
  '/admin/prompts/video',
  '/admin/prices',
  '/admin/embed',
  '/admin/operators',
  '/admin/operators/x',
  '/admin/audit',
  '/admin/nothing',
];

test('without a session every page leads to the sign-in and nothing else', async () => {
  const stranger = openBrowser(office.address);
  for (const page of pages) {
    const answer = await stranger.get(page);
    assert.equal(answer.status, 303, page);
    assert.equal(answer.location, `/admin/sign-in?next=${encodeURIComponent(page)}`);
    assert.equal(answer.text, '');
  }
});

test('the right password opens the page that was asked for', async () => {
  const browser = openBrowser(office.address);
  const asked = await browser.get('/admin/jobs?status=failed');
  const form = await browser.form(asked.location!, '/admin/sign-in');
  const answer = await browser.post('/admin/sign-in', { ...form, password: 'correct horse battery' });
  assert.equal(answer.location, '/admin/jobs?status=failed');
  assert.equal((await browser.get(answer.location)).status, 200);
});

test('an address with a slash at its end is the page without it', async () => {
  const stranger = openBrowser(office.address);
  assert.equal((await stranger.get('/admin/')).location, '/admin');
  assert.equal((await stranger.get('/admin/jobs//')).location, '/admin/jobs');
});

test('a sign-in leads only to pages of this admin', () => {
  for (const path of ['/admin', '/admin/jobs?status=failed&before=1', '/admin/accounts?q=%D0%98'])
    assert.equal(innerPathOr(path, 'no'), path);
  for (const path of [
    '//evil.example',
    'https://evil.example',
    '/admin//evil.example',
    '/administrator',
    '/admin\\evil',
    '/v1',
    '',
  ])
    assert.equal(innerPathOr(path, 'no'), 'no', path);
});

test('the session cookie is for this folder only, closed to scripts and other sites, and to http where there is https', async () => {
  const plain = await openBrowser(office.address).signIn();
  assert.match(
    plain.headers.get('set-cookie')!,
    /^kvc-admin=[^;]+; Max-Age=28800; Path=\/admin; HttpOnly; SameSite=Strict$/,
  );
  const secure = await openBrowser(await office.open({ publicUrl: 'https://covers.example' })).signIn();
  assert.match(
    secure.headers.get('set-cookie')!,
    /^__Secure-kvc-admin=[^;]+; .*Path=\/admin; HttpOnly; Secure; SameSite=Strict$/,
  );
});

test('a wrong password opens nothing and says what to do', async () => {
  const browser = openBrowser(office.address);
  const answer = await browser.signIn('correct horse batter');
  assert.equal(answer.status, 422);
  assert.match(answer.text, /This is not the password/);
  assert.equal(browser.cookies.size, 0);
});

test('after ten wrong passwords an address waits, right password or not; other addresses do not', async () => {
  const browser = openBrowser(await office.open());
  const from = (address: string, password: string) =>
    browser.post('/admin/sign-in', { password }, { 'sec-fetch-site': 'same-origin', 'x-test-address': address });
  const tries = await Promise.all(Array.from({ length: 10 }, (_, at) => from('guesser', `guess ${at}`)));
  assert.deepEqual([...new Set(tries.map((answer) => answer.status))], [422]);
  const eleventh = await from('guesser', 'correct horse battery');
  assert.equal(eleventh.status, 429);
  assert.match(eleventh.text, /Wait 15 min/);
  assert.ok(Number(eleventh.headers.get('retry-after')) > 800);
  assert.equal(browser.cookies.size, 0);
  assert.equal((await from('elsewhere', 'correct horse battery')).status, 303);
});

test('guesses from many addresses are limited together', async () => {
  const browser = openBrowser(await office.open());
  const guess = (at: number) =>
    browser.post(
      '/admin/sign-in',
      { password: 'guess' },
      { 'sec-fetch-site': 'same-origin', 'x-test-address': `bot ${at}` },
    );
  for (let at = 0; at < 200; at += 20) await Promise.all(Array.from({ length: 20 }, (_, more) => guess(at + more)));
  assert.equal((await guess(201)).status, 429);
});

async function isSignedIn(cookie: string, address = office.address): Promise<boolean> {
  const browser = openBrowser(address);
  browser.cookies.set('kvc-admin', cookie);
  return (await browser.get('/admin/jobs')).status === 200;
}

async function freshCookie(): Promise<string> {
  const browser = openBrowser(office.address);
  await browser.signIn();
  return browser.cookies.get('kvc-admin')!;
}

test('a made-up or changed cookie, or the digest that is stored, is no session', async () => {
  const cookie = await freshCookie();
  assert.ok(await isSignedIn(cookie));
  const { session } = (await office.store.operators.liveSessions({ now: office.clock.now(), limit: 1 }))[0]!;
  const changed = cookie.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
  const forms = [session.id, session.id.split('.')[1]!, session.id.split('.')[1]!.slice(0, 43)];
  for (const forged of [...forms, changed, cookie.slice(1), `${cookie}x`, 'A'.repeat(43), 'x', ''])
    assert.equal(await isSignedIn(forged), false, forged);
});

test('the database holds neither the cookie nor the password', async () => {
  const cookie = await freshCookie();
  const rows = await office.store.operators.liveSessions({ now: office.clock.now(), limit: 100 });
  const audit = await office.store.auditLog.list({ limit: 100 });
  const kept = JSON.stringify([rows, audit]);
  assert.match(kept, /signIn\.done/);
  assert.ok(!kept.includes(cookie) && !kept.includes('correct horse battery'));
  assert.ok(rows.every(({ session }) => /^[0-9a-f]{16}\.[0-9a-f]{64}$/.test(session.id)));
});

test('a session ends after eight hours', async () => {
  const cookie = await freshCookie();
  office.clock.pass(8 * 3_600_000 - 60_000);
  assert.ok(await isSignedIn(cookie));
  office.clock.pass(61_000);
  assert.equal(await isSignedIn(cookie), false);
});

test('a new password and a new SECRET end every session', async () => {
  const cookie = await freshCookie();
  assert.ok(await isSignedIn(cookie, await office.open()));
  assert.equal(await isSignedIn(cookie, await office.open({ adminPassword: 'another password' })), false);
  assert.equal(
    await isSignedIn(cookie, await office.open({ secret: 'another secret of the server, long enough' })),
    false,
  );
});

test('signing out ends the session on the server, not only in the browser', async () => {
  const browser = openBrowser(office.address);
  await browser.signIn();
  const cookie = browser.cookies.get('kvc-admin')!;
  const form = await browser.form('/admin/jobs', '/admin/sign-out');
  const answer = await browser.post('/admin/sign-out', form);
  assert.equal(answer.location, '/admin/sign-in');
  assert.equal(browser.cookies.has('kvc-admin'), false);
  assert.match((await browser.get('/admin/sign-in')).text, /You are signed out/);
  assert.equal(await isSignedIn(cookie), false);
});

test('neither the password nor a cookie reaches the log', async () => {
  await openBrowser(office.address).signIn('a wrong secret guess');
  const written = JSON.stringify(office.log);
  assert.match(written, /wrong admin password/);
  assert.doesNotMatch(written, /correct horse|wrong secret guess|eyJ/);
});
