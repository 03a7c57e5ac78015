import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openOffice, type Office } from './testing.ts';

let office: Office;
let browser: ReturnType<typeof openBrowser>;
before(async () => {
  office = await openOffice();
  browser = openBrowser(office.address);
  await browser.signIn();
});
after(() => office.close());

const idsOn = (text: string) => [...text.matchAll(/href="\/admin\/jobs\/([0-9a-f-]{36})"/g)].map((hit) => hit[1]!);

test('a failed job shows its reason in words and in the words of the provider, in the list and on its page', async () => {
  const seller = await office.seller('unlucky', { name: 'Иван Петров' });
  const job = await office.job(seller.id);
  await office.fail(job.id, 'content_refused', 'risk control: code 1301');
  for (const page of ['/admin/jobs', `/admin/jobs/${job.id}`, `/admin/accounts/${seller.id}`]) {
    const { text } = await browser.get(page);
    assert.match(text, /The provider refused the picture or the text by its content rules\./, page);
    assert.match(text, /risk control: code 1301/, page);
  }
});

test('a failure code of another version stands for itself', async () => {
  const job = await office.job((await office.seller('odd')).id);
  await office.fail(job.id, 'moon_phase', '');
  assert.match((await browser.get(`/admin/jobs/${job.id}`)).text, /moon_phase/);
});

test("a job's page tells receipt, ids, model, prompt, seller and times", async () => {
  const seller = await office.seller('teller', { name: 'Anna' });
  const job = await office.job(seller.id, { prompt: 'Sent as typed' });
  await office.store.transaction(async (tx) => {
    await office.store.jobs.advance(tx, 'submitting', { id: job.id, now: office.clock.now() });
    const set = { providerAccount: 'kling-main', providerTaskId: '8123456789', submittedAt: office.clock.now() };
    await office.store.jobs.advance(tx, 'generating', { id: job.id, now: office.clock.now(), set });
  });
  office.clock.pass(95_000);
  await office.fail(job.id, 'timed_out', '');
  const { text } = await browser.get(`/admin/jobs/${job.id}`);
  for (const fact of [
    job.id,
    `kvc-${job.id}`,
    '8123456789',
    'kling-main',
    'Kling · kling-v2-6',
    '720p (std)',
    'Sent as typed',
    'Anna',
    'Being made by the provider',
    'Revision 1',
    '1 min 36 s',
  ])
    assert.ok(text.includes(fact), fact);
  const receipt = /Quoted<\/dt>\s*<dd>10<\/dd>[\s\S]*Debited<\/dt>\s*<dd>10<\/dd>[\s\S]*Refunded<\/dt>\s*<dd>10<\/dd>/;
  assert.match(text, receipt);
});

test('the list is newest first, filtered by status, and turns pages without losing or repeating a job', async () => {
  const crowd = await openOffice();
  const visitor = openBrowser(crowd.address);
  await visitor.signIn();
  const seller = await crowd.seller('busy', { tokens: 1000 });
  const all: string[] = [];
  for (let at = 0; at < 62; at++) all.unshift((await crowd.job(seller.id)).id);
  await crowd.fail(all[3]!, 'timed_out', '');
  await crowd.fail(all[50]!, 'timed_out', '');

  const seen: string[] = [];
  let next: string | undefined = '/admin/jobs';
  while (next) {
    const { text } = await visitor.get(next);
    seen.push(...idsOn(text));
    next = /rel="next"\s+href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
  }
  assert.deepEqual(seen, all);
  assert.deepEqual(idsOn((await visitor.get('/admin/jobs?status=failed')).text), [all[3], all[50]]);
  const pending = await visitor.get('/admin/jobs?status=pending');
  assert.match(/rel="next"\s+href="([^"]+)"/.exec(pending.text)![1]!, /status=pending&amp;before=/);
  assert.deepEqual(idsOn((await visitor.get('/admin/jobs?status=nonsense')).text), all.slice(0, 30));
  assert.match((await visitor.get('/admin/jobs?status=completed')).text, /No jobs with this status/);
  await crowd.close();
});

test('a paused provider account is announced on every page until the pause is over', async () => {
  const now = office.clock.now();
  const pause = { id: 'kling', until: now + 600_000, reason: 'code 1102: balance not enough', now };
  await office.store.transaction((tx) => office.store.queue.pauseAccount(tx, pause));
  for (const page of ['/admin/jobs', '/admin/prices', '/admin/embed']) {
    const { text } = await browser.get(page);
    assert.match(text, /Provider account kling is paused<\/strong>\s+until/, page);
    assert.match(text, /code 1102: balance not enough/, page);
  }
  office.clock.pass(601_000);
  assert.doesNotMatch((await browser.get('/admin/jobs')).text, /is paused/);
});

test('a pause without an end is shown without a date', async () => {
  const now = office.clock.now();
  const forever = { id: 'kling', until: Number.MAX_SAFE_INTEGER, reason: null, now };
  await office.store.transaction((tx) => office.store.queue.pauseAccount(tx, forever));
  const { status, text } = await browser.get('/admin/jobs');
  assert.equal(status, 200);
  assert.match(text, /is paused<\/strong>\s+until\s+—/);
  await office.store.transaction((tx) => office.store.queue.pauseAccount(tx, { ...forever, until: 0 }));
});
