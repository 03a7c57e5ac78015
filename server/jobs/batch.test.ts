import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startPostgres, type TestPostgres } from '../../.tools/postgres.ts';
import { AppError, type ErrorCode } from '../errors.ts';
import type { Database } from '../store/database.ts';
import { openPostgres } from '../store/postgres.ts';
import { openSqlite } from '../store/sqlite.ts';
import { temporaryFolder } from '../store/testing.ts';
import { createBatches, type BatchOrder, type BatchOutcome } from './batch.ts';
import { createJobService } from './service.ts';
import { startWorld, type World } from './testing.ts';

const is = (code: ErrorCode) => (fault: unknown) => fault instanceof AppError && fault.code === code;
/** `made`, or the code of what stood in the way. */
const fates = ({ items }: BatchOutcome) => items.map((item) => ('job' in item ? 'made' : item.error.code));
const idsOf = ({ items }: BatchOutcome) => items.flatMap((item) => ('job' in item ? [item.job.id] : []));

let postgres: TestPostgres;
before(async () => {
  postgres = await startPostgres();
});
after(() => postgres.stop());
const folder = temporaryFolder();
after(folder.remove);

const databases: [name: string, open: () => Promise<Database>][] = [
  ['SQLite', async () => openSqlite(join(folder.path, 'batch.db'))],
  [
    'PostgreSQL',
    async () => openPostgres({ url: await postgres.createDatabase(), maxConnections: 12, onFault: () => {} }),
  ],
];

for (const [name, open] of databases)
  describe(`a batch on ${name}`, () => {
    let world: World;
    before(async () => {
      world = await startWorld({ database: await open() });
    });
    after(() => world.close());

    /** A seller with so many tokens, and a batch of so many pictures at 10 tokens each. */
    async function ready({ tokens, count }: { tokens: number; count: number }) {
      const accountId = await world.seller(tokens);
      const uploadId = await world.upload(accountId);
      const batches = createBatches(world);
      const order: BatchOrder = {
        accountId,
        idempotencyKey: 'batch',
        request: { presetId: 'video-cover' },
        items: Array.from({ length: count }, (_, at) => ({ uploadId, title: `number ${at}` })),
      };
      const jobs = () => world.jobs.list({ accountId, limit: 100 });
      const send = (change: Partial<BatchOrder> = {}) => batches.create({ ...order, ...change });
      return { accountId, order, batches, jobs, send, balance: () => world.balance(accountId) };
    }

    it('tells its price without making or charging anything', async () => {
      const { batches, order, jobs, balance } = await ready({ tokens: 25, count: 4 });
      const told = await batches.quote(order);
      assert.deepEqual([told.total, told.spent, told.items], [40, 0, []]);
      assert.deepEqual([(await jobs()).length, await balance()], [0, 25]);
      const request = { presetId: 'nothing' };
      await assert.rejects(batches.quote({ ...order, request }), is('not_found'));
    });

    it('makes a job of every item, all in one group', async () => {
      const { send, jobs, balance, order, batches } = await ready({ tokens: 100, count: 4 });
      const { groupId } = await batches.quote(order);
      const made = await send();
      assert.deepEqual([made.total, made.spent, made.groupId], [40, 40, groupId]);
      assert.deepEqual(
        (await jobs()).map(({ title }) => title).toReversed(),
        order.items.map(({ title }) => title),
      );
      assert.ok((await jobs()).every((job) => job.groupId === groupId));
      assert.equal(await balance(), 60);
    });

    it('sent again is the same jobs for the same money, also when its preset is no longer sold', async () => {
      const { send, jobs, balance } = await ready({ tokens: 100, count: 3 });
      const first = await send();
      const { revision } = (await world.store.presets.get('video-cover'))!;
      const revise = (expectedRevision: number, change: { enabled: boolean; tokensCost: number }) =>
        world.store.presets.revise({ id: 'video-cover', expectedRevision, change, author: 'anna', now: 1 });
      await revise(revision, { enabled: false, tokensCost: 50 });
      const second = await send();
      await revise(revision + 1, { enabled: true, tokensCost: 10 });
      assert.deepEqual(idsOf(second), idsOf(first));
      assert.deepEqual([second.total, second.spent], [30, 30]);
      assert.deepEqual([(await jobs()).length, await balance()], [3, 70]);
    });

    it('goes on after an item that cannot be ordered, and says why', async () => {
      const { send, order, balance } = await ready({ tokens: 100, count: 4 });
      const [first, second, third, fourth] = order.items as [object, object, object, object];
      const items = [
        first,
        { ...second, uploadId: 'nothing' },
        { ...third, frame: { x: 0, y: 0, width: 9999, height: 9999 } },
        fourth,
      ];
      const made = await send({ items });
      assert.deepEqual(fates(made), ['made', 'not_found', 'invalid_request', 'made']);
      assert.match(JSON.stringify(made.items[2]), /"issues":\["frame must lie inside/);
      assert.deepEqual([made.total, made.spent, await balance()], [40, 20, 80]);
    });

    it('ends where the tokens end', async () => {
      const { send, balance, jobs } = await ready({ tokens: 25, count: 4 });
      const made = await send();
      assert.deepEqual(fates(made), ['made', 'made', 'insufficient_tokens', 'insufficient_tokens']);
      assert.deepEqual([made.spent, await balance(), (await jobs()).length], [20, 5, 2]);
    });

    it('never passes its budget, however often it is sent', async () => {
      const { send, balance, order } = await ready({ tokens: 100, count: 5 });
      const [first, ...rest] = order.items;
      const broken = [{ ...first!, uploadId: 'nothing' }, ...rest];
      const made = await send({ budget: 29, items: broken });
      assert.deepEqual(fates(made), ['not_found', 'made', 'made', 'over_budget', 'over_budget']);
      const again = await send({ budget: 29 });
      assert.deepEqual(fates(again), ['over_budget', 'made', 'made', 'over_budget', 'over_budget']);
      assert.deepEqual([again.spent, await balance()], [20, 80]);
      const more = await send({ budget: 40 });
      assert.deepEqual(fates(more), ['made', 'made', 'made', 'made', 'over_budget']);
      assert.deepEqual([more.spent, await balance()], [40, 60]);
    });

    it('never passes its budget when many send it at once, each with its own idea of what fails', async () => {
      const { order, jobs, balance } = await ready({ tokens: 200, count: 12 });
      // Nodes with a service each; what one has not seen yet, another has made.
      const { store, runtime } = world;
      const settings = { deadlineMs: 3_600_000, minSide: 300 };
      const nodes = Array.from({ length: 6 }, () =>
        createBatches({ store, jobs: createJobService({ store, runtime, settings, slots: 1 }) }),
      );
      const skewed = (by: number) =>
        order.items.map((item, at) => (at < by * 2 ? { ...item, uploadId: 'nothing' } : item));
      const outcomes = await Promise.all(
        nodes.map((node, by) => node.create({ ...order, budget: 50, items: skewed(by) })),
      );
      assert.deepEqual([(await jobs()).length, await balance()], [5, 150]);
      assert.ok(outcomes.every(({ spent }) => spent <= 50));
      assert.deepEqual(await world.store.ledger.disagreements(), []);
    });

    it('sent eight times at once is one batch', async () => {
      const { send, jobs, balance } = await ready({ tokens: 100, count: 4 });
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => send()));
      assert.equal(new Set(outcomes.map((outcome) => idsOf(outcome).join())).size, 1);
      assert.deepEqual([(await jobs()).length, await balance()], [4, 60]);
    });

    it('of another seller with the same key is another batch in another group', async () => {
      const [mine, other] = [await ready({ tokens: 10, count: 1 }), await ready({ tokens: 10, count: 1 })];
      const [one, two] = [await mine.send(), await other.send()];
      assert.notEqual(one.groupId, two.groupId);
      assert.deepEqual([await mine.balance(), await other.balance()], [0, 0]);
    });
  });
