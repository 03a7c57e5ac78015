import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { openSqlite } from '../store/sqlite.ts';
import { createStore, type Store } from '../store/store.ts';
import { temporaryFolder, testJob, testRuntime, testSeller, type TestRuntime } from '../store/testing.ts';
import { createDayTotals } from './day-totals.ts';

const dayMs = 86_400_000;
const log = { info: () => {}, warn: () => {}, error: () => {} };
const folder = temporaryFolder();
let store: Store;
let runtime: TestRuntime;
let accountId: string;
before(async () => {
  store = createStore(openSqlite(join(folder.path, 'totals.db')));
  runtime = testRuntime();
  accountId = await testSeller(store, { userId: 'seller', tokens: 100 });
});
after(async () => {
  await store.close();
  folder.remove();
});

const open = () => createDayTotals({ store, runtime, log, pauseMs: 0 });

async function order(createdAt: number): Promise<string> {
  const row = testJob({ accountId, createdAt });
  await store.transaction((tx) => store.jobs.insert(tx, row));
  return row.id;
}

it('a server without jobs has nothing to add up', async () => {
  assert.equal(await open().addUp(), 0);
});

it('a server with months behind it has every past day added up, and later only what is new or has changed', async () => {
  const now = runtime.now();
  const id = await order(now - 70 * dayMs);
  await order(now - 2 * dayMs);
  await order(now);
  const totals = open();
  assert.equal(await totals.addUp(), 70);
  const today = Math.floor(now / dayMs);
  assert.equal((await store.usageDays.counted(today - 200, today)).length, 70);
  assert.equal(await totals.addUp(), 0);
  await store.transaction((tx) => store.jobs.advance(tx, 'submitting', { id, now }));
  assert.deepEqual(await store.usageDays.waiting(today - 70, today - 1), [today - 70]);
  assert.equal(await totals.addUp(), 1);
  runtime.pass(dayMs);
  assert.equal(await totals.addUp(), 1);
  assert.equal((await store.usage.of({ firstDay: today - 89, lastDay: today })).groups.length, 3);
});

it('a new process counts the last three days once more', async () => {
  const totals = open();
  assert.equal(await totals.addUp(), 3);
  assert.equal(await totals.addUp(), 0);
});

it('a stop waits for the day in hand and begins no other', async () => {
  let begun = 0;
  let isHeld = false;
  const days = {
    ...store.usageDays,
    async addUp() {
      begun += 1;
      isHeld = true;
      await new Promise((resolve) => setImmediate(resolve));
      isHeld = false;
    },
  };
  const totals = createDayTotals({ store: { usageDays: days }, runtime, log, pauseMs: 0 });
  totals.start();
  while (begun === 0) await new Promise((resolve) => setImmediate(resolve));
  await totals.stop();
  assert.deepEqual([begun, isHeld], [1, false]);
});
