/** Facts about timelines, corrections and the operator's search, for every database. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../errors.ts';
import type { Database } from './database.ts';
import type { JobRow, LedgerRow } from './schema.ts';
import { createStore, type Store } from './store.ts';
import { testJob, testSeller } from './testing.ts';

const now = Date.UTC(2026, 10, 20, 12);
const day = 24 * 3_600_000;

export function jobEventsSuite(name: string, open: () => Promise<Database>): void {
  describe(`timelines and corrections on ${name}`, () => {
    let database: Database;
    let store: Store;
    before(async () => {
      database = await open();
      const redact = (detail: Record<string, unknown>) => ({ ...detail, seen: true });
      store = createStore(database, { timeline: { newId: () => uuidv7(), redact } });
    });
    after(() => database.close());

    let sellers = 0;
    const seller = (tokens: number, userId = `timeline-${++sellers}`) => testSeller(store, { userId, tokens });
    const insert = async (facts: Parameters<typeof testJob>[0]) =>
      (await store.transaction((tx) => store.jobs.insert(tx, testJob(facts))))!;
    const told = async (jobId: string) => {
      const rows = await store.jobEvents.list({ jobId, limit: 100 });
      return rows.map(({ kind, detail }) => [kind, detail['stage'] ?? detail['status'] ?? detail['asked'] ?? null]);
    };

    it('a job tells in order what happened to it, every row redacted', async () => {
      const { id } = await insert({ accountId: await seller(0) });
      const said = { kind: 'provider', detail: { asked: 'submit' } } as const;
      await store.transaction((tx) => store.jobs.advance(tx, 'submitting', { id, now }));
      await store.transaction((tx) => store.jobs.note(tx, 'submitting', { id, now, told: [said] }));
      await store.transaction((tx) => store.jobs.advance(tx, 'generating', { id, now, told: [said] }));
      await store.transaction((tx) => store.jobs.end(tx, 'failed', { id, now, set: { errorCode: 'timed_out' } }));
      assert.deepEqual(await told(id), [
        ['created', null],
        ['stage', 'submitting'],
        ['provider', 'submit'],
        ['provider', 'submit'],
        ['stage', 'generating'],
        ['ended', 'failed'],
      ]);
      const rows = await store.jobEvents.list({ jobId: id, limit: 100 });
      assert.ok(rows.every(({ detail }) => detail['seen'] === true));
    });

    it('a change that was lost or rolled back tells nothing', async () => {
      const { id } = await insert({ accountId: await seller(0) });
      const breaking = store.transaction(async (tx) => {
        await store.jobs.advance(tx, 'submitting', { id, now });
        throw new Error('no');
      });
      await assert.rejects(breaking);
      await store.transaction((tx) => store.jobs.advance(tx, 'done', { id, now }));
      await store.transaction((tx) =>
        store.jobs.note(tx, 'saving', { id, now, told: [{ kind: 'provider', detail: {} }] }),
      );
      assert.deepEqual(await told(id), [['created', null]]);
    });

    it('without a timeline nothing is written', async () => {
      const plain = createStore(database);
      const job = testJob({ accountId: await seller(0) });
      await plain.transaction((tx) => plain.jobs.insert(tx, job));
      await plain.transaction((tx) => plain.jobs.advance(tx, 'submitting', { id: job.id, now }));
      await plain.transaction((tx) => plain.jobEvents.callback(tx, { jobId: job.id, at: now, detail: {} }));
      assert.deepEqual(await told(job.id), []);
    });

    it('fifty callbacks of a job are kept, and none of a job that is not there', async () => {
      const { id } = await insert({ accountId: await seller(0) });
      for (let at = 0; at < 53; at++)
        await store.transaction((tx) => store.jobEvents.callback(tx, { jobId: id, at: now + at, detail: {} }));
      assert.equal((await told(id)).filter(([kind]) => kind === 'callback').length, 50);
      const none = uuidv7();
      await store.transaction((tx) => store.jobEvents.callback(tx, { jobId: none, at: now, detail: {} }));
      assert.deepEqual(await told(none), []);
    });

    const correct = (accountId: string, amount: number, reference = uuidv7()) =>
      store.transaction((tx) =>
        store.ledger.correct(tx, { id: uuidv7(), accountId, amount, reference, note: 'a reason', actor: 'anna', now }),
      );
    const entries = (accountId: string): Promise<LedgerRow[]> => store.ledger.list({ accountId, limit: 100 });

    it('a correction adds and takes by an entry of its own and leaves every other row as it was', async () => {
      const accountId = await seller(10);
      const earlier = await entries(accountId);
      await correct(accountId, 5);
      const { entry } = await correct(accountId, -15);
      assert.deepEqual([entry.kind, entry.amount, entry.balanceAfter, entry.actor], ['correction', -15, 0, 'anna']);
      assert.deepEqual((await entries(accountId)).slice(2), earlier);
      assert.deepEqual(await store.ledger.disagreements(), []);
    });

    it('corrections never take a balance below zero, also in parallel', async () => {
      const accountId = await seller(10);
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => correct(accountId, -4)));
      const refused = outcomes.filter((one) => one.status === 'rejected').map((one) => one.reason);
      assert.equal(refused.length, 6);
      assert.ok(refused.every((fault) => fault instanceof AppError && fault.code === 'insufficient_tokens'));
      assert.equal((await store.accounts.get(accountId))!.balance, 2);
    });

    it('one reference is one correction, however often it is sent', async () => {
      const accountId = await seller(10);
      const outcomes = await Promise.all(Array.from({ length: 6 }, () => correct(accountId, 3, 'once')));
      assert.equal(outcomes.filter(({ repeated }) => !repeated).length, 1);
      assert.equal((await store.accounts.get(accountId))!.balance, 13);
      assert.deepEqual((await store.ledger.byReference(accountId, 'once'))?.amount, 3);
    });

    it('the ledger is read page by page, oldest first, of one account or of all, between two moments', async () => {
      const accountId = await seller(1);
      for (let at = 1; at <= 6; at++) await correct(accountId, at);
      const seen: LedgerRow[] = [];
      for (let after: LedgerRow | undefined; ; after = seen.at(-1)!) {
        const page = await store.ledger.page({
          accountId,
          limit: 3,
          from: now,
          until: now + 1,
          ...(after && { after }),
        });
        seen.push(...page);
        if (page.length < 3) break;
      }
      assert.deepEqual(
        seen.map(({ amount }) => amount),
        [1, 2, 3, 4, 5, 6],
      );
      assert.deepEqual(await store.ledger.page({ limit: 3, from: now + 10 * day }), []);
      const all = await store.ledger.page({ limit: 1000 });
      const ofAll: LedgerRow[] = [];
      for (let after: LedgerRow | undefined; ; after = ofAll.at(-1)!) {
        const page = await store.ledger.page({ limit: 3, from: 0, ...(after && { after }) });
        ofAll.push(...page);
        if (page.length < 3) break;
      }
      assert.deepEqual(ofAll, all);
      assert.ok(all.length > 7 && all.every(({ siteId, userId }) => siteId === 'panel' && userId !== ''));
    });

    it('a job is found by each of its ids and by those of its seller, and by nothing else', async () => {
      const userId = 'Seller № 7';
      const accountId = await seller(0, userId);
      const task = { providerAccount: 'kling-2', providerTaskId: '812345678901', stage: 'generating' as const };
      const job = await insert({ accountId, ...task });
      const other = await insert({ accountId: await seller(0), providerAccount: 'kling', providerTaskId: '99' });
      const found = async (query: string) => (await store.jobs.listAll({ query, limit: 50 })).map(({ id }) => id);
      for (const query of [job.id, job.id.toUpperCase(), job.externalId, '812345678901', userId, accountId])
        assert.deepEqual(await found(query), [job.id], query);
      assert.ok((await found(job.id.slice(0, 8))).includes(job.id));
      assert.deepEqual(await found('99'), [other.id]);
      for (const query of ['8123', uuidv7(), '%', 'seller № 7', job.id.slice(0, 7), 'ffffffff'])
        assert.deepEqual(await found(query), [], query);
    });

    it('filters narrow the list together', async () => {
      const accountId = await seller(0, 'filtered');
      const old = await insert({ accountId, createdAt: now - 3 * day, presetId: 'gone' });
      const failed = await insert({ accountId, createdAt: now, status: 'failed' });
      const found = async (wish: object) =>
        (await store.jobs.listAll({ query: 'filtered', limit: 50, ...wish })).map(({ id }) => id);
      assert.deepEqual(await found({}), [failed.id, old.id]);
      assert.deepEqual(await found({ status: 'failed' }), [failed.id]);
      assert.deepEqual(await found({ presetId: 'gone' }), [old.id]);
      assert.deepEqual(await found({ from: now - 3 * day, until: now }), [old.id]);
      assert.deepEqual(await found({ siteId: 'panel', before: failed.id }), [old.id]);
      assert.deepEqual(await found({ siteId: 'elsewhere' }), []);
    });

    it('filters alone find what they name, newest first and a page at a time', async () => {
      const accounts = [await seller(0), await seller(0)];
      const made: JobRow[] = [];
      for (const status of ['cancelled', 'failed', 'processing', 'cancelled', 'completed', 'processing'] as const) {
        const stage = status === 'completed' ? 'done' : status === 'processing' ? 'generating' : 'queued';
        made.push(await insert({ accountId: accounts[made.length % 2]!, presetId: 'alone', status, stage }));
      }
      const newest = made.toReversed();
      const found = async (wish: object) =>
        (await store.jobs.listAll({ presetId: 'alone', limit: 2, ...wish })).map(({ id }) => id);
      const idsOf = (status?: JobRow['status']) =>
        newest.filter((job) => status === undefined || job.status === status).map(({ id }) => id);
      assert.deepEqual(await found({}), idsOf().slice(0, 2));
      assert.deepEqual(await found({ before: newest[1]!.id }), idsOf().slice(2, 4));
      for (const siteId of [undefined, 'panel'])
        for (const status of ['cancelled', 'failed', 'processing', 'pending', 'completed'] as const)
          assert.deepEqual(await found({ status, ...(siteId && { siteId }) }), idsOf(status), `${status} ${siteId}`);
      assert.deepEqual(await found({ siteId: 'panel', before: newest[2]!.id }), idsOf().slice(3, 5));
      assert.deepEqual(await found({ siteId: 'elsewhere', status: 'failed' }), []);
    });

    it('the jobs of a day come newest first and a page at a time, whatever their ids say', async () => {
      const accountId = await seller(0);
      const from = now - 50 * day;
      const made: JobRow[] = [];
      for (const at of [3, 1, 2, 1, 1, 5]) made.push(await insert({ accountId, createdAt: from + at }));
      const seen: string[] = [];
      for (let before: string | undefined; ; before = seen.at(-1)!) {
        const wish = { from, until: from + day, limit: 2, ...(before && { before }) };
        const page = (await store.jobs.listAll(wish)).map(({ id }) => id);
        seen.push(...page);
        if (page.length === 0) break;
      }
      assert.deepEqual(
        seen.map((id) => made.findIndex((job) => job.id === id)),
        [5, 0, 2, 4, 3, 1],
      );
    });
  });
}
