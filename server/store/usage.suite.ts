/** The facts every database must give the usage page and provider accounts. Run with a way to open an empty database. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from './database.ts';
import type { JobRow } from './schema.ts';
import { createStore, type Store } from './store.ts';
import { testJob, testSeller, testSite } from './testing.ts';

const dayMs = 86_400_000;
const today = Date.UTC(2026, 10, 20);
const span = { firstDay: today / dayMs - 6, lastDay: today / dayMs };

export function usageSuite(name: string, open: () => Promise<Database>): void {
  describe(`usage on ${name}`, () => {
    let database: Database;
    let store: Store;
    let accountId: string;
    let otherId: string;

    async function job(facts: Partial<JobRow>): Promise<JobRow> {
      const row = testJob({ accountId, ...facts });
      await store.transaction(async (tx) => {
        await store.jobs.insert(tx, row);
        const { id: jobId, tokensCost: price, createdAt: now } = row;
        await store.ledger.debit(tx, { id: uuidv7(), accountId: row.accountId, jobId, price, actor: 'seller', now });
        if (row.status !== 'failed') return;
        await store.ledger.refund(tx, { id: uuidv7(), jobId, actor: 'worker', note: 'x', now });
      });
      return row;
    }

    before(async () => {
      database = await open();
      store = createStore(database);
      accountId = await testSeller(store, { userId: 'seller', tokens: 1_000 });
      await store.sites.put({ ...testSite, id: 'other', name: 'Other', issuer: 'https://other.example' }, 1);
      const identity = { siteId: 'other', userId: 'seller' };
      otherId = (await store.accounts.ensure(identity, { id: uuidv7(), now: 1 })).id;
      const grant = { id: uuidv7(), accountId: otherId, amount: 100, reference: 'x', actor: 'test', now: 1 };
      await store.transaction((tx) => store.ledger.grant(tx, grant));

      const made = { createdAt: today + 5_000, submittedAt: today + 8_000, succeededAt: today + 60_000 };
      const done = { status: 'completed', stage: 'done', ...made, completedAt: today + 65_000 } as const;
      await job({ ...done, views: 3, downloads: 1 });
      await job({ ...done, completedAt: today + 125_000, views: 4 });
      await job({ status: 'failed', createdAt: today - dayMs, completedAt: today, prompt: 'another prompt' });
      await job({ createdAt: today + dayMs - 1, accountId: otherId });
      await job({ createdAt: today - 7 * dayMs });
    });
    after(() => database.close());

    it('jobs are counted by their UTC day, with tokens sold and refunded, clips, waiting, views and downloads', async () => {
      const { groups } = await store.usage.of(span);
      const facts = groups
        .map(({ day, siteId, status, jobs, tokensSold, tokensRefunded, clips, waitedMs, views, downloads }) =>
          [
            day - today / dayMs,
            siteId,
            status,
            jobs,
            tokensSold,
            tokensRefunded,
            clips,
            waitedMs,
            views,
            downloads,
          ].join(' '),
        )
        .toSorted();
      assert.deepEqual(facts, [
        '-1 panel failed 1 10 10 0 0 0 0',
        '0 other pending 1 10 0 0 0 0 0',
        '0 panel completed 2 20 0 2 6000 7 1',
      ]);
    });

    it('a preset and a site narrow every answer', async () => {
      const { groups, prompts } = await store.usage.of({ ...span, siteId: 'other' });
      assert.deepEqual([groups.length, groups[0]!.took, prompts.length], [1, [], 1]);
      assert.deepEqual(await store.usage.of({ ...span, presetId: 'nothing' }), { groups: [], prompts: [] });
    });

    it('finished jobs tell how long they took, to within one percent', async () => {
      const { groups } = await store.usage.of(span);
      const took = groups.flatMap((group) => group.took);
      assert.equal(took.length, 2);
      for (const [n, exact] of [65_000 - 5_000, 125_000 - 5_000].entries()) {
        assert.ok(Math.abs(took[n]![0] / exact - 1) <= 0.01, String(took[n]));
        assert.equal(took[n]![1], 1);
      }
    });

    it('popular prompts stand in the order of their jobs', async () => {
      assert.deepEqual((await store.usage.of(span)).prompts, [
        { prompt: 'A calm product shot', jobs: 3, views: 7, downloads: 1 },
        { prompt: 'another prompt', jobs: 1, views: 0, downloads: 0 },
      ]);
    });

    it('the queue is as long as jobs wait in it', async () => {
      assert.equal(await store.usage.queueLength(), 2);
    });

    it('reads are added and change nothing else of the job', async () => {
      const row = await job({ createdAt: today - 30 * dayMs });
      const count = (more: { views: number; downloads: number }) =>
        store.transaction((tx) => store.jobs.countReads(tx, { reads: [{ id: row.id, ...more }], now: today }));
      await count({ views: 2, downloads: 0 });
      await count({ views: 1, downloads: 5 });
      assert.deepEqual(await store.jobs.get(row.id), { ...row, views: 3, downloads: 5 });
    });

    it('a job is handed to another account only unsent, free and from the account that has it', async () => {
      const row = await job({
        createdAt: today - 30 * dayMs,
        stage: 'submitting',
        status: 'processing',
        providerAccount: 'a',
      });
      const wish = { id: row.id, from: 'a', to: 'b', now: today };
      const transfer = (change: object = {}) =>
        store.transaction((tx) => store.jobs.transfer(tx, { ...wish, ...change }));
      assert.equal((await store.queue.unsentSorts({ of: ['a'], now: today })).length, 1);
      assert.deepEqual(await store.queue.unsentSorts({ of: ['c'], now: today }), []);
      const unsent = await store.queue.unsent(store.read, { of: ['a', 'c'], sorts: [row], limit: 5, now: today });
      assert.deepEqual(unsent, [{ id: row.id, providerAccount: 'a' }]);
      assert.equal(await transfer({ from: 'c' }), null);
      assert.equal((await transfer())!.providerAccount, 'b');
      assert.equal(await transfer(), null);
      await store.transaction((tx) => store.queue.wakeUnsent(tx, { providerAccount: 'b', now: 77 }));
      assert.equal((await store.jobs.get(row.id))!.dueAt, 77);
    });

    it('provider accounts keep their order, and a stale change is refused', async () => {
      const common = {
        provider: 'kling',
        label: 'x',
        sealedCredentials: 's',
        baseUrl: 'https://x',
        concurrency: 2,
      } as const;
      const row = (id: string, position: number) => ({
        ...common,
        id,
        position,
        enabled: true,
        createdAt: 1,
        updatedAt: 1,
      });
      const { providerCredentials: kept } = store;
      await store.transaction((tx) => kept.add(tx, row('a', 2)));
      await store.transaction((tx) => kept.add(tx, row('b', 1)));
      assert.equal(await store.transaction((tx) => kept.add(tx, row('b', 3))), null);
      assert.deepEqual(
        (await kept.list()).map(({ id }) => id),
        ['b', 'a'],
      );
      const change = { id: 'a', set: { position: 0, updatedAt: 2 }, expectedUpdatedAt: 1 };
      assert.equal((await store.transaction((tx) => kept.change(tx, change)))!.position, 0);
      assert.equal(await store.transaction((tx) => kept.change(tx, change)), null);
      assert.equal((await kept.get('a'))!.updatedAt, 2);
    });
  });
}
