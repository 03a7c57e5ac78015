/** The facts every database must give the totals of past days. Run with a way to open an empty database. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { and, count, eq, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from './database.ts';
import type { JobRow } from './schema.ts';
import { createStore, type Store } from './store.ts';
import { testJob, testSeller, testSite } from './testing.ts';
import { dayMs, dayOf } from './usage-count.ts';

const firstDay = dayOf(Date.UTC(2026, 9, 1));
const start = firstDay * dayMs;
const calm = async () => {};
const days = 9;
const span = { firstDay: firstDay - 1, lastDay: firstDay + days };

export function usageDaysSuite(name: string, open: () => Promise<Database>): void {
  describe(`totals of past days on ${name}`, () => {
    let database: Database;
    let store: Store;
    let sellers: string[];
    before(async () => {
      database = await open();
      store = createStore(database);
      sellers = [await testSeller(store, { userId: 'seller', tokens: 1_000_000 })];
      await store.sites.put({ ...testSite, id: 'other', name: 'Other', issuer: 'https://other.example' }, 1);
      const other = await store.accounts.ensure({ siteId: 'other', userId: 'seller' }, { id: uuidv7(), now: 1 });
      const grant = { id: uuidv7(), accountId: other.id, amount: 1_000_000, reference: 'x', actor: 'test', now: 1 };
      await store.transaction((tx) => store.ledger.grant(tx, grant));
      sellers.push(other.id);
    });
    after(() => database.close());

    async function order(facts: Partial<JobRow>): Promise<string> {
      const row = testJob({ accountId: sellers[0]!, ...facts });
      await store.transaction(async (tx) => {
        await store.jobs.insert(tx, row);
        const { id: jobId, accountId, tokensCost: price, createdAt: now } = row;
        await store.ledger.debit(tx, { id: uuidv7(), accountId, jobId, price, actor: 'seller', now });
      });
      return row.id;
    }

    /** Fails an open job with its refund; true when it was open. */
    function fail(id: string, now: number): Promise<boolean> {
      return store.transaction(async (tx) => {
        const job = await store.jobs.end(tx, 'failed', { id, now });
        if (job) await store.ledger.refund(tx, { id: uuidv7(), jobId: id, actor: 'worker', note: 'x', now });
        return job !== null;
      });
    }

    async function finish(id: string, now: number): Promise<void> {
      const step = (stage: 'submitting' | 'generating' | 'saving' | 'done', set: object) =>
        store.transaction((tx) => store.jobs.advance(tx, stage, { id, now, set }));
      await step('submitting', {});
      await step('generating', { submittedAt: now });
      await step('saving', { succeededAt: now });
      await step('done', { completedAt: now });
    }

    const see = (id: string, now: number, views = 1) =>
      store.transaction((tx) => store.jobs.countReads(tx, { reads: [{ id, views, downloads: 1 }], now }));

    async function addUpAll(now: number): Promise<number> {
      const waiting = await store.usageDays.waiting(firstDay, store.usageDays.lastClosed(now));
      for (const day of waiting) await store.usageDays.addUp(day, calm);
      return waiting.length;
    }

    /** What one query over all jobs says, told like the answer. */
    async function asked(): Promise<string[]> {
      const { accounts, jobs, ledger } = database.tables;
      const { presetId, seconds, sound, status } = jobs;
      const alike = {
        day: sql`${jobs.createdAt} / 86400000`,
        siteId: accounts.siteId,
        presetId,
        seconds,
        sound,
        status,
      };
      const rows = await database.read
        .select({
          ...alike,
          jobs: count(),
          tokensSold: sql`sum(${jobs.tokensCost})`,
          tokensRefunded: sql`sum(coalesce(${ledger.amount}, 0))`,
          clips: sql`sum(case when ${jobs.succeededAt} is null then 0 else 1 end)`,
          waitedMs: sql`sum(case when ${jobs.submittedAt} is null then 0 else ${jobs.submittedAt} - ${jobs.createdAt} end)`,
          views: sql`sum(${jobs.views})`,
          downloads: sql`sum(${jobs.downloads})`,
        })
        .from(jobs)
        .innerJoin(accounts, eq(accounts.id, jobs.accountId))
        .leftJoin(ledger, and(eq(ledger.jobId, jobs.id), eq(ledger.kind, 'refund')))
        .groupBy(...Object.values(alike));
      return rows.map((row) => Object.values(row).map(String).join(' ')).toSorted();
    }

    async function told(): Promise<string[]> {
      const { groups } = await store.usage.of(span);
      return groups
        .map(({ day, siteId, presetId, seconds, sound, status, ...sums }) => {
          const { jobs, tokensSold, tokensRefunded, clips, waitedMs, views, downloads } = sums;
          const alike = [day, siteId, presetId, seconds, sound, status];
          return [...alike, jobs, tokensSold, tokensRefunded, clips, waitedMs, views, downloads].join(' ');
        })
        .toSorted();
    }

    it('through a random history every sum is what one query over all jobs says', async () => {
      const chance = createChance();
      const oneOf = <T>(all: T[]): T => all[Math.floor(chance() * all.length)]!;
      const known: string[] = [];
      let now = start;
      let sums = 0;
      for (let step = 0; step < 250; step++) {
        now += Math.floor(chance() * 2 * ((days * dayMs) / 250));
        const done = Math.floor(chance() * 10);
        if (done < 4 || known.length === 0)
          known.push(
            await order({
              accountId: oneOf(sellers),
              presetId: oneOf(['short', 'long']),
              seconds: oneOf([5, 10]),
              sound: chance() < 0.5,
              tokensCost: oneOf([7, 10]),
              prompt: oneOf(['a', 'b', 'c']),
              createdAt: now,
            }),
          );
        else if (done < 5) await fail(oneOf(known), now);
        else if (done < 7) await finish(oneOf(known), now);
        else if (done < 9) await Promise.all([oneOf(known), oneOf(known)].map((id) => see(id, now, 3)));
        else {
          sums += await addUpAll(now);
          assert.deepEqual(await told(), await asked(), `after step ${step}`);
        }
      }
      assert.deepEqual(await told(), await asked());
      sums += await addUpAll(now + dayMs);
      assert.deepEqual(await told(), await asked());
      assert.ok(sums > 2 * days, 'days were added up again after late changes');
      const jobs = (await store.usage.of(span)).prompts.reduce((sum, prompt) => sum + prompt.jobs, 0);
      assert.equal(jobs, known.length);
    });

    it('a narrowed answer is the same from totals as from jobs', async () => {
      const narrow = { ...span, siteId: 'other', presetId: 'long' };
      const ofTotals = await store.usage.of(narrow);
      assert.ok(ofTotals.groups.length > 0 && ofTotals.prompts.length > 0);
      await Promise.all(
        Array.from({ length: days }, (_, n) =>
          store.transaction((tx) => store.usageDays.changed(tx, { createdAt: start + n * dayMs }, 0)),
        ),
      );
      const ofJobs = await store.usage.of(narrow);
      const sorted = ({ groups }: typeof ofJobs) =>
        groups.map((group) => JSON.stringify(Object.entries(group).toSorted()));
      assert.deepEqual(sorted(ofTotals).map(withoutNumber).toSorted(), sorted(ofJobs).map(withoutNumber).toSorted());
      assert.deepEqual(ofTotals.prompts, ofJobs.prompts);
      await addUpAll(start + (days + 2) * dayMs);
    });

    it('a change while its day is being added up is not lost', async () => {
      const day = firstDay + 2;
      const now = (day + 3) * dayMs;
      const jobs = [await order({ createdAt: day * dayMs }), await order({ createdAt: day * dayMs })];
      const deeds = [() => fail(jobs[0]!, now), () => finish(jobs[1]!, now), () => see(jobs[1]!, now)];
      for (const deed of deeds) {
        await store.usageDays.addUp(day, async () => void (await deed()));
        assert.deepEqual(await told(), await asked());
        assert.deepEqual(await store.usageDays.counted(day, day), [day]);
      }
    });

    it('views are added to totals that hold, and the day need not be added up again', async () => {
      const day = firstDay + 3;
      const id = await order({ createdAt: day * dayMs, prompt: 'seen' });
      await store.usageDays.addUp(day, calm);
      await Promise.all(Array.from({ length: 10 }, () => see(id, (day + 5) * dayMs, 2)));
      assert.deepEqual(await store.usageDays.counted(day, day), [day]);
      assert.deepEqual(await told(), await asked());
      const { prompts } = await store.usage.of(span);
      assert.deepEqual(
        prompts.find(({ prompt }) => prompt === 'seen'),
        { prompt: 'seen', jobs: 1, views: 20, downloads: 10 },
      );
    });

    it('nodes that add up and change at the same time agree in the end', async () => {
      const day = firstDay + 4;
      const now = (day + 3) * dayMs;
      const jobs = await Promise.all(Array.from({ length: 12 }, () => order({ createdAt: day * dayMs + 1 })));
      await Promise.all([
        ...Array.from({ length: 4 }, () => store.usageDays.addUp(day, calm)),
        ...jobs.map((id, n) => (n % 2 ? fail(id, now) : finish(id, now))),
        ...jobs.map((id) => see(id, now)),
        ...Array.from({ length: 4 }, () => store.usageDays.addUp(day, calm)),
      ]);
      assert.deepEqual(await told(), await asked());
      await addUpAll(now);
      assert.deepEqual(await told(), await asked());
    });

    it('a process that dies while it adds up leaves the day to be counted, and to be added up', async () => {
      const day = firstDay + 5;
      await fail(await order({ createdAt: day * dayMs }), (day + 2) * dayMs);
      const dies = () => Promise.reject(new Error('killed'));
      await assert.rejects(store.usageDays.addUp(day, dies), /killed/);
      assert.deepEqual(await told(), await asked());
      assert.deepEqual(await store.usageDays.waiting(day, day), [day]);
    });

    it('a day of many jobs of one moment is read to its end, and its twenty-five first prompts are kept', async () => {
      const day = firstDay + 6;
      const rows = Array.from({ length: 2_050 }, (_, n) =>
        testJob({ accountId: sellers[0]!, createdAt: day * dayMs + 7, presetId: 'many', prompt: `number ${n % 100}` }),
      );
      for (let at = 0; at < rows.length; at += 205)
        await store.transaction((tx) =>
          tx
            .insert(database.tables.jobs)
            .values(rows.slice(at, at + 205))
            .returning({ id: database.tables.jobs.id })
            .execute(),
        );
      await store.usageDays.addUp(day, calm);
      const narrow = { firstDay: day, lastDay: day, presetId: 'many' };
      const { groups, prompts } = await store.usage.of(narrow);
      assert.equal(groups[0]!.jobs, 2_050);
      assert.deepEqual(
        prompts.map(({ jobs }) => jobs),
        Array.from({ length: 10 }, () => 21),
      );
      const { usagePrompts } = database.tables;
      const kept = await database.read.select().from(usagePrompts).where(eq(usagePrompts.presetId, 'many'));
      assert.equal(kept.length, 25);
    });

    it('a day may be added up an hour after its end', () => {
      const { lastClosed } = store.usageDays;
      assert.equal(lastClosed(start + dayMs + 3_599_999), firstDay - 1);
      assert.equal(lastClosed(start + dayMs + 3_600_000), firstDay);
    });
  });
}

/** Totals are numbered within their day, counted groups are not. */
const withoutNumber = (entries: string): string => entries.replace(/\["number",\d+\],/, '');

/** Numerical Recipes' linear congruential generator. */
function createChance(): () => number {
  let state = 7;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}
