/** Several provider accounts and several nodes, each with its own pool: what is counted, is counted for all of them. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, it } from 'node:test';
import { startPostgres, type TestPostgres } from '../../.tools/postgres.ts';
import { startKlingSimulator, type KlingSimulator } from '../../demo/simulators/kling.ts';
import { createDailyBudget } from '../jobs/caps.ts';
import { silentLog, startWorld, type World } from '../jobs/testing.ts';
import { createWorker, type Worker } from '../jobs/worker.ts';
import { createPictures } from '../media/picture.ts';
import { createDownloader } from '../media/download.ts';
import { createKlingAccount } from '../providers/kling.ts';
import { openPostgres } from '../store/postgres.ts';
import type { JobRow } from '../store/schema.ts';
import { createStore, type Store } from '../store/store.ts';

const concurrency = 2;
const nodeCount = 3;
const ignored = () => {};

let postgres: TestPostgres;
before(async () => void (postgres = await startPostgres()));
after(() => postgres.stop());

let world: World;
let second: KlingSimulator;
let stores: Store[];
let nodes: Worker[];

async function build({ dailyTasks = 0 } = {}): Promise<void> {
  const { runtime, blobs, kling: first } = world;
  const simulators = [first, second];
  nodes = stores.map((store) => {
    const budget = dailyTasks > 0 && { budget: createDailyBudget({ store, log: silentLog, dailyTasks }) };
    const account = (id: string, { url: baseUrl, accessKey, secretKey }: KlingSimulator) => ({
      ...createKlingAccount({ id, baseUrl, credentials: { accessKey, secretKey }, now: runtime.now, concurrency }),
      ...budget,
    });
    return createWorker({
      store,
      runtime,
      log: silentLog,
      blobs,
      pictures: createPictures(),
      download: createDownloader({
        allowedHosts: simulators.map(({ url }) => new URL(url).host),
        maxBytes: 50_000_000,
        timeoutMs: 5_000,
      }),
      accounts: [account('kling', first), account('kling-2', second)],
      settings: { pollIntervalMs: 10_000 },
    });
  });
}

beforeEach(async () => {
  const url = await postgres.createDatabase();
  const open = () => openPostgres({ url, maxConnections: 4, onFault: ignored });
  world = await startWorld({ database: await open(), kling: { concurrency } });
  second = await startKlingSimulator({ video: 'tiny', clock: world.runtime.now, concurrency });
  stores = await Promise.all(Array.from({ length: nodeCount }, async () => createStore(await open())));
});
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.stop(0)));
  await Promise.all(stores.map((store) => store.close()));
  await second.close();
  await world.close();
});

const tickAll = () => Promise.all(nodes.map((node) => node.tick()));

async function live(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 1) {
    await tickAll();
    world.runtime.pass(1_000);
    world.kling.advance();
    second.advance();
  }
  await tickAll();
}

async function orders(count: number): Promise<JobRow[]> {
  const accountId = await world.seller(1_000);
  const made = [];
  for (let n = 0; n < count; n += 1) made.push(await world.order(accountId));
  return made;
}

const now = (jobs: JobRow[]) => Promise.all(jobs.map(({ id }) => world.read(id)));
const refusals = () => [...world.kling.log, ...second.log].filter(({ code }) => code === 1303).length;

it('slots are those of the account, however many nodes fill them at once', async () => {
  await build();
  const made = await orders(12);
  await tickAll();
  const held = Map.groupBy(await now(made), (job) => job.providerAccount);
  assert.deepEqual([held.get('kling')?.length, held.get('kling-2')?.length], [concurrency, concurrency]);
  await live(120);
  const jobs = await now(made);
  assert.ok(jobs.every(({ status }) => status === 'completed'));
  assert.equal(refusals(), 0, 'no account was ever asked for more than it has');
  assert.equal(world.kling.tasks().length + second.tasks().length, made.length);
});

it('a day has one budget, whichever nodes spend it', async () => {
  await build({ dailyTasks: 3 });
  const made = await orders(12);
  await live(120);
  const done = (await now(made)).filter(({ status }) => status === 'completed');
  assert.equal(done.length, 6, 'three of each account');
  assert.equal(world.kling.tasks().length, 3);
  assert.equal(second.tasks().length, 3);
});

it('an account that one node found empty is left alone by all, and the next account takes its jobs', async () => {
  await build();
  world.kling.setPacks(['image']);
  const made = await orders(6);
  await tickAll();
  const askedOnce = world.kling.log.filter(({ method }) => method === 'POST').length;
  assert.ok(askedOnce > 0 && askedOnce <= concurrency, `${askedOnce} requests`);
  await live(55);
  assert.equal(world.kling.log.filter(({ method }) => method === 'POST').length, askedOnce, 'within the pause');
  const jobs = await now(made);
  assert.deepEqual(
    [...new Set(jobs.map((job) => `${job.status} at ${job.providerAccount}`))],
    ['completed at kling-2'],
  );
});
