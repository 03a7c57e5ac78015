/** The facts every database must give caps, audit and adoption. Run with a way to open a new, empty database. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../errors.ts';
import { createCaps, dayStartMs, type CapSettings } from '../jobs/caps.ts';
import type { Database } from './database.ts';
import type { JobRow, SiteSettings } from './schema.ts';
import { createStore, type Store } from './store.ts';
import { testJob, testSeller, testSite } from './testing.ts';

const now = Date.UTC(2026, 10, 20, 12);
const uncapped: CapSettings = { sellerDailyJobs: 0, sellerOpenJobs: 0, siteDailyJobs: 0 };

export function auditSuite(name: string, open: () => Promise<Database>): void {
  describe(`caps and audit on ${name}`, () => {
    let database: Database;
    let store: Store;
    before(async () => {
      database = await open();
      store = createStore(database);
    });
    after(() => database.close());

    let sellers = 0;
    const seller = (tokens: number) => testSeller(store, { userId: `seller-${++sellers}`, tokens });
    const faultsOf = async (accountId: string) =>
      (await store.audit.ledgerFaults()).filter((fault) => fault.accountId === accountId);
    const newest = async (accountId: string) => (await store.jobs.list({ accountId, limit: 100 })).length;

    /** Insert, debit and caps in one transaction, as the service does it. */
    async function order(
      accountId: string,
      { caps = uncapped, ...facts }: Partial<JobRow> & { caps?: CapSettings } = {},
    ) {
      const job = testJob({ accountId, ...facts });
      await store.transaction(async (tx) => {
        await store.jobs.insert(tx, job);
        const entry = { id: uuidv7(), accountId, jobId: job.id, price: job.tokensCost, actor: 'seller', now };
        await store.ledger.debit(tx, entry);
        await createCaps({ store, settings: caps }).assertRoom(tx, { accountId, now: job.createdAt });
      });
      return job;
    }

    async function orderMany(count: number, make: (n: number) => Promise<unknown>): Promise<AppError[]> {
      const results = await Promise.allSettled(Array.from({ length: count }, (_, n) => make(n)));
      return results.filter((result) => result.status === 'rejected').map((result) => result.reason as AppError);
    }

    async function tamper(job: JobRow, set: Partial<JobRow>): Promise<void> {
      const { jobs } = database.tables;
      await store.transaction((tx) => tx.update(jobs).set(set).where(eq(jobs.id, job.id)).returning().execute());
    }

    it('a hundred parallel orders under a cap of five open jobs make exactly five', async () => {
      const accountId = await seller(1_000);
      const caps = { ...uncapped, sellerOpenJobs: 5 };
      const refusals = await orderMany(100, () => order(accountId, { caps }));
      assert.equal(refusals.length, 95);
      assert.ok(refusals.every((fault) => fault.code === 'rate_limited' && fault.facts['limit'] === 5));
      assert.equal(await newest(accountId), 5);
      assert.equal((await store.accounts.get(accountId))!.balance, 950);
      assert.deepEqual(await faultsOf(accountId), []);
    });

    it("parallel orders of many sellers never pass their site's cap for the day", async () => {
      const accounts = await Promise.all(Array.from({ length: 8 }, () => seller(100)));
      const since = dayStartMs(now);
      const made = await store.transaction((tx) => store.counts.ofSiteSince(tx, { accountId: accounts[0]!, since }));
      const caps = { ...uncapped, siteDailyJobs: made + 6 };
      const refusals = await orderMany(40, (n) => order(accounts[n % 8]!, { caps }));
      assert.equal(refusals.length, 34);
      assert.ok(refusals.every((fault) => fault.code === 'rate_limited'));
    });

    it('the daily cap counts ended and deleted jobs of this UTC day and none of the day before', async () => {
      const accountId = await seller(100);
      const caps = { ...uncapped, sellerDailyJobs: 2 };
      await order(accountId, { createdAt: dayStartMs(now) - 1 });
      const first = await order(accountId, { caps, status: 'completed', stage: 'done', createdAt: dayStartMs(now) });
      await store.transaction((tx) => store.jobs.softDelete(tx, { accountId, id: first.id, now }));
      await order(accountId, { caps });
      await assert.rejects(order(accountId, { caps }), (fault: AppError) => {
        assert.deepEqual(fault.facts, { cap: 'seller_daily_jobs', limit: 2, retryAfter: 12 * 3_600 });
        return fault.code === 'rate_limited';
      });
      await order(accountId, { caps, createdAt: dayStartMs(now) + 24 * 3_600_000 });
    });

    it("a site's own caps hold beside the server's: the stricter of each", async () => {
      const accountId = await seller(1_000);
      const { siteId } = (await store.accounts.get(accountId))!;
      const own = (caps: Partial<CapSettings>) => store.sites.put({ ...testSite, ...uncapped, ...caps }, now);
      const capOf = (caps: Partial<CapSettings>) =>
        order(accountId, { caps: { ...uncapped, ...caps } }).then(
          () => null,
          ({ facts }: AppError) => [facts['cap'], facts['limit']],
        );
      assert.equal(siteId, testSite.id);
      await order(accountId);
      await order(accountId);
      for (const [cap, fact] of [
        ['sellerOpenJobs', 'seller_open_jobs'],
        ['sellerDailyJobs', 'seller_daily_jobs'],
        ['siteDailyJobs', 'site_daily_jobs'],
      ] as const) {
        await own({ [cap]: 2 });
        assert.deepEqual(await capOf({}), [fact, 2]);
        assert.deepEqual(await capOf({ [cap]: 1_000 }), [fact, 2]);
        assert.deepEqual(await capOf({ [cap]: 1 }), [fact, 1]);
        await own({ [cap]: 1_000 });
        assert.deepEqual(await capOf({ [cap]: 1 }), [fact, 1]);
      }
      await own({});
      assert.equal(await capOf({}), null);
    });

    it('of two changes of a site made from the same version one is refused', async () => {
      const site = await store.sites.put(testSite, now);
      const change = (name: string) =>
        store.transaction((tx) =>
          store.sites.change(tx, { id: site.id, set: { name, updatedAt: now + 1 }, expectedUpdatedAt: now }),
        );
      const made = await Promise.all([change('one'), change('two')]);
      assert.equal(made.filter((row) => row !== null).length, 1);
      assert.equal((await store.sites.get(site.id))!.name, made.find((row) => row !== null)!.name);
    });

    it('a new site never takes the place of another, and its issuer is looked for', async () => {
      await store.sites.put(testSite, now);
      const add = (site: SiteSettings) => store.transaction((tx) => store.sites.add(tx, site, now));
      const other = { ...testSite, id: 'other', issuer: 'https://other.example' };
      assert.equal((await add(other))!.name, testSite.name);
      assert.equal(await add({ ...other, issuer: 'https://third.example', name: 'Impostor' }), null);
      assert.equal((await store.sites.get('other'))!.issuer, other.issuer);
      const has = (exceptId: string) =>
        store.transaction((tx) => store.sites.hasIssuer(tx, { issuer: other.issuer, exceptId }));
      assert.deepEqual([await has('panel'), await has('other')], [true, false]);
    });

    it('an API key is live until it is revoked, once, by its own site', async () => {
      await store.sites.put(testSite, now);
      const { id: siteId } = testSite;
      const key = {
        id: uuidv7(),
        siteId,
        name: 'billing',
        hash: uuidv7(),
        hint: 'kvc_abcd',
        createdAt: now,
        revokedAt: null,
      };
      await store.transaction((tx) => store.sites.addApiKey(tx, key));
      const isLive = async () => (await store.sites.liveApiKeys()).some(({ hash }) => hash === key.hash);
      const revoke = (of: string) =>
        store.transaction((tx) => store.sites.revokeApiKey(tx, { siteId: of, id: key.id, now: now + 1 }));
      assert.deepEqual([await revoke('another'), await isLive()], [null, true]);
      assert.equal((await revoke(siteId))!.revokedAt, now + 1);
      assert.deepEqual([await revoke(siteId), await isLive()], [null, false]);
      assert.deepEqual(await store.sites.apiKeys(siteId), [{ ...key, revokedAt: now + 1 }]);
    });

    it('open jobs are those that wait or run, of this seller alone', async () => {
      const [mine, other] = [await seller(100), await seller(100)];
      await order(other);
      await order(mine, { status: 'completed', stage: 'done' });
      await order(mine, { status: 'failed', stage: 'generating' });
      await order(mine, { status: 'processing', stage: 'saving' });
      await order(mine);
      assert.equal(await store.counts.openOf(store.read, mine), 2);
    });

    it("a provider account's tasks of the day are those submitted since midnight and those on their way", async () => {
      const accountId = await seller(100);
      const at = { providerAccount: 'spender', status: 'processing' } as const;
      const since = dayStartMs(now);
      await order(accountId, { ...at, stage: 'generating', submittedAt: since - 1 });
      await order(accountId, { ...at, stage: 'generating', submittedAt: since });
      await order(accountId, { ...at, stage: 'done', status: 'completed', submittedAt: now });
      await order(accountId, { ...at, stage: 'submitting' });
      await order(accountId, { ...at, stage: 'confirming' });
      await order(accountId, { ...at, stage: 'submitting', status: 'failed' });
      await order(accountId, { ...at, stage: 'submitting', providerAccount: 'another' });
      assert.equal(await store.counts.tasksSince(store.read, { providerAccount: 'spender', since }), 4);
    });

    it('books that were only written by the store agree', async () => {
      const accountId = await seller(100);
      await order(accountId);
      const ended = await order(accountId);
      await store.transaction(async (tx) => {
        await store.jobs.end(tx, 'failed', { id: ended.id, now });
        await store.ledger.refund(tx, { id: uuidv7(), jobId: ended.id, actor: 'worker', now });
      });
      assert.deepEqual(await faultsOf(accountId), []);
    });

    it('a balance that is not the sum of its entries is found', async () => {
      const accountId = await seller(10);
      const { accounts } = database.tables;
      await store.transaction((tx) =>
        tx.update(accounts).set({ balance: 11 }).where(eq(accounts.id, accountId)).returning().execute(),
      );
      const text = 'the balance is 11, the entries add up to 10';
      assert.deepEqual(await faultsOf(accountId), [{ accountId, text }]);
    });

    it('a job without its debit, and one of another price, are found', async () => {
      const accountId = await seller(100);
      const free = testJob({ accountId });
      await store.transaction((tx) => store.jobs.insert(tx, free));
      const cheaper = await order(accountId);
      await tamper(cheaper, { tokensCost: 5 });
      assert.deepEqual(
        (await faultsOf(accountId)).map(({ jobId, text }) => [jobId, text]),
        [
          [free.id, 'a pending job of 10 tokens has no debit and no refund'],
          [cheaper.id, 'a pending job of 5 tokens has a debit of 10 and no refund'],
        ],
      );
    });

    it('a lost job without a refund, and a refund of a job that is not lost, are found', async () => {
      const accountId = await seller(100);
      const kept = await order(accountId);
      await tamper(kept, { status: 'failed' });
      const gift = await order(accountId);
      await store.transaction((tx) => store.ledger.refund(tx, { id: uuidv7(), jobId: gift.id, actor: 'worker', now }));
      assert.deepEqual(
        (await faultsOf(accountId)).map(({ text }) => text),
        [
          'a failed job of 10 tokens has a debit of 10 and no refund',
          'a pending job of 10 tokens has a debit of 10 and a refund of 10',
        ],
      );
    });

    it('the audit reaches the last of more rows than one page holds', async () => {
      const accountId = await seller(20_000);
      await store.transaction(async (tx) => {
        for (let n = 0; n < 1_100; n++) {
          const job = testJob({ accountId });
          await store.jobs.insert(tx, job);
          const entry = { id: uuidv7(), accountId, jobId: job.id, price: job.tokensCost, actor: 'seller', now };
          await store.ledger.debit(tx, entry);
        }
      });
      assert.deepEqual(await faultsOf(accountId), []);
      const last = await order(accountId);
      await tamper(last, { status: 'cancelled' });
      assert.deepEqual(
        (await faultsOf(accountId)).map(({ jobId }) => jobId),
        [last.id],
      );
    });

    it('overdue, abandoned and unsaved jobs are found, and only those', async () => {
      const accountId = await seller(1_000);
      const at = { status: 'processing', dueAt: now, leaseUntil: now, deadlineAt: now + 1 } as const;
      const overdue = await order(accountId, { ...at, stage: 'generating', deadlineAt: now - 1, dueAt: now });
      const abandoned = await order(accountId, { ...at, stage: 'submitting', dueAt: now - 1, leaseUntil: 0 });
      const unsaved = await order(accountId, { ...at, stage: 'saving', succeededAt: now - 1 });
      await order(accountId, { ...at, stage: 'generating', dueAt: now - 1, leaseUntil: now });
      await order(accountId, { ...at, stage: 'done', status: 'completed', deadlineAt: 0, dueAt: 0, succeededAt: 0 });
      const mine = (jobs: JobRow[]) => jobs.filter((job) => job.accountId === accountId).map((job) => job.id);
      assert.deepEqual(mine(await store.audit.overdue(now)), [overdue.id]);
      assert.deepEqual(mine(await store.audit.abandoned(now)), [abandoned.id]);
      assert.deepEqual(mine(await store.audit.unsaved(now)), [unsaved.id]);
    });

    it('an open job without a task id is adopted into a look-up; one that ended, has its task or is in hand is not', async () => {
      const accountId = await seller(1_000);
      const at = { status: 'processing', stage: 'submitting', dueAt: now + 60_000 } as const;
      const adopt = async (facts: Partial<JobRow>) => {
        const { id } = await order(accountId, { ...at, ...facts });
        const job = await store.transaction((tx) => store.jobs.adopt(tx, { id, now }));
        return job && { dueAt: job.dueAt, sends: job.sends };
      };
      assert.deepEqual(await adopt({}), { dueAt: now, sends: 1 });
      assert.deepEqual(await adopt({ sends: 2 }), { dueAt: now, sends: 2 });
      assert.equal(await adopt({ status: 'failed' }), null);
      assert.equal(await adopt({ providerTaskId: 'task' }), null);
      assert.equal(await adopt({ leaseUntil: now + 1 }), null);
    });
  });
}
