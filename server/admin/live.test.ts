import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sessionSeconds } from './session.ts';
import { openBrowser, openOffice, type Office } from './testing.ts';

let office: Office;
before(async () => void (office = await openOffice()));
after(() => office.close());

async function signedIn() {
  const browser = openBrowser(office.address);
  await browser.signIn();
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const leaving = new AbortController();
  const listen = () => fetch(`${office.address}/admin/events`, { headers: { cookie }, signal: leaving.signal });
  return { browser, listen, leave: () => leaving.abort() };
}

/** What the stream says until `text` was said, or until it ended. */
async function heard(answer: Response, text: string): Promise<string> {
  let said = '';
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>) {
    said += chunk;
    if (said.includes(text)) break;
  }
  return said;
}

test('a change of any job is told by its id and nothing else', async () => {
  const { listen } = await signedIn();
  const answer = await listen();
  assert.equal(answer.headers.get('content-type'), 'text/event-stream');
  const seller = await office.seller('one', { name: 'A name that stays here' });
  const { id } = await office.job(seller.id);
  const said = await heard(answer, id);
  assert.match(said, new RegExp(`event: job\ndata: ${id}$`, 'm'));
  assert.doesNotMatch(said, /A name|Smooth/);
});

test('a session has four streams; one that was left makes room', async () => {
  const { listen } = await signedIn();
  const opened = await Promise.all([1, 2, 3, 4].map(listen));
  assert.deepEqual([...new Set(opened.map(({ status }) => status))], [200]);
  assert.equal((await listen()).status, 429);
  const other = await signedIn();
  assert.equal((await other.listen()).status, 200, 'another session has its own');
  other.leave();
  await opened[0]!.body!.cancel();
  let status = 429;
  while (status === 429) ({ status } = await listen());
  assert.equal(status, 200);
  for (const one of opened.slice(1)) await one.body!.cancel();
});

test('a stream ends when its session does, and without a session there is none', { timeout: 10_000 }, async () => {
  const { listen } = await signedIn();
  office.clock.pass(sessionSeconds * 1000 - 200);
  const said = await heard(await listen(), 'never said');
  assert.match(said, /welcome/);
  office.clock.pass(1000);
  const late = await fetch(`${office.address}/admin/events`, { redirect: 'manual' });
  assert.equal(late.status, 303);
});

test('after a gap in the signals a stream ends: its page looks anew when it comes back', async () => {
  const { listen } = await signedIn();
  const { signals } = office.store;
  const { subscribe } = signals;
  const gap = Promise.withResolvers<() => void>();
  signals.subscribe = (hear, onGap) => {
    gap.resolve(onGap!);
    return subscribe(hear, onGap);
  };
  const answer = await listen();
  signals.subscribe = subscribe;
  (await gap.promise)();
  assert.match(await heard(answer, 'never said'), /welcome/);
});

test('only the pages of jobs and of health may ask how things stand, and a form that came back is not replaced', async () => {
  const { browser } = await signedIn();
  const job = await office.job((await office.seller('two')).id);
  for (const [page, isLive] of [
    ['/admin/jobs', true],
    [`/admin/jobs/${job.id}`, true],
    ['/admin/health', true],
    ['/admin/usage', false],
    ['/admin/accounts', false],
  ] as const) {
    const { text, headers } = await browser.get(page);
    assert.equal(headers.get('content-security-policy')!.includes("connect-src 'self'"), isLive, page);
    assert.equal(text.includes('data-live'), isLive, page);
  }
  await office.fail(job.id, 'provider_failed', 'x');
  const path = `/admin/jobs/${job.id}`;
  const form = await browser.form(path, `${path}/retry`);
  const { status, text } = await browser.post(`${path}/retry`, { ...form, note: '' });
  assert.equal(status, 422);
  assert.ok(!text.includes('data-live'));
});
