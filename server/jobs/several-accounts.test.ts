/** Two provider accounts over real HTTP: what one cannot take the other does, and no job is ever made twice. */
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, it } from 'node:test';
import { startKlingSimulator, type KlingSimulator } from '../../demo/simulators/kling.ts';
import { createDownloader } from '../media/download.ts';
import { createPictures } from '../media/picture.ts';
import { createKlingAccount } from '../providers/kling.ts';
import type { JobRow, ProviderCredentialsRow } from '../store/schema.ts';
import { createAccountList } from './account-list.ts';
import type { BudgetedAccount } from './admit.ts';
import { silentLog, startWorld, type World } from './testing.ts';
import { createWorker, type Worker } from './worker.ts';

/** Stands before a simulator and, while it is told to, refuses every new task as an account without units does. */
async function startGate(behind: KlingSimulator) {
  const gate = { isEmpty: false, address: '', refusals: 0, close: async () => {} };
  const server = createServer((asked, answer) => {
    if (gate.isEmpty && asked.method === 'POST') {
      gate.refusals += 1;
      asked.resume();
      answer.writeHead(429, { 'content-type': 'application/json' });
      return void answer.end(JSON.stringify({ code: 1102, message: 'Account balance not enough', request_id: 'x' }));
    }
    const onward = request(`${behind.url}${asked.url}`, { method: asked.method, headers: asked.headers }, (said) => {
      answer.writeHead(said.statusCode!, said.headers);
      said.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  gate.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  gate.close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return gate;
}

let world: World;
let second: KlingSimulator;
let gate: Awaited<ReturnType<typeof startGate>>;
let worker: Worker;
let list: BudgetedAccount[];

beforeEach(async () => {
  world = await startWorld();
  const { kling: first, runtime, store, blobs } = world;
  second = await startKlingSimulator({ video: 'tiny', clock: runtime.now });
  gate = await startGate(first);
  const account = (id: string, baseUrl: string, { accessKey, secretKey }: KlingSimulator) =>
    createKlingAccount({ id, baseUrl, credentials: { accessKey, secretKey }, now: runtime.now, concurrency: 2 });
  list = [account('kling', gate.address, first), account('kling-2', second.url, second)];
  const allowedHosts = [first, second].map(({ url }) => new URL(url).host);
  worker = createWorker({
    store,
    runtime,
    log: silentLog,
    blobs,
    pictures: createPictures(),
    download: createDownloader({ allowedHosts, maxBytes: 50_000_000, timeoutMs: 5_000 }),
    accounts: async () => list,
    settings: { pollIntervalMs: 10_000 },
  });
});
afterEach(async () => {
  await worker.stop(0);
  await Promise.all([gate.close(), second.close()]);
  await world.close();
});

async function live(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 1) {
    await worker.tick();
    world.runtime.pass(1_000);
    world.kling.advance();
    second.advance();
  }
  await worker.tick();
}

async function orders(count: number): Promise<JobRow[]> {
  const accountId = await world.seller(1_000);
  const made = [];
  for (let n = 0; n < count; n += 1) made.push(await world.order(accountId));
  return made;
}

const now = (jobs: JobRow[]) => Promise.all(jobs.map(({ id }) => world.read(id)));
const tasksOf = ({ externalId }: JobRow) =>
  [...world.kling.tasks(), ...second.tasks()].filter((task) => task.externalId === externalId).length;
const holders = (jobs: JobRow[]) => jobs.map((job) => job.providerAccount);

it('the first account takes what it can, the next one what is left', async () => {
  const jobs = await now(await orders(5)).then(async (made) => {
    await worker.tick();
    return now(made);
  });
  assert.deepEqual(holders(jobs), ['kling', 'kling', 'kling-2', 'kling-2', null]);
  await live(60);
  assert.deepEqual(
    (await now(jobs)).map((job) => job.status),
    jobs.map(() => 'completed'),
  );
  assert.deepEqual(
    jobs.map(tasksOf),
    jobs.map(() => 1),
  );
});

it('jobs flow through the second account while the first is out of units, and none fails or is made twice', async () => {
  gate.isEmpty = true;
  const made = await orders(6);
  await live(90);
  const jobs = await now(made);
  assert.deepEqual(
    jobs.map((job) => [job.status, job.providerAccount, tasksOf(job)]),
    jobs.map(() => ['completed', 'kling-2', 1]),
  );
  assert.ok(gate.refusals > 0, 'the first account was asked');
  assert.equal(world.kling.tasks().length, 0);

  gate.isEmpty = false;
  await live(60);
  const later = await orders(1);
  await live(30);
  const [job] = await now(later);
  assert.deepEqual([job!.status, job!.providerAccount, tasksOf(job!)], ['completed', 'kling', 1], 'used again');
});

it('a job whose sending is unclear stays where it was sent, however long that account is paused', async () => {
  const accountId = await world.seller(100);
  const { id } = await world.order(accountId, '[[sim:lost-answer]] [[sim:late-visible]]');
  await worker.tick();
  gate.isEmpty = true;
  const { runtime, store } = world;
  const until = runtime.now() + 3_600_000;
  await store.transaction((tx) =>
    store.queue.pauseAccount(tx, { id: 'kling', until, reason: 'x', now: runtime.now() }),
  );
  assert.equal((await world.read(id)).stage, 'confirming');
  await live(60);
  const job = await world.read(id);
  assert.deepEqual([job.status, job.providerAccount, tasksOf(job)], ['completed', 'kling', 1]);
});

it('a closed account finishes what it holds and takes nothing new', async () => {
  const early = await orders(1);
  await worker.tick();
  list = [{ ...list[0]!, closed: true }, list[1]!];
  const late = await orders(1);
  await live(40);
  assert.deepEqual(
    (await now([...early, ...late])).map((job) => [job.status, job.providerAccount]),
    [
      ['completed', 'kling'],
      ['completed', 'kling-2'],
    ],
  );
});

it('the fair turn between sellers holds over all accounts together', async () => {
  await orders(8);
  const [late] = await orders(1);
  await worker.tick();
  assert.notEqual((await world.read(late!.id)).providerAccount, null, 'the one job of a second seller does not wait');
});

it('a job in hands or with a byte sent is never handed over', async () => {
  const { store, runtime } = world;
  const [order] = await orders(1);
  const at = runtime.now();
  const id = order!.id;
  const to = { id, from: 'kling', to: 'kling-2', now: at };
  const transfer = () => store.transaction((tx) => store.jobs.transfer(tx, to));
  const set = (facts: object) =>
    store.transaction((tx) => store.jobs.advance(tx, 'submitting', { id, now: at, set: facts }));
  assert.equal(await transfer(), null, 'still queued');
  await set({ providerAccount: 'kling', sends: 1 });
  assert.equal(await transfer(), null, 'sent');
  await set({ sends: 0, leaseUntil: at + 1 });
  assert.equal(await transfer(), null, 'in hand');
  await set({ leaseUntil: at });
  const moved = await transfer();
  assert.deepEqual([moved!.providerAccount, moved!.fence], ['kling-2', order!.fence + 1]);
  const stale = { id, now: at, fence: order!.fence, set: { sends: 1 } };
  assert.equal(await store.transaction((tx) => store.jobs.note(tx, 'submitting', stale)), null, 'lost by the fence');
});

it('accounts of the table follow those of the settings, are read again after ten seconds, and unreadable ones are left out', async () => {
  const { store, runtime } = world;
  const alarms: object[] = [];
  const log = { ...silentLog, error: (facts: object) => void alarms.push(facts) };
  const [first, other] = list as [BudgetedAccount, BudgetedAccount];
  const accounts = createAccountList({
    fixed: [first, { ...first, id: 'kling-images' }],
    store,
    runtime,
    log,
    build(row) {
      if (row.sealedCredentials === 'broken') throw new Error('cannot be read');
      return [row.id, `${row.id}-images`].map((id) => ({ ...other, id }));
    },
  });
  const ids = async () => (await accounts()).map(({ id, closed }) => `${id}${closed ? ' closed' : ''}`);
  assert.deepEqual(await ids(), ['kling', 'kling-images']);
  const common = { provider: 'kling', label: 'x', baseUrl: 'https://x.example', concurrency: 2, createdAt: 1 } as const;
  const add = (row: Pick<ProviderCredentialsRow, 'id' | 'position' | 'enabled' | 'sealedCredentials'>) =>
    store.transaction((tx) => store.providerCredentials.add(tx, { ...common, updatedAt: 1, ...row }));
  await add({ id: 'b', position: 2, enabled: true, sealedCredentials: 'x' });
  await add({ id: 'a', position: 1, enabled: false, sealedCredentials: 'x' });
  await add({ id: 'c', position: 0, enabled: true, sealedCredentials: 'broken' });
  assert.equal(await add({ id: 'b', position: 9, enabled: true, sealedCredentials: 'x' }), null, 'the id is taken');
  await add({ id: 'kling-images', position: 3, enabled: true, sealedCredentials: 'x' });
  assert.deepEqual(await ids(), ['kling', 'kling-images']);
  runtime.pass(10_000);
  const all = ['kling', 'kling-images', 'a closed', 'a-images closed', 'b', 'b-images'];
  assert.deepEqual(await ids(), all, 'a name of the settings is theirs');
  const again = await accounts();
  runtime.pass(10_000);
  assert.equal((await accounts())[4], again[4], 'kept with its connections');
  assert.equal(alarms.length, 1);
});
