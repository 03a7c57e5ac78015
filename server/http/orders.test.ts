import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { CreatedJob, Problem } from '../contract.ts';
import { testPreset } from '../store/testing.ts';
import { problemOf, startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await server.parts.store.presets.addMissing([{ ...testPreset, presetId: 'off', enabled: false }], 1);
});
after(() => server.close());
afterEach(async () => {
  assert.equal((await server.call('/healthz')).status, 200);
  assert.deepEqual(
    server.logged.filter(({ level }) => level === 'error'),
    [],
  );
});

const invalid = { status: 422, code: 'invalid_request' };
const jobsOf = async (token: string) =>
  ((await (await server.call('/v1/jobs', { token })).json()) as { items: unknown[] }).items;
const balanceOf = async (token: string) =>
  ((await (await server.call('/v1/session', { token })).json()) as { balance: number }).balance;

/** A seller of their own for each test. */
async function seller(sub: string, tokens = 0) {
  if (tokens > 0) await server.grant(tokens, { userId: sub });
  const token = await server.mint({ sub });
  const { id: uploadId } = await server.uploaded(token);
  return { token, body: { presetId: 'video-cover', uploadId } };
}

describe('an order', () => {
  it('needs an idempotency key of printable ASCII', async () => {
    const { token, body } = await seller('keys', 10);
    for (const key of [undefined, '', 'x'.repeat(201), 'tab\tinside', 'é']) {
      const headers = key === undefined ? undefined : { 'idempotency-key': key };
      const answer = await server.call('/v1/jobs', { token, json: body, ...(headers && { headers }) });
      const { issues } = await problemOf(answer, invalid);
      assert.match(String(issues), /^Idempotency-Key: /);
    }
    assert.deepEqual(await jobsOf(token), []);
  });

  it('of an unknown or switched-off preset, or without a picture, is refused', async () => {
    const { token, body } = await seller('presets', 10);
    for (const presetId of ['nothing', 'off'])
      await problemOf(await server.order(token, { key: 'k', body: { ...body, presetId } }), {
        status: 404,
        code: 'not_found',
      });
    await problemOf(await server.order(token, { key: 'k', body: { presetId: body.presetId } }), invalid);
    assert.equal(await balanceOf(token), 10);
  });

  it('names each fault of its body', async () => {
    const { token, body } = await seller('faults', 10);
    const faults: [object, RegExp][] = [
      [{ ...body, frame: { x: -1, y: 0, width: 600, height: 800 } }, /^frame\.x: /],
      [{ ...body, frame: { x: 0.5, y: 0, width: 600, height: 800 } }, /^frame\.x: /],
      [{ ...body, frame: { x: 0, y: 0, width: null, height: 800 } }, /^frame\.width: /],
      [{ ...body, frame: { x: 0, y: 0, width: 6000, height: 8000 } }, /^frame must lie inside/],
      [{ ...body, frame: { x: 0, y: 0, width: 30, height: 40 } }, /^frame must be at least/],
      [{ ...body, frame: { x: 0, y: 0, width: 800, height: 800 } }, /^frame must have the ratio/],
      [{ ...body, fit: 'stretch' }, /^fit: /],
      [{ ...body, presetId: 7 }, /^presetId: /],
      [{ ...body, prompt: 'x'.repeat(2501) }, /^prompt: /],
      [{ ...body, tokensCost: 1, status: 'completed', accountId: 'x' }, /tokensCost.*status.*accountId/],
      [{ ...body, title: 'a\u0000b' }, /NUL/],
      [[], /object/],
    ];
    for (const [json, issue] of faults) {
      const answer = await server.call('/v1/jobs', { token, json, headers: { 'idempotency-key': 'f' } });
      assert.match(((await problemOf(answer, invalid)) as Problem & { issues: string[] }).issues.join('\n'), issue);
    }
    assert.deepEqual(await jobsOf(token), []);
  });

  it('cannot reach into prototypes', async () => {
    const { token, body } = await seller('prototypes', 10);
    const text = JSON.stringify(body).replace('{', '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{}},');
    const headers = { 'idempotency-key': 'p', 'content-type': 'application/json' };
    await problemOf(await server.call('/v1/jobs', { token, headers, body: text }), invalid);
    assert.equal(({} as Record<string, unknown>)['isAdmin'], undefined);
  });

  it('without enough tokens creates and takes nothing, and says how many are missing', async () => {
    const { token, body } = await seller('poor', 7);
    const problem = await problemOf(await server.order(token, { key: 'k', body }), {
      status: 402,
      code: 'insufficient_tokens',
    });
    assert.equal(problem['needed'], 10);
    assert.equal(problem['balance'], 7);
    assert.equal(await balanceOf(token), 7);
    assert.deepEqual(await jobsOf(token), []);
  });

  it('repeated with its key is the same answer; another body under the key is refused', async () => {
    const { token, body } = await seller('again', 30);
    const first = await server.order(token, { key: 'k', body });
    const second = await server.order(token, { key: 'k', body });
    assert.deepEqual([first.status, second.status], [201, 201]);
    assert.deepEqual(await second.json(), await first.json());
    await problemOf(await server.order(token, { key: 'k', body: { ...body, title: 'another' } }), {
      status: 422,
      code: 'idempotency_mismatch',
    });
    assert.equal(await balanceOf(token), 20);
  });

  it('sent eight times at once is one job and one debit', async () => {
    const { token, body } = await seller('eight', 100);
    const answers = await Promise.all(Array.from({ length: 8 }, () => server.order(token, { key: 'k', body })));
    const jobs = await Promise.all(answers.map(async (answer) => ((await answer.json()) as CreatedJob).job.id));
    assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([201]));
    assert.equal(new Set(jobs).size, 1);
    assert.equal(await balanceOf(token), 90);
    assert.equal((await jobsOf(token)).length, 1);
  });

  it('is limited per seller and minute', async () => {
    const small = await startTestServer({ perMinute: { creates: 2 } });
    try {
      const order = async (sub: string) =>
        small.order(await small.mint({ sub }), { key: 'k', body: { presetId: 'nothing' } });
      await order('a');
      await order('a');
      const refusal = await order('a');
      const { retryAfter } = await problemOf(refusal, { status: 429, code: 'rate_limited' });
      assert.equal(refusal.headers.get('retry-after'), String(retryAfter));
      assert.equal((await order('b')).status, 404);
    } finally {
      await small.close();
    }
  });
});

describe('another seller', () => {
  it('gets the very bytes that a missing record gives, for pictures and jobs', async () => {
    const owner = await seller('owner', 10);
    const made = (await (await server.order(owner.token, { key: 'k', body: owner.body })).json()) as CreatedJob;
    const stranger = await seller('stranger', 10);
    const missing = '0199aaaa-0000-7000-8000-000000000000';
    const bytesOf = async (answer: Response) => (await answer.text()).replace(/"requestId":"[^"]+"/, '');
    const calls = (jobId: string, uploadId: string) => [
      server.call(`/v1/jobs/${jobId}`, { token: stranger.token }),
      server.call(`/v1/jobs/${jobId}`, { token: stranger.token, method: 'DELETE' }),
      server.call(`/v1/jobs/${jobId}/cancel`, { token: stranger.token, method: 'POST' }),
      server.order(stranger.token, { key: 'o', body: { ...stranger.body, uploadId } }),
    ];
    const foreign = await Promise.all(calls(made.job.id, owner.body.uploadId));
    const absent = await Promise.all(calls(missing, missing));
    assert.deepEqual(
      foreign.map((answer) => answer.status),
      [404, 404, 404, 404],
    );
    assert.deepEqual(await Promise.all(foreign.map(bytesOf)), await Promise.all(absent.map(bytesOf)));
    assert.deepEqual(await jobsOf(stranger.token), []);
    assert.equal((await jobsOf(owner.token)).length, 1);
  });
});

describe('a job', () => {
  it('that has left the queue cannot be cancelled, and an open one cannot be deleted', async () => {
    const { token, body } = await seller('states', 10);
    const { job } = (await (await server.order(token, { key: 'k', body })).json()) as CreatedJob;
    const remove = () => server.call(`/v1/jobs/${job.id}`, { token, method: 'DELETE' });
    await problemOf(await remove(), { status: 409, code: 'not_deletable' });
    const { store } = server.parts;
    await store.transaction((tx) => store.jobs.advance(tx, 'submitting', { id: job.id, now: 1 }));
    const cancel = await server.call(`/v1/jobs/${job.id}/cancel`, { token, method: 'POST' });
    await problemOf(cancel, { status: 409, code: 'not_cancellable' });
  });

  it('that failed tells the public reason and the refund, never the vendor’s words', async () => {
    const { token, body } = await seller('failed', 10);
    const { job } = (await (await server.order(token, { key: 'k', body })).json()) as CreatedJob;
    const { store, runtime } = server.parts;
    const set = { errorCode: 'content_refused', errorMessage: 'vendor: <b>risk control</b>' };
    await store.transaction(async (tx) => {
      await store.jobs.end(tx, 'failed', { id: job.id, now: runtime.now(), set });
      await store.ledger.refund(tx, { id: runtime.newId(), jobId: job.id, actor: 'worker', now: runtime.now() });
    });
    const text = await (await server.call(`/v1/jobs/${job.id}`, { token })).text();
    assert.doesNotMatch(text, /vendor|risk/);
    const failed = (JSON.parse(text) as CreatedJob).job;
    assert.deepEqual(failed.receipt, { quoted: 10, debited: 10, refunded: 10, reason: 'content_refused' });
    assert.equal(failed.error?.code, 'content_refused');
    assert.equal(failed.refunded, true);
  });

  it('list pages follow each other without gap or repeat', async () => {
    const { token, body } = await seller('pages', 70);
    for (let n = 0; n < 7; n++) await server.order(token, { key: `k${n}`, body: { ...body, groupId: `g${n % 2}` } });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path = `/v1/jobs?limit=3${cursor && `&cursor=${cursor}`}`;
      const page = (await (await server.call(path, { token })).json()) as Page;
      seen.push(...page.items.map((job) => job.id));
      cursor = page.nextCursor;
    }
    assert.equal(seen.length, 7);
    assert.deepEqual(seen, [...new Set(seen)].sort().reverse());
    const group = (await (await server.call('/v1/jobs?groupId=g1', { token })).json()) as Page;
    assert.equal(group.items.length, 3);
  });

  it('list refuses limits and kinds that do not exist', async () => {
    const token = await server.mint();
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=x',
      'limit=1&limit=2',
      'kind=nothing',
      'cursor=' + 'x'.repeat(65),
    ])
      await problemOf(await server.call(`/v1/jobs?${query}`, { token }), invalid);
    for (const path of ['/v1/jobs?cursor=%00', '/v1/jobs/%00'])
      await problemOf(await server.call(path, { token }), { status: 404, code: 'not_found' });
  });
});

interface Page {
  items: { id: string }[];
  nextCursor: string | null;
}
