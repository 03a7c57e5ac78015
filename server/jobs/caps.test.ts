import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { startPostgres, type TestPostgres } from '../../.tools/postgres.ts';
import { AppError } from '../errors.ts';
import { createKlingAccount } from '../providers/kling.ts';
import { openPostgres } from '../store/postgres.ts';
import { createDoor, type BudgetedAccount } from './admit.ts';
import { createCaps, createDailyBudget, dayStartMs, type CapSettings } from './caps.ts';
import { createJobService } from './service.ts';
import { createSteps } from './steps.ts';
import { silentLog, startWorld, type World } from './testing.ts';

const dayMs = 24 * 3_600_000;
const isCapped = (fault: unknown) => fault instanceof AppError && fault.code === 'rate_limited';

for (const name of ['SQLite', 'PostgreSQL'])
  describe(`caps on ${name}`, () => {
    let server: TestPostgres | undefined;
    let world: World | undefined;
    before(async () => {
      if (name === 'PostgreSQL') server = await startPostgres();
      const url = await server?.createDatabase();
      const database = url && (await openPostgres({ url, maxConnections: 12, onFault: () => {} }));
      world = await startWorld({ ...(database && { database }) });
    });
    after(async () => {
      try {
        await world?.close();
      } finally {
        await server?.stop();
      }
    });

    /** A seller with a picture, and creates under these caps. */
    async function seller(caps: Partial<CapSettings>) {
      const { store, runtime } = world!;
      const settings = { sellerDailyJobs: 0, sellerOpenJobs: 0, siteDailyJobs: 0, ...caps };
      const jobs = createJobService({
        store,
        runtime,
        settings: { deadlineMs: dayMs, minSide: 300 },
        slots: 5,
        caps: createCaps({ store, settings }),
      });
      const accountId = await world!.seller(1_000);
      const uploadId = await world!.upload(accountId);
      const create = (idempotencyKey: string = uuidv7()) =>
        jobs.create({ accountId, idempotencyKey, request: { presetId: 'video-cover', uploadId, fit: 'crop' } });
      return { accountId, create, cancel: (id: string) => jobs.cancel(accountId, id) };
    }

    it('a hundred clicks at once under a cap of five make five jobs and five debits', async () => {
      const { accountId, create } = await seller({ sellerOpenJobs: 5 });
      const answers = await Promise.allSettled(Array.from({ length: 100 }, () => create()));
      assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 5);
      assert.ok(answers.every((answer) => answer.status === 'fulfilled' || isCapped(answer.reason)));
      assert.equal(await world!.balance(accountId), 950);
    });

    it('a repeat of a job that was made is answered at the cap, also when the repeats come at once', async () => {
      const { accountId, create } = await seller({ sellerOpenJobs: 1, sellerDailyJobs: 1, siteDailyJobs: 1_000 });
      const clicks = await Promise.all(Array.from({ length: 8 }, () => create('click')));
      assert.equal(new Set(clicks.map(({ job }) => job.id)).size, 1);
      await assert.rejects(create('other'), isCapped);
      assert.equal((await create('click')).job.id, clicks[0]!.job.id);
      assert.equal(await world!.balance(accountId), 990);
    });

    it('an ended job makes room under the cap of open jobs and none under the daily one', async () => {
      const open = await seller({ sellerOpenJobs: 1 });
      const first = await open.create();
      await assert.rejects(open.create(), isCapped);
      await open.cancel(first.job.id);
      await open.create();

      const daily = await seller({ sellerDailyJobs: 1 });
      const only = await daily.create();
      await daily.cancel(only.job.id);
      await assert.rejects(daily.create(), isCapped);
    });

    it('a daily budget is one for the accounts that share it, also when nodes look at once', async () => {
      const { store, runtime } = world!;
      const sharedBy = ['shared', 'shared-images'];
      const budget = createDailyBudget({ store, log: silentLog, dailyTasks: 3, sharedBy });
      const accountId = await world!.seller(100);
      const now = runtime.now();
      const take = (providerAccount: string) =>
        store.transaction(async (tx) => {
          await store.queue.lockAccount(tx, providerAccount, now);
          const left = await budget.left(tx, { providerAccount, now });
          const [job] = left > 0 ? await store.queue.waiting(tx, 1) : [];
          if (job) await store.jobs.advance(tx, 'submitting', { id: job.id, now, set: { providerAccount } });
          return left;
        });
      for (let n = 0; n < 5; n++) await world!.order(accountId);
      const left = await Promise.all([...sharedBy, ...sharedBy].map(take));
      assert.deepEqual(left.toSorted(), [0, 1, 2, 3]);
    });

    it('a cap of zero is no cap', async () => {
      const { create } = await seller({});
      for (let n = 0; n < 25; n++) await create();
    });
  });

describe('the daily budget of a provider account', () => {
  let world: World;
  before(async () => {
    world = await startWorld({ concurrency: 2, deadlineMs: 3 * dayMs });
  });
  after(() => world.close());

  it('lets no job through once it is used, says so once, and lets them flow the next UTC day', async () => {
    const { store, runtime } = world;
    const alarms: object[] = [];
    const log = { ...silentLog, error: (facts: object) => void alarms.push(facts) };
    const account: BudgetedAccount = {
      ...createKlingAccount({
        id: 'kling',
        credentials: { apiKey: world.kling.apiKey },
        baseUrl: world.kling.url,
        now: runtime.now,
        concurrency: 2,
      }),
      budget: createDailyBudget({ store, log, dailyTasks: 3 }),
    };
    const door = createDoor({ store, runtime, steps: createSteps({ store, runtime, log }) });
    const accountId = await world.seller(100);
    for (let n = 0; n < 5; n++) await world.order(accountId);

    const open = async () => (await store.jobs.list({ accountId, limit: 10 })).toReversed();
    const waiting = async () => (await open()).filter((job) => job.stage === 'queued').length;
    /** What the provider's acceptance and the end of the clip write. */
    async function finishAll(): Promise<void> {
      const now = runtime.now();
      for (const { id, stage } of await open()) {
        if (stage !== 'submitting') continue;
        await store.transaction(async (tx) => {
          await store.jobs.advance(tx, 'generating', { id, now, set: { submittedAt: now } });
          await store.jobs.advance(tx, 'saving', { id, now });
          await store.jobs.advance(tx, 'done', { id, now });
        });
      }
    }

    await door.admit([account]);
    assert.equal(await waiting(), 3, 'two slots');
    await finishAll();
    await door.admit([account]);
    assert.equal(await waiting(), 2, 'one task is left of the budget');
    await door.admit([account]);
    await finishAll();
    await door.admit([account]);
    assert.equal(await waiting(), 2);
    assert.deepEqual(alarms, [{ alarm: 'daily_budget_used', providerAccount: 'kling', dailyTasks: 3 }]);

    runtime.pass(dayStartMs(runtime.now()) + dayMs - runtime.now() - 1);
    await door.admit([account]);
    assert.equal(await waiting(), 2, 'a millisecond before midnight');
    runtime.pass(1);
    await door.admit([account]);
    assert.equal(await waiting(), 0);
  });
});
