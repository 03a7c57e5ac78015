/** The facts every database must give the store. An adapter's test file runs it with a way to open a new, empty one. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { and, eq, isNull } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../errors.ts';
import { leaseMs, nextLooks } from '../jobs/job.ts';
import type { Database } from './database.ts';
import { createStore, type Store } from './store.ts';
import { testJob, testPreset, testSeller } from './testing.ts';

const now = Date.UTC(2026, 10, 20, 12);

export function storeSuite(name: string, open: () => Promise<Database>): void {
  describe(`the store on ${name}`, () => {
    let database: Database;
    let store: Store;
    before(async () => {
      database = await open();
      store = createStore(database);
    });
    after(() => database.close());

    let sellers = 0;
    const seller = (tokens: number) => testSeller(store, { userId: `seller-${++sellers}`, tokens });
    const balanceOf = async (id: string) => (await store.accounts.get(id))!.balance;

    /** Debit and job in one transaction, as the service does it. */
    async function order(accountId: string, facts: Parameters<typeof testJob>[0] = { accountId }) {
      const job = testJob(facts);
      await store.transaction(async (tx) => {
        await store.jobs.insert(tx, job);
        await store.ledger.debit(tx, {
          id: uuidv7(),
          accountId,
          jobId: job.id,
          price: job.tokensCost,
          actor: 'seller',
          now,
        });
      });
      return job;
    }

    async function failWithRefund(jobId: string): Promise<boolean> {
      return store.transaction(async (tx) => {
        if (!(await store.jobs.end(tx, 'failed', { id: jobId, now, set: { errorCode: 'timed_out' } }))) return false;
        await store.ledger.refund(tx, { id: uuidv7(), jobId, actor: 'worker', now });
        return true;
      });
    }

    it('five hundred parallel orders with tokens for seven make exactly seven jobs', async () => {
      const accountId = await seller(75);
      const results = await Promise.allSettled(Array.from({ length: 500 }, () => order(accountId)));
      const refusals = results.filter((result) => result.status === 'rejected').map((result) => result.reason);
      assert.equal(results.length - refusals.length, 7);
      // On a busy machine the last of five hundred may wait too long for a connection, which is no order either.
      const isRefusal = ({ code }: AppError) => code === 'insufficient_tokens' || code === 'unavailable';
      assert.ok(refusals.every((fault) => fault instanceof AppError && isRefusal(fault)));
      assert.equal(await balanceOf(accountId), 5);
      assert.equal((await store.jobs.list({ accountId, limit: 100 })).length, 7);
      assert.deepEqual(await store.ledger.disagreements(), []);
    });

    it('an order that is refused leaves neither a job nor an entry', async () => {
      const accountId = await seller(9);
      await assert.rejects(order(accountId), (fault) => fault instanceof AppError && fault.facts['balance'] === 9);
      assert.deepEqual(await store.jobs.list({ accountId, limit: 10 }), []);
      assert.equal((await store.ledger.list({ accountId, limit: 10 })).length, 1);
    });

    it('what is left alongside is waited for before the commit, and takes it back when it fails', async () => {
      const accountId = await seller(10);
      const entry = { accountId, amount: 1, actor: 'host', now };
      let isDone = false;
      await store.transaction(async (tx) => {
        const granting = store.ledger.grant(tx, { ...entry, id: uuidv7(), reference: 'alongside' });
        await store.alongside(granting.then(() => (isDone = true)));
        assert.equal(isDone, false);
      });
      assert.equal(isDone, true);
      assert.equal(await balanceOf(accountId), 11);
      const failing = store.transaction(async (tx) => {
        await store.alongside(store.ledger.debit(tx, { ...entry, id: uuidv7(), jobId: uuidv7(), price: 100 }));
        await store.ledger.grant(tx, { ...entry, id: uuidv7(), reference: 'beside a failure' });
      });
      await assert.rejects(failing, (fault) => fault instanceof AppError && fault.code === 'insufficient_tokens');
      assert.equal(await balanceOf(accountId), 11);
    });

    it('an empty JSON column is NULL, not JSON that says null', async () => {
      const { id } = await order(await seller(10));
      const { jobs } = database.tables;
      const found = await database.read
        .select({ id: jobs.id })
        .from(jobs)
        .where(and(eq(jobs.id, id), isNull(jobs.video)));
      assert.equal(found.length, 1);
    });

    it('twenty concurrent failures refund once', async () => {
      const accountId = await seller(10);
      const job = await order(accountId);
      const wins = await Promise.all(Array.from({ length: 20 }, () => failWithRefund(job.id)));
      assert.equal(wins.filter(Boolean).length, 1);
      assert.equal(await balanceOf(accountId), 10);
      const kinds = (await store.ledger.list({ accountId, limit: 10 })).map((entry) => entry.kind);
      assert.deepEqual(kinds.toSorted(), ['debit', 'grant', 'refund']);
    });

    it('a second refund is impossible even without the status guard', async () => {
      const accountId = await seller(10);
      const job = await order(accountId);
      await failWithRefund(job.id);
      const again = store.transaction((tx) =>
        store.ledger.refund(tx, { id: uuidv7(), jobId: job.id, actor: 'x', now }),
      );
      await assert.rejects(again);
      assert.equal(await balanceOf(accountId), 10);
    });

    it('a grant with a known reference is the same grant, also in parallel', async () => {
      const accountId = await seller(0);
      const grant = () =>
        store.transaction((tx) =>
          store.ledger.grant(tx, { id: uuidv7(), accountId, amount: 50, reference: 'invoice-1', actor: 'host', now }),
        );
      const grants = await Promise.all(Array.from({ length: 10 }, grant));
      assert.equal(grants.filter(({ repeated }) => !repeated).length, 1);
      assert.equal(new Set(grants.map(({ entry }) => entry.id)).size, 1);
      assert.equal(await balanceOf(accountId), 50);
    });

    it('ledger rows are never changed or deleted', async () => {
      const accountId = await seller(10);
      const { ledger } = database.tables;
      const mine = eq(ledger.accountId, accountId);
      await assert.rejects(
        store.transaction((tx) => tx.update(ledger).set({ amount: 99 }).where(mine).returning().execute()),
      );
      await assert.rejects(store.transaction((tx) => tx.delete(ledger).where(mine).returning().execute()));
      assert.equal((await store.ledger.list({ accountId, limit: 10 }))[0]!.amount, 10);
    });

    it('an account that disagrees with its entries is found', async () => {
      const accountId = await seller(10);
      const { accounts } = database.tables;
      const setBalance = (balance: number) =>
        store.transaction((tx) =>
          tx.update(accounts).set({ balance }).where(eq(accounts.id, accountId)).returning().execute(),
        );
      await setBalance(11);
      assert.deepEqual(await store.ledger.disagreements(), [{ accountId, balance: 11, sum: 10 }]);
      await setBalance(10);
    });

    it('the same idempotency key inserts one row, also in parallel, and is free for another seller', async () => {
      const [mine, other] = [await seller(0), await seller(0)];
      const insert = (accountId: string) =>
        store.transaction((tx) => store.jobs.insert(tx, testJob({ accountId, idempotencyKey: 'key' })));
      const rows = await Promise.all(Array.from({ length: 8 }, () => insert(mine)));
      assert.equal(rows.filter(Boolean).length, 1);
      assert.ok(await insert(other));
    });

    it('a throw rolls back and the next transaction runs', async () => {
      const accountId = await seller(0);
      const broken = store.transaction(async (tx) => {
        await store.jobs.insert(tx, testJob({ accountId }));
        throw new Error('half-way');
      });
      const sound = store.transaction((tx) => store.jobs.insert(tx, testJob({ accountId })));
      await assert.rejects(broken, /half-way/);
      assert.ok(await sound);
      assert.equal((await store.jobs.list({ accountId, limit: 10 })).length, 1);
    });

    it('a transaction inside a transaction is refused', async () => {
      const nested = store.transaction(() => store.transaction(async () => 1));
      await assert.rejects(nested, /inside a transaction/);
    });

    it('a reader does not see what is not committed', async () => {
      const accountId = await seller(0);
      await store.transaction(async (tx) => {
        await store.jobs.insert(tx, testJob({ accountId }));
        assert.deepEqual(await store.jobs.list({ accountId, limit: 10 }), []);
      });
      assert.equal((await store.jobs.list({ accountId, limit: 10 })).length, 1);
    });

    it('ten claimers take every due job exactly once, each with a new fence', async () => {
      const accountId = await seller(0);
      const made = Array.from({ length: 55 }, () => testJob({ accountId, status: 'processing', stage: 'saving' }));
      await store.transaction(async (tx) => {
        for (const job of made) await store.jobs.insert(tx, job);
      });
      const question = { stages: ['saving'] as const, now, limit: 10, leaseMs };
      const claims = [];
      for (let round = 0; round < 6; round++)
        claims.push(
          ...(
            await Promise.all(
              Array.from({ length: 10 }, () => store.transaction((tx) => store.queue.claimDue(tx, question))),
            )
          ).flat(),
        );
      assert.equal(claims.length, 55);
      assert.equal(new Set(claims.map((job) => job.id)).size, 55);
      assert.ok(claims.every((job) => job.fence === 1));
      const later = await store.transaction((tx) =>
        store.queue.claimDue(tx, { ...question, now: now + leaseMs, limit: 100 }),
      );
      assert.equal(later.length, 55);
      assert.ok(later.every((job) => job.fence === 2));
      await store.transaction(async (tx) => {
        for (const { id } of made) await store.jobs.end(tx, 'cancelled', { id, now });
      });
    });

    it('a write under an old fence is refused', async () => {
      const accountId = await seller(0);
      const job = testJob({ accountId, status: 'processing', stage: 'saving', fence: 2 });
      await store.transaction((tx) => store.jobs.insert(tx, job));
      const write = (fence: number) =>
        store.transaction((tx) => store.jobs.advance(tx, 'done', { id: job.id, now, fence }));
      assert.equal(await write(1), null);
      assert.equal((await write(2))?.status, 'completed');
    });

    it('a stage never goes backwards and an ended job never changes', async () => {
      const accountId = await seller(0);
      const job = testJob({ accountId, status: 'processing', stage: 'generating' });
      await store.transaction((tx) => store.jobs.insert(tx, job));
      const advance = (stage: 'submitting' | 'confirming' | 'saving' | 'done') =>
        store.transaction((tx) => store.jobs.advance(tx, stage, { id: job.id, now }));
      assert.equal(await advance('submitting'), null);
      assert.equal(await advance('confirming'), null);
      assert.equal(await advance('done'), null);
      assert.equal((await advance('saving'))?.version, 2);
      assert.equal((await advance('done'))?.status, 'completed');
      assert.equal(await store.transaction((tx) => store.jobs.end(tx, 'failed', { id: job.id, now })), null);
      assert.equal(await advance('saving'), null);
    });

    it('the queue takes turns between sellers, counting the slots each already holds', async () => {
      const [busy, calm, third] = [await seller(0), await seller(0), await seller(0)];
      const queued = [];
      await store.transaction(async (tx) => {
        await store.jobs.insert(tx, testJob({ accountId: busy, status: 'processing', stage: 'generating' }));
        for (const accountId of [busy, busy, busy, calm, calm, third]) {
          const job = testJob({ accountId });
          queued.push((await store.jobs.insert(tx, job))!);
        }
      });
      const order = await store.queue.waiting(store.read, 100);
      const names = new Map([
        [busy, 'busy'],
        [calm, 'calm'],
        [third, 'third'],
      ]);
      assert.deepEqual(order.map((job) => names.get(job.accountId)).filter(Boolean), [
        'calm',
        'third',
        'busy',
        'calm',
        'busy',
        'busy',
      ]);
    });

    it("another seller's job reads like a missing one, and a deleted one too", async () => {
      const [mine, other] = [await seller(0), await seller(0)];
      const job = testJob({ accountId: mine, status: 'completed', stage: 'done' });
      await store.transaction((tx) => store.jobs.insert(tx, job));
      assert.equal(await store.jobs.getOwn(other, job.id), null);
      assert.equal((await store.jobs.getOwn(mine, job.id))?.id, job.id);
      assert.equal(
        await store.transaction((tx) => store.jobs.softDelete(tx, { accountId: other, id: job.id, now })),
        null,
      );
      assert.ok(await store.transaction((tx) => store.jobs.softDelete(tx, { accountId: mine, id: job.id, now })));
      assert.equal(await store.jobs.getOwn(mine, job.id), null);
      assert.ok(await store.jobs.get(job.id), 'the row stays for the operator');
    });

    it('pages follow each other without a gap or a repeat', async () => {
      const accountId = await seller(0);
      await store.transaction(async (tx) => {
        for (let n = 0; n < 25; n++) await store.jobs.insert(tx, testJob({ accountId }));
      });
      const seen: string[] = [];
      for (let before: string | undefined; ; before = seen.at(-1)) {
        const page = await store.jobs.list({ accountId, limit: 10, ...(before && { before }) });
        seen.push(...page.map((job) => job.id));
        if (page.length < 10) break;
      }
      assert.equal(new Set(seen).size, 25);
      assert.deepEqual(seen, seen.toSorted().toReversed());
    });

    it('two editors of a preset: the second is told, and nothing is overwritten', async () => {
      await store.presets.addMissing([testPreset], now);
      const edit = (tokensCost: number) =>
        store.presets.revise({ id: 'video-cover', expectedRevision: 1, change: { tokensCost }, author: 'admin', now });
      const edits = await Promise.all([edit(12), edit(15)]);
      assert.equal(edits.filter((row) => row === null).length, 1);
      await store.presets.addMissing([testPreset], now);
      assert.equal((await store.presets.get('video-cover'))?.revision, 2);
      assert.equal((await store.presets.revisions('video-cover')).length, 2);
    });

    it('a preset without a price cannot be stored', async () => {
      await assert.rejects(store.presets.addMissing([{ ...testPreset, presetId: 'free', tokensCost: 0 }], now));
    });

    it('a signal reaches the listeners until they leave', async () => {
      const heard: string[] = [];
      const { promise, resolve } = Promise.withResolvers<void>();
      const leave = store.signals.subscribe(({ jobId }) => {
        heard.push(jobId!);
        resolve();
      });
      store.signals.publish({ accountId: 'a', jobId: 'first' });
      await promise;
      leave();
      store.signals.publish({ accountId: 'a', jobId: 'second' });
      assert.deepEqual(heard, ['first']);
    });

    it('signals of a transaction are heard once it is committed, each once, and none of one that was rolled back', async () => {
      const accountId = await seller(100);
      const heard: string[] = [];
      const seen: unknown[] = [];
      const all = Promise.withResolvers<void>();
      const leave = store.signals.subscribe(async (signal) => {
        if (signal.accountId !== accountId || !signal.jobId) return;
        heard.push(signal.jobId);
        seen.push((await store.jobs.get(signal.jobId))?.stage);
        if (signal.jobId === last.id) all.resolve();
      });
      const last = testJob({ accountId });
      const lost = store.transaction(async (tx) => {
        await store.jobs.insert(tx, testJob({ accountId }));
        store.signals.publish({ accountId, jobId: 'published by hand' });
        throw new Error('rolled back');
      });
      await assert.rejects(lost, /rolled back/);
      const { id } = await order(accountId);
      await store.transaction((tx) => store.jobs.advance(tx, 'submitting', { id, now }));
      await store.transaction((tx) => store.jobs.insert(tx, last));
      await all.promise;
      leave();
      assert.deepEqual(heard, [id, id, last.id]);
      assert.ok(seen.every((stage) => stage === 'queued' || stage === 'submitting'));
    });

    const looked = (at: number, providerAccount = 'kling', limit = 10) =>
      store.transaction((tx) =>
        store.queue.takeLooks(tx, { providerAccount, now: at, limit, next: nextLooks(at, 10_000) }),
      );

    it('a look takes what is due at its account and at the provider, and what takes long is due again later', async () => {
      const accountId = await seller(0);
      const at = Math.ceil(now / 40_000) * 40_000;
      const atKling = { accountId, status: 'processing', stage: 'generating', providerAccount: 'kling' } as const;
      const add = (facts: object) => {
        const job = testJob({ ...atKling, dueAt: at, submittedAt: at, ...facts });
        return store.transaction(async (tx) => (await store.jobs.insert(tx, job))!.id);
      };
      const [minute, minutes, hour] = [
        await add({ expectedMs: 60_000 }),
        await add({ expectedMs: 60_000, submittedAt: at - 300_000 }),
        await add({ expectedMs: 3_600_000, failures: 2 }),
      ];
      const [held, waits] = [await add({ leaseUntil: at + 1 }), await add({ dueAt: at + 1 })];
      const others = [await add({ providerAccount: 'other' }), await add({ stage: 'saving' })];
      const taken = [...(await looked(at, 'kling', 2)), ...(await looked(at, 'kling', 2))];
      assert.deepEqual(taken.map(({ id }) => id).toSorted(), [minute, minutes, hour].toSorted());
      assert.deepEqual(await looked(at), []);
      const dueAt = async (id: string) => (await store.jobs.get(id))!.dueAt - at;
      assert.deepEqual([await dueAt(minute), await dueAt(minutes), await dueAt(hour)], [10_000, 20_000, 40_000]);
      assert.equal((await store.jobs.get(minute))!.checkedAt, at);
      for (const id of [held, waits, ...others]) assert.equal((await store.jobs.get(id))!.checkedAt, null);
      await store.transaction((tx) => store.queue.forgetFailures(tx, [hour]));
      assert.equal((await store.jobs.get(hour))!.failures, 0);
      const due = await store.queue.due(at);
      for (const there of [
        { stage: 'saving', providerAccount: 'kling' },
        { stage: 'generating', providerAccount: 'other' },
      ])
        assert.ok(due.some((one) => one.stage === there.stage && one.providerAccount === there.providerAccount));
      assert.ok(!due.some(({ stage, providerAccount }) => stage === 'generating' && providerAccount === 'kling'));
    });

    it('twenty nodes that look at once take each job once', async () => {
      const accountId = await seller(0);
      const facts = { accountId, status: 'processing', stage: 'generating', providerAccount: 'shared' } as const;
      const jobs = Array.from({ length: 50 }, () => testJob({ ...facts, dueAt: now, submittedAt: now }));
      for (const job of jobs) await store.transaction((tx) => store.jobs.insert(tx, job));
      const taken = await Promise.all(Array.from({ length: 20 }, () => looked(now, 'shared')));
      assert.deepEqual(
        taken
          .flat()
          .map(({ id }) => id)
          .toSorted(),
        jobs.map(({ id }) => id).toSorted(),
      );
    });

    it('a callback asks for a look, and many callbacks within the spacing for one more', async () => {
      const accountId = await seller(0);
      const atKling = {
        status: 'processing',
        stage: 'generating',
        providerAccount: 'called',
        submittedAt: now,
      } as const;
      const job = testJob({ accountId, ...atKling, dueAt: now + 60_000 });
      await store.transaction((tx) => store.jobs.insert(tx, job));
      const hint = (at: number) =>
        store.transaction((tx) => store.jobs.hint(tx, { id: job.id, now: at, spacingMs: 5_000 }));
      assert.equal((await hint(now))?.dueAt, now);
      assert.equal((await looked(now, 'called')).length, 1);
      assert.equal((await hint(now + 1_000))?.dueAt, now + 5_000);
      assert.equal((await hint(now + 2_000))?.dueAt, now + 5_000);
      assert.equal((await hint(now + 6_000))?.dueAt, now + 5_000);
    });
  });
}
