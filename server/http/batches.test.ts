import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Batch, CreateBatch, Group, Problem } from '../contract.ts';
import { testPreset } from '../store/testing.ts';
import { problemOf, startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
before(async () => {
  server = await startTestServer();
  const choices = { seconds: [{ value: 10, extraTokens: 5 }] };
  await server.parts.store.presets.addMissing([{ ...testPreset, presetId: 'choice', choices }], 1);
});
after(() => server.close());

const invalid = { status: 422, code: 'invalid_request' };

async function seller(sub: string, tokens: number) {
  await server.grant(tokens, { userId: sub });
  const token = await server.mint({ sub });
  const { id: uploadId } = await server.uploaded(token);
  const items = (count: number) => Array.from({ length: count }, (_, at) => ({ uploadId, title: `number ${at}` }));
  const ask = (body: object, key = 'k') =>
    server.call('/v1/batches', {
      token,
      json: { presetId: 'video-cover', ...body },
      headers: { 'idempotency-key': key },
    });
  const send = async (body: Omit<CreateBatch, 'presetId'> & { presetId?: string }, status = 201) => {
    const answer = await ask(body);
    assert.equal(answer.status, status, await answer.clone().text());
    return (await answer.json()) as Batch;
  };
  const read = async <T>(path: string) => ((await (await server.call(path, { token })).json()) as { items: T[] }).items;
  const balance = async () =>
    ((await (await server.call('/v1/session', { token })).json()) as { balance: number }).balance;
  return { token, items, uploadId, ask, send, read, balance };
}

it('a dry run tells price, balance and whether they fit, and makes nothing', async () => {
  const { items, send, read, balance } = await seller('dry', 35);
  const dry = await send({ items: items(3), dryRun: true }, 200);
  const { groupId, ...facts } = dry;
  assert.match(groupId, /^batch-[0-9a-f]{24}$/);
  assert.deepEqual(facts, { count: 3, total: 30, spent: 0, balance: 35, affordable: true, items: [] });
  const fits = async (count: number, budget?: number) =>
    (await send({ items: items(count), dryRun: true, ...(budget && { budget }) }, 200)).affordable;
  assert.deepEqual([await fits(4), await fits(3, 29), await fits(3, 30)], [false, false, true]);
  assert.equal((await send({ items: items(2), presetId: 'choice', seconds: 10, dryRun: true }, 200)).total, 30);
  assert.deepEqual([(await read('/v1/jobs')).length, (await read('/v1/ledger')).length, await balance()], [0, 1, 35]);
});

it('a batch answers every item in order, with totals that are the ledger’s', async () => {
  const { items, send, read, balance, uploadId } = await seller('whole', 100);
  const wish = { items: [...items(2), { uploadId: 'nothing' }, { uploadId, fit: 'pad' as const }], groupName: 'Mugs' };
  const made = await send(wish);
  assert.deepEqual(
    made.items.map(({ job, error }) => job?.title ?? job?.status ?? error?.code),
    ['number 0', 'number 1', 'not_found', 'pending'],
  );
  assert.deepEqual([made.count, made.total, made.spent, made.balance, made.affordable], [4, 40, 30, 70, true]);
  assert.equal(await balance(), 70);
  const [group] = await read<Group>('/v1/groups');
  assert.deepEqual([group!.id, group!.name, group!.jobs], [made.groupId, 'Mugs', 3]);
  assert.deepEqual(await send(wish), made, 'sent again it is the same answer');
});

it('a batch that takes the last token was affordable, also when it is sent again', async () => {
  const { items, send } = await seller('last', 20);
  const dry = await send({ items: items(2), dryRun: true }, 200);
  const made = await send({ items: items(2), budget: 20 });
  const again = await send({ items: items(2), budget: 20 });
  assert.deepEqual([dry.affordable, made.affordable, again.affordable, again.balance], [true, true, true, 0]);
});

it('what an item lacks is said with its facts', async () => {
  const { items, send } = await seller('facts', 15);
  const [first, second] = items(2);
  const made = await send({ items: [{ ...first!, frame: { x: 0, y: 0, width: 1, height: 1 } }, second!, first!] });
  const errors = made.items.map(({ error }) => error as Problem | undefined);
  assert.match(String(errors[0]!['issues']), /^frame must be at least/);
  assert.deepEqual([errors[1], errors[2]!['needed'], errors[2]!['balance']], [undefined, 10, 5]);
  assert.equal(made.affordable, false);
});

it('a batch is kept to its budget', async () => {
  const { items, send, balance } = await seller('budget', 100);
  const made = await send({ items: items(5), budget: 25 });
  assert.deepEqual(
    made.items.map(({ error }) => error?.code),
    [undefined, undefined, 'over_budget', 'over_budget', 'over_budget'],
  );
  assert.deepEqual([made.spent, made.affordable, await balance()], [20, false, 80]);
});

it('what concerns all items is one problem', async () => {
  const { items, ask, read, balance, uploadId } = await seller('problems', 100);
  const faults: [object, RegExp][] = [
    [{ items: [] }, /^items: /],
    [{ items: items(51) }, /^items: /],
    [{}, /^items: /],
    [{ items: 'all' }, /^items: /],
    [{ items: [{ title: 'x' }] }, /^items\.0\.uploadId: /],
    [{ items: [{ uploadId, prompt: 'x' }] }, /^items\.0: .*prompt/],
    [{ items: [{ uploadId, fit: 'stretch' }] }, /^items\.0\.fit: /],
    [{ items: [{ uploadId, frame: { x: 0, y: 0, width: 0, height: 1 } }] }, /^items\.0\.frame\.width: /],
    [{ items: [{ uploadId, title: 'x'.repeat(201) }] }, /^items\.0\.title: /],
    [{ items: items(1), budget: 0 }, /^budget: /],
    [{ items: items(1), budget: 1.5 }, /^budget: /],
    [{ items: items(1), budget: -5 }, /^budget: /],
    [{ items: items(1), budget: '100' }, /^budget: /],
    [{ items: items(1), dryRun: 'yes' }, /^dryRun: /],
    [{ items: items(1), parentId: 'x' }, /parentId/],
    [{ items: items(1), uploadId }, /uploadId/],
    [{ items: items(1), accountId: 'x', tokensCost: 1 }, /accountId.*tokensCost/],
    [{ items: items(1), seconds: 10 }, /^seconds: this preset does not offer 10$/],
    [{ items: items(1), title: 'a\u0000b' }, /NUL/],
  ];
  for (const [body, issue] of faults)
    for (const dryRun of [true, false]) {
      const problem = await problemOf(await ask({ dryRun, ...body }), invalid);
      assert.match((problem as Problem & { issues: string[] }).issues.join('\n'), issue);
    }
  await problemOf(await ask({ presetId: 'nothing', items: items(1) }), { status: 404, code: 'not_found' });
  const keyless = await ask({ items: items(1) }, '');
  assert.match(String((await problemOf(keyless, invalid))['issues']), /^Idempotency-Key: /);
  assert.deepEqual([await read('/v1/jobs'), await balance()], [[], 100]);
});

it('another body under the same key is refused item by item and charges nothing more', async () => {
  const { items, send, balance } = await seller('mismatch', 100);
  await send({ items: items(2) });
  const again = await send({ items: items(2).toReversed() });
  assert.deepEqual(
    again.items.map(({ error }) => error?.code),
    ['idempotency_mismatch', 'idempotency_mismatch'],
  );
  assert.equal(await balance(), 80);
});

it('fifty pictures are fifty orders to the limit of orders, and a dry run is one', async () => {
  const small = await startTestServer({ perMinute: { creates: 12 } });
  try {
    const token = await small.mint();
    const ask = (count: number, dryRun: boolean) => {
      const json = { presetId: 'video-cover', items: Array.from({ length: count }, () => ({ uploadId: 'x' })), dryRun };
      return small.call('/v1/batches', { token, json, headers: { 'idempotency-key': 'k' } });
    };
    assert.equal((await ask(50, true)).status, 200);
    assert.equal((await ask(5, false)).status, 201);
    await problemOf(await ask(50, false), { status: 429, code: 'rate_limited' });
  } finally {
    await small.close();
  }
});

it('pictures of another seller are missing ones', async () => {
  const [mine, other] = [await seller('mine', 20), await seller('other', 20)];
  const made = await mine.send({ items: [...other.items(1), ...mine.items(1)] });
  assert.deepEqual(
    made.items.map(({ error }) => error?.code),
    ['not_found', undefined],
  );
  assert.equal(await mine.balance(), 10);
});
