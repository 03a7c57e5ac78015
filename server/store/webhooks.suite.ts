/** The facts every database must give webhook deliveries. Run with a way to open a new, empty database. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from './database.ts';
import type { HostEvent, WebhookEndpointRow } from './schema.ts';
import { createStore, type Store } from './store.ts';
import { testJob, testSeller, testSite } from './testing.ts';

const now = Date.UTC(2026, 10, 20, 12);
const leaseMs = 60_000;
const all: HostEvent[] = ['job.completed', 'job.failed', 'balance.changed'];

export function webhooksSuite(name: string, open: () => Promise<Database>): void {
  describe(`webhook deliveries on ${name}`, () => {
    let database: Database;
    let store: Store;
    let accountId: string;
    before(async () => {
      database = await open();
      store = createStore(database, { newMessageId: uuidv7 });
      accountId = await testSeller(store, { userId: 'seller', tokens: 1_000 });
    });
    after(() => database.close());
    beforeEach(async () => {
      const enabled = await store.webhooks.endpoints();
      await store.transaction(async (tx) => {
        for (const { id } of enabled) {
          await store.webhooks.changeEndpoint(tx, { id, set: { enabled: false } });
          await store.webhooks.giveUp(tx, { endpointId: id, reason: 'test', now });
        }
      });
      store.webhooks.forget();
    });

    async function endpoint(facts: Partial<WebhookEndpointRow> = {}): Promise<string> {
      const id = uuidv7();
      const secrets = { sealedSecret: 'sealed', sealedNextSecret: null };
      const times = { createdAt: now, updatedAt: now };
      const row = { id, siteId: testSite.id, url: 'https://x.example', events: all, enabled: true };
      await store.transaction((tx) => store.webhooks.addEndpoint(tx, { ...row, ...secrets, ...times, ...facts }));
      store.webhooks.forget();
      return id;
    }

    async function order(): Promise<string> {
      const job = testJob({ accountId });
      const entry = { id: uuidv7(), accountId, jobId: job.id, price: job.tokensCost, actor: 'seller', now };
      await store.transaction(async (tx) => {
        await store.jobs.insert(tx, job);
        await store.ledger.debit(tx, entry);
      });
      return job.id;
    }

    const fail = (id: string) =>
      store.transaction(async (tx) => {
        if (!(await store.jobs.end(tx, 'failed', { id, now }))) return;
        await store.ledger.refund(tx, { id: uuidv7(), jobId: id, actor: 'worker', now });
      });
    const log = (endpointId: string) => store.webhooks.deliveries({ endpointId, limit: 100 });
    const claim = (endpointId: string, at = now) =>
      store.transaction((tx) => store.webhooks.claim(tx, { endpointId, now: at, limit: 10, leaseMs }));

    it('a job that fails leaves exactly one delivery per endpoint, however many try to fail it', async () => {
      const [first, second] = [await endpoint({ events: ['job.failed'] }), await endpoint({ events: ['job.failed'] })];
      const id = await order();
      await Promise.all(Array.from({ length: 10 }, () => fail(id)));
      const [one, other] = [await log(first), await log(second)];
      assert.deepEqual([one.length, other.length], [1, 1]);
      assert.deepEqual(one[0]!.payload, { accountId, jobId: id });
      assert.equal(one[0]!.messageId, other[0]!.messageId);
      assert.notEqual(one[0]!.id, other[0]!.id);
    });

    it('a clip that is done is told once, a cancelled job only by its refund', async () => {
      const endpointId = await endpoint();
      const done = await order();
      await store.transaction(async (tx) => {
        for (const stage of ['submitting', 'generating', 'saving', 'done'] as const)
          await store.jobs.advance(tx, stage, { id: done, now });
      });
      await store.transaction((tx) => store.jobs.advance(tx, 'done', { id: done, now }));
      const cancelled = await order();
      await store.transaction(async (tx) => {
        await store.jobs.end(tx, 'cancelled', { id: cancelled, now });
        await store.ledger.refund(tx, { id: uuidv7(), jobId: cancelled, actor: 'seller', now });
      });
      const told = (await log(endpointId)).map(({ event, payload }) => [
        event,
        payload.jobId ?? payload.balance?.reason,
      ]);
      assert.deepEqual(told.toReversed(), [
        ['balance.changed', 'debit'],
        ['job.completed', done],
        ['balance.changed', 'debit'],
        ['balance.changed', 'refund'],
      ]);
    });

    it('a change of the balance is told with what the ledger wrote', async () => {
      const endpointId = await endpoint({ events: ['balance.changed'] });
      const entry = { id: uuidv7(), accountId, amount: 7, reference: `r-${uuidv7()}`, actor: 'host', now };
      const granted = await store.transaction((tx) => store.ledger.grant(tx, entry));
      await store.transaction((tx) => store.ledger.grant(tx, { ...entry, id: uuidv7() }));
      const [told, ...more] = await log(endpointId);
      assert.deepEqual(more, []);
      assert.deepEqual(told!.payload.balance, {
        entryId: entry.id,
        balance: granted.entry.balanceAfter,
        change: 7,
        reason: 'grant',
        reference: entry.reference,
      });
      assert.equal(told!.deadlineAt - now, 24 * 3_600_000);
    });

    it('what is rolled back is not told', async () => {
      const endpointId = await endpoint();
      const id = await order();
      const before = (await log(endpointId)).length;
      const crash = store.transaction(async (tx) => {
        await store.jobs.end(tx, 'failed', { id, now });
        await store.ledger.refund(tx, { id: uuidv7(), jobId: id, actor: 'worker', now });
        throw new Error('crash');
      });
      await assert.rejects(crash, /crash/);
      assert.equal((await log(endpointId)).length, before);
    });

    it('an endpoint is told neither what it did not ask for, nor of another site, nor while it is disabled', async () => {
      await store.sites.put({ ...testSite, id: 'other', issuer: 'https://other.example' }, now);
      const deaf = [
        await endpoint({ events: ['job.completed'] }),
        await endpoint({ siteId: 'other' }),
        await endpoint({ enabled: false }),
      ];
      await fail(await order());
      for (const id of deaf) assert.deepEqual(await log(id), []);
    });

    it('without endpoints it asks once in five seconds', async () => {
      let selects = 0;
      const counting = createStore(
        {
          ...database,
          transaction: (work) =>
            database.transaction((tx) => {
              const counted = Object.create(tx) as typeof tx;
              counted.select = ((...given: []) => {
                selects += 1;
                return tx.select(...given);
              }) as typeof tx.select;
              return work(counted);
            }),
        },
        { newMessageId: uuidv7 },
      );
      const grant = (at: number) => {
        const entry = { id: uuidv7(), accountId, amount: 1, reference: uuidv7(), actor: 'host', now: at };
        return counting.transaction((tx) => counting.ledger.grant(tx, entry));
      };
      // A grant itself reads once, for its reference.
      for (const [at, expected] of [
        [now, 2],
        [now + 4_999, 1],
        [now + 5_000, 2],
      ] as const) {
        selects = 0;
        await grant(at);
        assert.equal(selects, expected, `${at - now} ms`);
      }
    });

    it('parallel claims share the deliveries out, and a lease holds them until it ends', async () => {
      const endpointId = await endpoint({ events: ['job.failed'] });
      for (let n = 0; n < 6; n++) await fail(await order());
      const claims = await Promise.all(
        Array.from({ length: 4 }, () =>
          store.transaction((tx) => store.webhooks.claim(tx, { endpointId, now, limit: 3, leaseMs })),
        ),
      );
      const ids = claims.flat().map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      const rest = await claim(endpointId);
      assert.equal(ids.length + rest.length, 6);
      assert.deepEqual(await claim(endpointId, now + leaseMs - 1), []);
      assert.deepEqual(await store.webhooks.due(now), []);
      const again = await claim(endpointId, now + leaseMs);
      assert.deepEqual([again.length, again[0]!.attempts], [6, 2]);
    });

    it('an outcome under an old claim is not written', async () => {
      const endpointId = await endpoint({ events: ['job.failed'] });
      await fail(await order());
      const [old] = await claim(endpointId);
      const [held] = await claim(endpointId, now + leaseMs);
      const settle = (leaseUntil: number) => {
        const set = { status: 'delivered' as const };
        return store.transaction((tx) => store.webhooks.settle(tx, { id: old!.id, leaseUntil, set, now }));
      };
      assert.equal(await settle(old!.leaseUntil), false);
      assert.equal((await log(endpointId))[0]!.status, 'pending');
      assert.equal(await settle(held!.leaseUntil), true);
      assert.equal((await log(endpointId))[0]!.status, 'delivered');
    });

    it('a replay is the same message with a new day; one in hand is left alone', async () => {
      const endpointId = await endpoint({ events: ['job.failed'] });
      await fail(await order());
      const [held] = await claim(endpointId);
      const later = now + 2 * 24 * 3_600_000;
      const replay = (at: number) => store.transaction((tx) => store.webhooks.replay(tx, { id: held!.id, now: at }));
      assert.equal((await replay(now + 1))!.attempts, 1);
      const outcome = { id: held!.id, leaseUntil: held!.leaseUntil, set: { status: 'failed' as const }, now };
      await store.transaction((tx) => store.webhooks.settle(tx, outcome));
      const again = (await replay(later))!;
      assert.deepEqual([again.status, again.attempts, again.dueAt], ['pending', 0, later]);
      assert.equal(again.deadlineAt, later + 24 * 3_600_000);
      assert.equal(again.messageId, held!.messageId);
      assert.equal(await store.transaction((tx) => store.webhooks.replay(tx, { id: 'nothing', now })), null);
    });

    it('what waits for a disabled endpoint is not due', async () => {
      const endpointId = await endpoint({ events: ['job.failed'] });
      await fail(await order());
      assert.deepEqual(
        (await store.webhooks.due(now)).map(({ id }) => id),
        [endpointId],
      );
      await store.transaction((tx) => store.webhooks.changeEndpoint(tx, { id: endpointId, set: { enabled: false } }));
      assert.deepEqual(await store.webhooks.due(now), []);
    });
  });
}
