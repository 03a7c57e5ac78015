import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import { eq } from 'drizzle-orm';
import { AppError } from '../errors.ts';
import type { Database } from '../store/database.ts';
import { openSqlite } from '../store/sqlite.ts';
import { temporaryFolder } from '../store/testing.ts';
import { createLedgerWatch, type LedgerWatch } from './ledger-watch.ts';
import type { Log } from './runtime.ts';
import { createJobService, type JobService } from './service.ts';
import { startWorld, type World } from './testing.ts';

const minuteMs = 60_000;
const isUnavailable = (fault: unknown) => fault instanceof AppError && fault.code === 'unavailable';

describe('the watch over the ledger', () => {
  const folder = temporaryFolder();
  let database: Database;
  let world: World;
  let watch: LedgerWatch;
  let jobs: JobService;
  let said: { level: 'info' | 'warn' | 'error'; facts: object }[] = [];
  const note = (level: 'info' | 'warn' | 'error') => (facts: object) => void said.push({ level, facts });
  const log: Log = { info: note('info'), warn: note('warn'), error: note('error') };

  before(async () => {
    database = openSqlite(join(folder.path, 'watched.db'));
    world = await startWorld({ database });
  });
  after(async () => {
    await world.close();
    folder.remove();
  });
  beforeEach(() => {
    said = [];
    watch = createLedgerWatch({ store: world.store, log });
    const { store, runtime } = world;
    const settings = { deadlineMs: 60 * minuteMs, minSide: 300 };
    jobs = createJobService({ store, runtime, settings, slots: 5, ledgerWatch: watch });
  });
  afterEach(() => {
    watch.stop();
    mock.timers.reset();
  });

  async function seller() {
    const accountId = await world.seller(100);
    const uploadId = await world.upload(accountId);
    const create = (idempotencyKey: string) =>
      jobs.create({ accountId, idempotencyKey, request: { presetId: 'video-cover', uploadId, fit: 'crop' } });
    return { accountId, create };
  }

  const setBalance = (accountId: string, balance: number) =>
    database.transaction((tx) =>
      tx
        .update(database.tables.accounts)
        .set({ balance })
        .where(eq(database.tables.accounts.id, accountId))
        .returning()
        .execute(),
    );

  /** Lets so much time pass and a reading that falls due come to its end. */
  async function pass(ms: number): Promise<void> {
    mock.timers.tick(ms);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  }

  it('a balance changed past the server stops new jobs of everybody, before anything is written', async () => {
    const [mine, victim] = [await seller(), await seller()];
    const earlier = await mine.create('earlier');
    await setBalance(victim.accountId, 5_000);
    assert.equal(await watch.check(), false);
    assert.equal(watch.isSound(), false);
    await assert.rejects(mine.create('new'), isUnavailable);
    assert.equal(await world.balance(mine.accountId), 90);
    assert.equal((await mine.create('earlier')).job.id, earlier.job.id, 'a repeat is still answered');
    assert.equal((await jobs.cancel(mine.accountId, earlier.job.id)).balance, 100, 'a refund is still given');
    const alarm = said.find(({ level }) => level === 'error')!.facts;
    assert.deepEqual({ ...alarm, faults: [] }, { alarm: 'ledger_disagrees', accounts: [victim.accountId], faults: [] });

    await setBalance(victim.accountId, 100);
    assert.equal(await watch.check(), true);
    assert.ok(await mine.create('new'));
  });

  it('the books are read at the start, every hour, and every minute while they disagree', async () => {
    const { accountId, create } = await seller();
    mock.timers.enable({ apis: ['setTimeout'] });
    await watch.start();
    await setBalance(accountId, 7);
    await pass(59 * minuteMs);
    assert.equal(watch.isSound(), true);
    await pass(minuteMs);
    assert.equal(watch.isSound(), false);
    await setBalance(accountId, 100);
    await pass(minuteMs - 1);
    await assert.rejects(create('a'), isUnavailable);
    await pass(1);
    assert.equal(watch.isSound(), true);
    assert.ok(await create('a'));
    assert.deepEqual(
      said.map(({ level }) => level),
      ['error', 'info'],
    );
  });

  it('a server that starts over broken books takes no job', async () => {
    const { accountId, create } = await seller();
    await setBalance(accountId, 7);
    await watch.start();
    await assert.rejects(create('a'), isUnavailable);
    await setBalance(accountId, 100);
  });
});
