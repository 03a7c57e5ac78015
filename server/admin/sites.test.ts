import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SignJWT } from 'jose';
import { v7 as uuidv7 } from 'uuid';
import { createSiteDirectory } from '../http/sites.ts';
import { createTokenFindings } from '../http/token-findings.ts';
import { createSeal, hashApiKey } from '../secrets.ts';
import { formOn, openBrowser, openOffice, secret as serverSecret, type Office } from './testing.ts';

const front = '/admin/sites';
const seal = createSeal(serverSecret);
let office: Office;
let browser: ReturnType<typeof openBrowser>;
before(async () => {
  office = await openOffice({
    configuredSiteId: 'panel',
    widget: { version: '1.2.3', path: '/widget/1.2.3/kling-video-cover.js', integrity: 'sha384-abc' },
  });
  const { store, runtime } = office;
  const directory = () => createSiteDirectory({ store, seal, runtime });
  browser = openBrowser(await office.open({ explainToken: createTokenFindings({ directory, now: runtime.now }) }));
  await browser.signIn();
});
after(() => office.close());

const shownOnce = (text: string) =>
  /<pre class="snippet" tabindex="0"><code>([\w-]{64}|kvc_[\w-]{43})</.exec(text)?.[1];
const rowOf = async (id: string) => (await office.store.sites.get(id))!;

async function filled(fields: Record<string, string> = {}): Promise<Record<string, string>> {
  const id = `s-${uuidv7().slice(-12)}`;
  const own = { id, name: `Site ${id}`, issuer: `https://${id}.example`, origins: `https://${id}.example\n` };
  return { ...(await browser.form(front, front)), keyKind: 'generate', ...own, ...fields };
}

/** Creates a site through the form; answers its id. */
async function create(fields: Record<string, string> = {}): Promise<string> {
  const answer = await browser.post(front, await filled(fields));
  assert.equal(answer.status, 303, answer.text);
  return answer.location!.slice(front.length + 1);
}

async function press(id: string, deed: string, fields: Record<string, string> = {}) {
  const action = `${front}/${id}/${deed}`;
  return browser.post(action, { ...(await browser.form(`${front}/${id}`, action)), ...fields });
}

describe('a new site', () => {
  it('gets a secret that is shown once and kept sealed', async () => {
    const id = await create();
    const secret = shownOnce((await browser.get(`${front}/${id}`)).text)!;
    assert.ok(secret.length >= 32);
    assert.equal(shownOnce((await browser.get(`${front}/${id}`)).text), undefined);
    const row = await rowOf(id);
    assert.equal(seal.unseal(row.sealedJwtSecret!), secret);
    assert.deepEqual([row.origins, row.maxTokenSeconds, row.jwksUrl], [[`https://${id}.example`], 900, null]);
    const [entry] = await office.store.auditLog.list({ limit: 1, target: id });
    assert.deepEqual([entry!.action, entry!.actor], ['site.created', 'admin']);
    assert.ok(!JSON.stringify([entry, office.log]).includes(secret));
  });

  it('takes a pasted secret or a JWKS address', async () => {
    const jwtSecret = 'a secret that the host has already, long enough';
    const pasted = await create({ keyKind: 'paste', jwtSecret });
    assert.equal(seal.unseal((await rowOf(pasted)).sealedJwtSecret!), jwtSecret);
    const page = await browser.get(`${front}/${pasted}`);
    assert.ok(!page.text.includes(jwtSecret));
    assert.equal(shownOnce(page.text), undefined);
    const jwksUrl = 'https://keys.example/jwks.json';
    const row = await rowOf(await create({ keyKind: 'jwks', jwksUrl, maxTokenMinutes: '60' }));
    assert.deepEqual([row.jwksUrl, row.sealedJwtSecret, row.maxTokenSeconds], [jwksUrl, null, 3600]);
  });

  it('with a wrong field comes back at that field with what was typed, but never with a secret', async () => {
    const before = (await office.store.sites.list()).length;
    const tooShort = 'only thirty-one characters long';
    for (const [fields, field, status] of [
      [{ id: 'Panel One' }, 'id', 422],
      [{ id: 'panel' }, 'id', 409],
      [{ issuer: 'panel' }, 'issuer', 409],
      [{ issuer: ' ' }, 'issuer', 422],
      [{ origins: 'https://panel.example/' }, 'origins', 422],
      [{ origins: 'https://a.example\npanel.example' }, 'origins', 422],
      [{ maxTokenMinutes: '16' }, 'maxTokenMinutes', 422],
      [{ keyKind: 'jwks', jwksUrl: 'https://a.example/', maxTokenMinutes: '1441' }, 'maxTokenMinutes', 422],
      [{ keyKind: 'jwks', jwksUrl: 'http://a.example/' }, 'jwksUrl', 422],
      [{ keyKind: 'paste', jwtSecret: tooShort }, 'jwtSecret', 422],
      [{ siteDailyJobs: '-1' }, 'siteDailyJobs', 422],
    ] as [Record<string, string>, string, number][]) {
      const answer = await browser.post(front, await filled(fields));
      assert.equal(answer.status, status, field);
      assert.match(answer.text, new RegExp(`id="${field}-problem"`));
      assert.ok(!answer.text.includes(tooShort));
      const typed = formOn(answer.text, front)[field];
      if (field !== 'jwtSecret') assert.equal(typed, fields[field]);
    }
    assert.equal((await office.store.sites.list()).length, before);
  });
});

describe('a site', () => {
  it('is changed with an entry in the audit log, and a change upon somebody else’s is refused', async () => {
    const id = await create();
    const form = await browser.form(`${front}/${id}`, `${front}/${id}/settings`);
    const sent = { ...form, name: 'Renamed', sellerOpenJobs: '3', maxTokenMinutes: '5' };
    assert.equal((await browser.post(`${front}/${id}/settings`, sent)).status, 303);
    const row = await rowOf(id);
    assert.deepEqual([row.name, row.sellerOpenJobs, row.maxTokenSeconds], ['Renamed', 3, 300]);
    const [entry] = await office.store.auditLog.list({ limit: 1, target: id });
    assert.deepEqual(entry!.detail['after'], { name: 'Renamed', maxTokenSeconds: 300, sellerOpenJobs: 3 });
    const late = await browser.post(`${front}/${id}/settings`, { ...form, name: 'Late' });
    assert.equal(late.status, 409);
    assert.equal(formOn(late.text, `${front}/${id}/settings`)['name'], 'Late');
    assert.equal((await rowOf(id)).name, 'Renamed');
  });

  it('keeps blocked words, one per line, each once, and audits a change', async () => {
    const id = await create({ blockedWords: 'replica\n  luxury   copy \n\nreplica\nподделка' });
    assert.deepEqual((await rowOf(id)).blockedWords, ['replica', 'luxury   copy', 'подделка']);
    const page = await browser.get(`${front}/${id}`);
    assert.equal(formOn(page.text, `${front}/${id}/settings`)['blockedWords'], 'replica\nluxury   copy\nподделка');
    assert.equal((await press(id, 'settings', { blockedWords: 'replica' })).status, 303);
    const [entry] = await office.store.auditLog.list({ limit: 1, target: id });
    assert.deepEqual(entry!.detail['after'], { blockedWords: ['replica'] });
    assert.equal((await press(id, 'settings', { blockedWords: '' })).status, 303);
    assert.deepEqual((await rowOf(id)).blockedWords, []);
  });

  it('takes 500 words of 60 letters and no more, and no line of signs alone', async () => {
    const id = await create();
    const words = (count: number, length: number) =>
      Array.from({ length: count }, (_, at) => String(at).padEnd(length, 'ж')).join('\r\n');
    assert.equal((await press(id, 'settings', { blockedWords: words(500, 60) })).status, 303);
    const full = await browser.get(`${front}/${id}`);
    assert.ok(Buffer.byteLength(full.text) < 150_000, `${Buffer.byteLength(full.text)} bytes`);
    for (const blockedWords of [words(501, 5), words(1, 61), 'fine\n***']) {
      const answer = await press(id, 'settings', { blockedWords });
      assert.equal(answer.status, 422);
      assert.match(answer.text, /id="blockedWords-problem"/);
      assert.equal(formOn(answer.text, `${front}/${id}/settings`)['blockedWords'], blockedWords.replaceAll('\r', ''));
    }
    assert.equal((await rowOf(id)).blockedWords.length, 500);
  });

  it('from the settings of the server has its words here too', async () => {
    assert.equal((await press('panel', 'settings', { blockedWords: 'replica' })).status, 303);
    assert.deepEqual((await rowOf('panel')).blockedWords, ['replica']);
  });

  it('does not take the issuer of another', async () => {
    const answer = await press(await create(), 'settings', { issuer: 'panel' });
    assert.equal(answer.status, 409);
    assert.match(answer.text, /id="issuer-problem"/);
  });

  it('rotates its secret in two steps, each new secret shown once', async () => {
    const id = await create();
    const first = shownOnce((await browser.get(`${front}/${id}`)).text)!;
    assert.equal((await press(id, 'rotation')).status, 303);
    const page = (await browser.get(`${front}/${id}`)).text;
    const second = shownOnce(page)!;
    assert.notEqual(second, first);
    assert.match(page, /tokens of both secrets are good/);
    assert.equal(shownOnce((await browser.get(`${front}/${id}`)).text), undefined);
    const during = await rowOf(id);
    assert.deepEqual(
      [during.sealedJwtSecret, during.sealedNextJwtSecret].map((text) => seal.unseal(text!)),
      [first, second],
    );
    assert.equal((await press(id, 'rotation-end')).status, 303);
    const done = await rowOf(id);
    assert.deepEqual([seal.unseal(done.sealedJwtSecret!), done.sealedNextJwtSecret], [second, null]);
    assert.ok(done.updatedAt > during.updatedAt);
    const log = await office.store.auditLog.list({ limit: 9, target: id });
    assert.deepEqual(
      log.map(({ action }) => action),
      ['site.rotationFinished', 'site.rotationStarted', 'site.created'],
    );
    for (const secret of [first, second]) assert.ok(!JSON.stringify(log).includes(secret));
    assert.ok(!JSON.stringify(log).includes(done.sealedJwtSecret!));
  });

  it('has API keys that are shown once, stored as digests and revoked', async () => {
    const id = await create();
    assert.equal((await press(id, 'keys', { keyName: 'billing' })).status, 303);
    const text = (await browser.get(`${front}/${id}`)).text;
    const key = /kvc_[\w-]{43}/.exec(text)![0];
    const [row] = await office.store.sites.apiKeys(id);
    assert.deepEqual([row!.hash, row!.hint, row!.name], [hashApiKey(key), key.slice(0, 8), 'billing']);
    const later = (await browser.get(`${front}/${id}`)).text;
    assert.ok(!later.includes(key) && later.includes(row!.hint));
    assert.equal((await press(id, `keys/${row!.id}/revoke`)).status, 303);
    assert.notEqual((await office.store.sites.apiKeys(id))[0]!.revokedAt, null);
    const log = await office.store.auditLog.list({ limit: 2, target: id });
    assert.deepEqual(
      log.map(({ action }) => action),
      ['site.keyRevoked', 'site.keyMade'],
    );
    assert.ok(!JSON.stringify([log, office.log]).includes(key));
    const nameless = await press(id, 'keys', { keyName: ' ' });
    assert.equal(nameless.status, 422);
    assert.match(nameless.text, /id="keyName-problem"/);
  });

  it('shows the code for its pages with the hash of the script', async () => {
    const { text } = await browser.get(`${front}/${await create()}`);
    assert.ok(text.includes('integrity=&quot;sha384-abc&quot;') && text.includes('&lt;/kling-video-cover&gt;'));
  });
});

describe('the site of the settings', () => {
  it('is marked, and only its caps can be changed here', async () => {
    assert.match((await browser.get(front)).text, /from the settings/);
    const form = await browser.form(`${front}/panel`, `${front}/panel/settings`);
    assert.ok(!('issuer' in form));
    const sent = { ...form, issuer: 'taken-over', name: 'Other', siteDailyJobs: '7' };
    assert.equal((await browser.post(`${front}/panel/settings`, sent)).status, 303);
    const row = await rowOf('panel');
    assert.deepEqual([row.issuer, row.name, row.siteDailyJobs], ['panel', 'Panel', 7]);
  });

  it('ends its rotation only once the settings hold the new secret', async () => {
    const site = await rowOf('panel');
    await office.store.sites.put({ ...site, sealedJwtSecret: seal.seal('the old one') }, office.clock.now());
    await press('panel', 'rotation');
    const early = await press('panel', 'rotation-end');
    assert.equal(early.status, 409);
    assert.match(early.text, /SITE_JWT_SECRET still holds/);
    const during = await rowOf('panel');
    const fresh = seal.seal(seal.unseal(during.sealedNextJwtSecret!));
    await office.store.sites.put({ ...during, sealedJwtSecret: fresh }, office.clock.now());
    assert.equal((await press('panel', 'rotation-end')).status, 303);
    assert.equal((await rowOf('panel')).sealedNextJwtSecret, null);
  });
});

describe('a tried token', () => {
  const tried = async (token: string) => {
    const form = await browser.form(`${front}/~token`, `${front}/~token`);
    return browser.post(`${front}/~token`, { ...form, secretToken: token });
  };
  const mint = (secret: string, claims: Record<string, unknown>) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret));

  it('is explained, and neither it nor its signature comes back or is kept', async () => {
    const id = await create();
    const secret = shownOnce((await browser.get(`${front}/${id}`)).text)!;
    const now = Math.floor(office.clock.now() / 1000);
    const claims = {
      iss: `https://${id}.example`,
      aud: 'kling-video-cover',
      sub: '<b>seller</b>',
      iat: now,
      exp: now + 600,
    };
    const token = await mint(secret, claims);
    const good = await tried(` ${token}\n`);
    assert.equal(good.status, 200);
    assert.match(good.text, /The server takes this token/);
    assert.match(good.text, /made with the current secret/);
    assert.match(good.text, /&lt;b&gt;seller&lt;\/b&gt;/);
    assert.doesNotMatch(good.text, /badge-failed|<b>seller/);
    const bad = await tried(await mint(`${secret}\n`, { ...claims, aud: 'other', exp: now + 1200 }));
    assert.match(bad.text, /The server refuses this token \(unauthorized\)/);
    assert.match(bad.text, /fits no key of this site[\s\S]*Its audience \(aud\) is other[\s\S]*lives for 20 min/);
    const signature = token.split('.')[2]!;
    const audit = await office.store.auditLog.list({ limit: 50 });
    assert.ok(![good.text, JSON.stringify(office.log), JSON.stringify(audit)].some((text) => text.includes(signature)));
  });

  it('that is none is told so; an empty one is asked for', async () => {
    assert.match((await tried('hello')).text, /This is no signed token/);
    const empty = await tried(' ');
    assert.equal(empty.status, 422);
    assert.match(empty.text, /id="secretToken-problem"/);
  });

  it('of a stale form is not shown back', async () => {
    const answer = await browser.post(`${front}/~token`, { formToken: 'x', secretToken: 'a.b.c-pasted' });
    assert.equal(answer.status, 403);
    assert.doesNotMatch(answer.text, /c-pasted/);
  });
});

describe('the pages of sites', () => {
  it('change nothing for a form of another session or a viewer', async () => {
    const id = await create();
    const before = await rowOf(id);
    for (const deed of ['settings', 'rotation', 'keys']) {
      const form = {
        ...(await browser.form(`${front}/${id}`, `${front}/${id}/${deed}`)),
        formToken: 'x',
        keyName: 'x',
      };
      assert.equal((await browser.post(`${front}/${id}/${deed}`, form)).status, 403);
    }
    assert.deepEqual(await rowOf(id), before);
    assert.deepEqual(await office.store.sites.apiKeys(id), []);
    assert.equal((await browser.get(`${front}/nothing`)).status, 404);
    assert.equal((await browser.get(`${front}/${id}/rotation`)).location, `${front}/${id}`);
  });

  it('are in Russian, too', async () => {
    const russian = openBrowser(office.address, { language: 'ru' });
    await russian.signIn();
    assert.match((await russian.get(front)).text, /Сайты[\s\S]*из настроек[\s\S]*Новый сайт/);
  });
});
