import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openOffice, type Office } from './testing.ts';

const password = 'a long first password';
let office: Office;
let owner: ReturnType<typeof openBrowser>;
before(async () => {
  office = await openOffice({ clientAddress: (c) => c.req.header('x-test-address') ?? 'home' });
  owner = openBrowser(office.address);
  await owner.signIn();
});
after(() => office.close());

const front = '/admin/operators';

async function create(facts: { login: string; role?: string; newPassword?: string }) {
  const form = await owner.form(front, front);
  return owner.post(front, { ...form, newPassword: password, ...facts });
}
const rowOf = async (login: string) => (await office.store.operators.getByLogin(login))!;

async function signedIn(login: string, { address = office.address, given = password } = {}) {
  const browser = openBrowser(address);
  assert.equal((await browser.signIn(given, login)).status, 303, `${login} signs in`);
  return browser;
}
const isIn = async (browser: ReturnType<typeof openBrowser>) => (await browser.get('/admin/jobs')).status === 200;

/** Sends one of the forms of an operator's page. */
async function send(
  who: ReturnType<typeof openBrowser>,
  login: string,
  what: string,
  fields: Record<string, string> = {},
) {
  const page = `${front}/${(await rowOf(login)).id}`;
  const form = await who.form(page, `${page}/${what}`);
  return who.post(`${page}/${what}`, { ...form, ...fields });
}

test('a new operator signs in by login and password; capitals and spaces around the login do not count', async () => {
  assert.equal((await create({ login: ' Anna ', role: 'owner' })).location, front);
  assert.match((await owner.get(front)).text, /The operator was created/);
  const anna = await signedIn('ANNA');
  assert.match((await anna.get(front)).text, />anna<\/a>/);
  assert.match((await rowOf('anna')).passwordHash, /^\$scrypt\$ln=15,r=8,p=3\$/);
});

test('the wrong password, an unknown and a disabled login get the same answer', async () => {
  await create({ login: 'ghost', role: 'viewer' });
  await send(owner, 'ghost', 'disable');
  const answers = [
    await openBrowser(office.address).signIn('not the password', 'anna'),
    await openBrowser(office.address).signIn(password, 'nobody'),
    await openBrowser(office.address).signIn(password, 'ghost'),
  ];
  for (const { status, text } of answers) {
    assert.equal(status, 422);
    assert.match(text, /not the password for this login/);
  }
  const plain = (text: string) => text.replaceAll(/value="(anna|nobody|ghost)"/g, '');
  assert.equal(new Set(answers.map(({ text }) => plain(text))).size, 1);
});

test('logins that are taken, too short or stand for somebody else are refused, and the typed text stays', async () => {
  for (const login of ['admin', 'System', 'worker', 'host', 'a', 'анна', 'two words', '<b>', 'x'.repeat(65)]) {
    const { status, text } = await create({ login });
    assert.equal(status, 422, login);
    assert.match(text, /aria-invalid="true"/);
  }
  assert.equal((await create({ login: 'anna' })).status, 409);
  const short = await create({ login: 'bert', newPassword: 'ninechars' });
  assert.equal(short.status, 422);
  assert.match(short.text, /value="bert"/);
  assert.match(short.text, /Write at least 10 characters/);
  assert.doesNotMatch(short.text, /ninechars/);
  assert.equal((await create({ login: 'bert', role: 'king' })).status, 422);
  assert.equal(await office.store.operators.getByLogin('bert'), null);
});

test('another password ends the sessions of its operator on every server, at once', async () => {
  await create({ login: 'carla', role: 'owner' });
  const second = await office.open();
  const [here, there] = [await signedIn('carla'), await signedIn('carla', { address: second })];
  const anna = await signedIn('anna', { address: second });
  await send(owner, 'carla', 'password', { newPassword: 'a long second password' });
  assert.deepEqual([await isIn(here), await isIn(there), await isIn(anna)], [false, false, true]);
  assert.equal((await openBrowser(second).signIn(password, 'carla')).status, 422);
  await signedIn('carla', { address: second, given: 'a long second password' });
});

test('a disabled operator is out at once and can be let in again', async () => {
  await create({ login: 'dora', role: 'viewer' });
  const dora = await signedIn('dora', { address: await office.open() });
  await send(owner, 'dora', 'disable');
  assert.equal(await isIn(dora), false);
  assert.equal((await openBrowser(office.address).signIn(password, 'dora')).status, 422);
  await send(owner, 'dora', 'enable');
  assert.equal(await isIn(dora), false, 'the old session stays ended');
  await signedIn('dora');
});

test('a new role holds at once, in the session that is open', async () => {
  await create({ login: 'emil', role: 'owner' });
  const emil = await signedIn('emil');
  const form = await emil.form('/admin/prices', '/admin/prices/video-cover');
  await send(owner, 'emil', 'role', { role: 'viewer' });
  const refused = await emil.post('/admin/prices/video-cover', { ...form, price: '77' });
  assert.equal(refused.status, 403);
  assert.match(refused.text, /You may only look here/);
  assert.equal((await office.store.presets.get('video-cover'))!.tokensCost, 10);
});

test("one's own password needs the present one, ends the other sessions and keeps this one", async () => {
  await create({ login: 'fritz', role: 'viewer' });
  const [here, elsewhere] = [await signedIn('fritz'), await signedIn('fritz')];
  const form = await here.form(front, `${front}/password`);
  const wish = { ...form, newPassword: 'a long other password' };
  const wrong = await here.post(`${front}/password`, { ...wish, currentPassword: 'not this one' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /not your present password/);
  assert.equal(await isIn(elsewhere), true);
  const right = await here.post(`${front}/password`, { ...wish, currentPassword: password });
  assert.equal(right.location, front);
  assert.deepEqual([await isIn(here), await isIn(elsewhere)], [true, false]);
  await signedIn('fritz', { given: 'a long other password' });
});

test('guesses at the present password are limited as sign-ins are', async () => {
  const address = await office.open();
  const anna = await signedIn('anna', { address });
  const form = { ...(await anna.form(front, `${front}/password`)), newPassword: 'a long other password' };
  const statuses: number[] = [];
  for (let at = 0; at < 11; at += 1)
    statuses.push((await anna.post(`${front}/password`, { ...form, currentPassword: `guess ${at}` })).status);
  assert.deepEqual([...new Set(statuses)], [422, 429]);
});

test('guesses at one login from many addresses are limited; other logins and those who are in are not', async () => {
  const address = await office.open();
  const anna = await signedIn('anna', { address });
  const from = (at: number, login: string) =>
    openBrowser(address).post(
      '/admin/sign-in',
      { login, password: at < 0 ? 'correct horse battery' : 'guess' },
      { 'sec-fetch-site': 'same-origin', 'x-test-address': `bot ${at}` },
    );
  const tries = await Promise.all(Array.from({ length: 50 }, (_, at) => from(at, 'admin')));
  assert.ok(tries.every(({ status }) => status === 422));
  const limited = await from(51, 'admin');
  assert.equal(limited.status, 429);
  assert.match(limited.text, /Wait 15 min/);
  assert.equal((await from(52, 'nobody')).status, 422);
  assert.equal(await isIn(anna), true);
});

test('a session can be ended from another one, and all others together', async () => {
  const [one, two, three] = [await signedIn('anna'), await signedIn('anna'), await signedIn('anna')];
  const page = await owner.get(front);
  const { session } = (await office.store.operators.liveSessions({ now: office.clock.now(), limit: 1 }))[0]!;
  const path = `${front}/sessions/${session.id}/end`;
  assert.ok(page.text.includes(`action="${path}"`));
  assert.equal((await owner.post(path, await owner.form(front, path))).location, front);
  assert.deepEqual([await isIn(one), await isIn(two), await isIn(three)], [true, true, false]);
  const again = await owner.post(path, await owner.form(front, `${front}/sessions/end-others`));
  assert.equal(again.status, 404);
  await owner.post(`${front}/sessions/end-others`, await owner.form(front, `${front}/sessions/end-others`));
  assert.deepEqual([await isIn(one), await isIn(two), await isIn(owner)], [false, false, true]);
});

test('an owner cannot disable himself or change his own role; the built-in owner can do it to him', async () => {
  const anna = await signedIn('anna');
  assert.equal((await send(anna, 'anna', 'role', { role: 'viewer' })).status, 422);
  const { id } = await rowOf('anna');
  const form = await anna.form(front, front);
  assert.equal((await anna.post(`${front}/${id}/disable`, form)).status, 422);
  assert.deepEqual([(await rowOf('anna')).role, (await rowOf('anna')).disabledAt], ['owner', null]);
  assert.equal((await send(owner, 'anna', 'disable')).status, 303);
  assert.equal(await isIn(anna), false);
});

test('sessions of an old ADMIN_PASSWORD are neither let in nor listed', async () => {
  const address = await office.open({ adminPassword: 'another password' });
  const browser = openBrowser(address);
  await browser.signIn('another password');
  const { text } = await browser.get(front);
  assert.equal(text.match(/<th scope="row">admin<\/th>/g)!.length, 2, 'himself among the operators and one session');
});

test('an operator disabled behind the back of the pages is out as well', async () => {
  await create({ login: 'greta', role: 'owner' });
  const greta = await signedIn('greta');
  const from = await rowOf('greta');
  await office.store.transaction((tx) => office.store.operators.change(tx, { from, set: { disabledAt: 1 } }));
  assert.equal(await isIn(greta), false);
  const { text } = await owner.get(front);
  assert.doesNotMatch(text.slice(text.indexOf('id="sessions"')), /greta/);
});

test('a hostile browser name and address are shown as text', async () => {
  const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
  const headers = { 'sec-fetch-site': 'same-origin', 'x-test-address': hostile, 'user-agent': hostile.repeat(20) };
  const answer = await openBrowser(office.address).post(
    '/admin/sign-in',
    { password: 'correct horse battery' },
    headers,
  );
  assert.equal(answer.status, 303);
  for (const page of [front, '/admin/audit']) {
    const { text } = await owner.get(page);
    assert.doesNotMatch(text, /<script|<img src=x/);
    assert.match(text, /&lt;script&gt;alert\(1\)/);
    assert.ok(!text.includes('alert(1)&gt;'.repeat(10)));
  }
});

test('rows of expired sessions go with the next sign-in', async () => {
  const before = office.clock.now();
  office.clock.pass(9 * 3_600_000);
  owner = openBrowser(office.address);
  await owner.signIn();
  assert.equal((await office.store.operators.liveSessions({ now: before, limit: 100 })).length, 1);
});
