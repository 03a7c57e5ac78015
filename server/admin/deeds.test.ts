import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { formOn, openBrowser, openOffice, type Office } from './testing.ts';

let office: Office;
let browser: ReturnType<typeof openBrowser>;
before(async () => {
  office = await openOffice();
  browser = openBrowser(office.address);
  await browser.signIn();
});
after(() => office.close());

const accountPage = (id: string) => `/admin/accounts/${id}`;
const correctionOf = (id: string) => `/admin/accounts/${id}/corrections`;
const jobPage = (id: string) => `/admin/jobs/${id}`;
const balanceOf = async (id: string) => (await office.store.accounts.get(id))!.balance;
const audited = async (target: string) =>
  (await office.store.auditLog.list({ target, limit: 10 })).map(({ action, actor, detail }) => [
    action,
    actor,
    detail['note'],
  ]);
const idsOn = (text: string) => [...text.matchAll(/href="\/admin\/jobs\/([0-9a-f-]{36})"/g)].map((hit) => hit[1]!);

/** A job with its still and its clip. */
async function complete(accountId: string) {
  const { id } = await office.job(accountId);
  const file = { width: 900, height: 1200, bytes: 5_000 };
  const still = { ...file, key: 'still.jpg', contentType: 'image/jpeg' };
  const video = { ...file, key: 'clip.mp4', contentType: 'video/mp4', seconds: 5, sha256: 'a'.repeat(64) };
  const now = office.clock.now();
  await office.store.transaction(async (tx) => {
    for (const stage of ['submitting', 'generating', 'saving'] as const)
      await office.store.jobs.advance(tx, stage, { id, now, set: { still } });
    await office.store.jobs.advance(tx, 'done', { id, now, set: { video, completedAt: now } });
  });
  return id;
}

test('a correction takes tokens with a reason, once, and is written to the audit log', async () => {
  const { id } = await office.seller('corrected');
  const form = await browser.form(accountPage(id), correctionOf(id));
  const sent = { ...form, amount: '−1 0', note: 'paid twice' };
  for (let at = 0; at < 2; at++) assert.equal((await browser.post(correctionOf(id), sent)).location, accountPage(id));
  assert.equal(await balanceOf(id), 90);
  assert.deepEqual(await audited(id), [['account.corrected', 'admin', 'paid twice']]);
  const { text } = await browser.get(accountPage(id));
  assert.match(text, /Correction/);
  assert.match(text, /paid twice/);
  assert.equal((await browser.post(correctionOf(id), { ...sent, amount: '7' })).status, 409);
});

test('a correction below zero, of nothing or without a reason is refused at its field, and the typed text stays', async () => {
  const { id } = await office.seller('careful');
  const form = { ...(await browser.form(accountPage(id), correctionOf(id))), amount: '5', note: 'x' };
  const cases: [Record<string, string>, RegExp][] = [
    [{ amount: '-101' }, /id="correction-amount-problem">\s*The balance is smaller/],
    [{ amount: '0' }, /id="correction-amount-problem">\s*Write a whole number/],
    [{ amount: '1.5' }, /id="correction-amount-problem">/],
    [{ amount: '-9999999999' }, /id="correction-amount-problem">/],
    [{ note: ' ' }, /id="correction-note-problem">/],
    [{ reference: '' }, /id="correction-reference-problem">/],
  ];
  for (const [change, sentence] of cases) {
    const { status, text } = await browser.post(correctionOf(id), { ...form, ...change });
    assert.equal(status, 422);
    assert.match(text, sentence);
    assert.equal(formOn(text, correctionOf(id))['amount'], { ...form, ...change }['amount']);
  }
  assert.equal(await balanceOf(id), 100);
});

test('ledgers are saved as a table: one or all, by days, with formulas made harmless', async () => {
  const { id } = await office.seller('=1+1', { note: '=cmd|"/C calc"!A0' });
  const one = await browser.get(`${accountPage(id)}/ledger.csv`);
  assert.match(one.headers.get('content-type')!, /^text\/csv/);
  const [head, line, end] = one.text.split('\r\n');
  assert.match(head!, /^"time_utc","entry","site","seller"/);
  assert.match(line!, /"'=1\+1",.*"grant",100,100,,.*"'=cmd\|""\/C calc""!A0"/);
  assert.equal(end, '');
  const lines = async (query: string) =>
    (await browser.get(`/admin/accounts/ledger.csv?${query}`)).text.split('\r\n').length - 2;
  assert.ok((await lines('from=&to=')) >= 1);
  assert.equal(await lines('from=2026-10-01&to=2026-10-01'), await lines(''));
  assert.equal(await lines('from=2026-10-02'), 0);
  const refused = await browser.get('/admin/accounts/ledger.csv?from=2026-10-02&to=2026-10-01');
  assert.equal(refused.status, 422);
  assert.match(refused.text, /id="from-problem"/);
  assert.equal((await browser.get('/admin/accounts/none/ledger.csv')).status, 404);
});

test('a long ledger comes whole', async () => {
  const { id } = await office.seller('long', { tokens: 0 });
  await office.store.transaction(async (tx) => {
    for (let at = 1; at <= 2_001; at++) {
      const facts = {
        id: office.runtime.newId(),
        accountId: id,
        amount: at,
        reference: `r${at}`,
        note: 'n',
        actor: 'x',
      };
      await office.store.ledger.correct(tx, { ...facts, now: at });
    }
  });
  const { text } = await browser.get(`${accountPage(id)}/ledger.csv`);
  const amounts = [...text.matchAll(/"correction",(\d+),/g)].map((hit) => Number(hit[1]));
  assert.deepEqual(
    amounts,
    Array.from({ length: 2_001 }, (_, at) => at + 1),
  );
});

test('jobs are found by any id, and filters keep each other', async () => {
  const { id: accountId } = await office.seller('searched-seller');
  const job = await office.job(accountId);
  await office.job((await office.seller('another')).id);
  for (const query of [job.id, job.externalId, 'searched-seller', accountId]) {
    const { text } = await browser.get(`/admin/jobs?q=${encodeURIComponent(query)}`);
    assert.deepEqual(idsOn(text), [job.id], query);
    assert.ok(text.includes(`value="${query}"`));
  }
  const { text } = await browser.get('/admin/jobs?q=searched-seller&preset=video-cover&day=2026-10-01');
  assert.deepEqual(idsOn(text), [job.id]);
  assert.match(
    text,
    /href="\/admin\/jobs\?q=searched-seller&amp;preset=video-cover&amp;day=2026-10-01&amp;status=failed"/,
  );
  for (const other of ['q=nobody', 'preset=none', 'site=none', 'day=2026-10-02', 'status=failed&q=searched-seller'])
    assert.match((await browser.get(`/admin/jobs?${other}`)).text, /No job matches/, other);
});

test("a finished job's page shows what was sent, the clip and its timeline in order", async () => {
  const id = await complete((await office.seller('shown')).id);
  const { text } = await browser.get(jobPage(id));
  assert.match(text, /<img\s[^>]*src="\/media\/signed-still\.jpg"/);
  assert.match(text, /href="\/media\/signed-clip\.mp4"/);
  const timeline = text.slice(text.indexOf('id="timeline"'));
  const order = ['Ordered and paid', 'Being sent', 'Being made', 'Being fetched', 'Done'].map((one) =>
    timeline.indexOf(one),
  );
  assert.ok(
    order.every((at, index) => at > (order[index - 1] ?? 0)),
    String(order),
  );
});

test('goodwill is given once, with its reason, and then there is no form for it', async () => {
  const { id: accountId } = await office.seller('pleased');
  const id = await complete(accountId);
  const path = `${jobPage(id)}/refund`;
  const form = await browser.form(jobPage(id), path);
  assert.equal((await browser.post(path, { ...form, note: ' ' })).status, 422);
  const sent = await Promise.all([1, 2, 3].map(() => browser.post(path, { ...form, note: 'blurred' })));
  assert.deepEqual([...new Set(sent.map(({ location }) => location))], [jobPage(id)]);
  assert.equal(await balanceOf(accountId), 100);
  assert.deepEqual(await audited(id), [['job.refunded', 'admin', 'blurred']]);
  const { text } = await browser.get(jobPage(id));
  assert.match(text, /given back as goodwill/);
  assert.ok(!text.includes(`action="${path}"`));
});

test('a job that goes on says why it cannot be refunded, and a form made up for it changes nothing', async () => {
  const { id: accountId } = await office.seller('waiting');
  const { id } = await office.job(accountId);
  const { text } = await browser.get(jobPage(id));
  assert.match(text, /cannot be refunded: it is still going on/);
  const { formToken } = await browser.form(jobPage(id), '/admin/sign-out');
  for (const deed of ['refund', 'retry']) {
    const form = { formToken: formToken!, note: 'x', attempt: '1', payer: 'house' };
    assert.equal((await browser.post(`${jobPage(id)}/${deed}`, form)).status, 422);
  }
  assert.equal(await balanceOf(accountId), 90);
});

test('a failed job is made again once per form, by the seller or free of charge', async () => {
  const { id: accountId } = await office.seller('unlucky', { tokens: 10 });
  const { id } = await office.job(accountId);
  await office.fail(id, 'provider_failed', 'oops');
  const path = `${jobPage(id)}/retry`;
  const form = { ...(await browser.form(jobPage(id), path)), note: 'their fault' };
  const made = await Promise.all([1, 2].map(() => browser.post(path, { ...form, payer: 'seller' })));
  assert.match(made[0]!.location!, /^\/admin\/jobs\/[0-9a-f-]{36}$/);
  assert.equal(made[0]!.location, made[1]!.location);
  assert.equal(await balanceOf(accountId), 0);
  const again = { ...(await browser.form(jobPage(id), path)), note: 'their fault' };
  const refused = await browser.post(path, { ...again, payer: 'seller' });
  assert.equal(refused.status, 422);
  assert.match(refused.text, /too few tokens/);
  assert.equal(formOn(refused.text, path)['note'], 'their fault');
  const free = await browser.post(path, { ...again, payer: 'house' });
  assert.notEqual(free.location, made[0]!.location);
  assert.equal(await balanceOf(accountId), 0);
  assert.equal((await audited(id)).length, 2);
  assert.match((await browser.get(free.location!)).text, /their fault/);
});
