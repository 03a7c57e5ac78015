import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { startPostgres, type TestPostgres } from '../../.tools/postgres.ts';
import { AppError } from '../errors.ts';
import { createJobService } from '../jobs/service.ts';
import { startWorld } from '../jobs/testing.ts';
import { openPostgres } from '../store/postgres.ts';
import { createStore, type Store } from '../store/store.ts';
import { testJob, testPreset, testRuntime, testSeller } from '../store/testing.ts';
import { startPostgresProxy, type CutMode } from './tcp-proxy-testing.ts';

const textPreset = { ...testPreset, presetId: 'text', kind: 'text-to-video' as const, aspectRatio: '9:16' };
const price = textPreset.tokensCost;
const ignored = () => {};
const modes: CutMode[] = ['before', 'after'];

let postgres: TestPostgres;
before(async () => {
  postgres = await startPostgres();
});
after(() => postgres.stop());

/** Two nodes on one new database: `near` behind the proxy, `sure` with a line of its own. */
async function startNodes({ queryTimeoutMs = 5_000, beatMs = 10_000 } = {}) {
  const url = await postgres.createDatabase();
  const sure = createStore(await openPostgres({ url, maxConnections: 8, onFault: ignored }));
  const proxy = await startPostgresProxy(url);
  const near = createStore(
    await openPostgres({ url: proxy.url, maxConnections: 2, queryTimeoutMs, beatMs, onFault: ignored }),
  );
  await sure.presets.addMissing([textPreset], 1);
  const serviceOf = (store: Store) =>
    createJobService({ store, runtime: testRuntime(), settings: { deadlineMs: 3_600_000, minSide: 300 }, slots: 5 });
  const [jobs, sureJobs] = [serviceOf(near), serviceOf(sure)];
  const accountId = await testSeller(sure, { userId: 'a', tokens: 100_000 });
  const order = (idempotencyKey: string, service = jobs) =>
    service.create({ accountId, idempotencyKey, request: { presetId: 'text', fit: 'crop' } });
  const balance = async () => (await sure.accounts.get(accountId))!.balance;
  return {
    url,
    proxy,
    near,
    sure,
    jobs,
    accountId,
    order,
    balance,
    orderSurely: (key: string) => order(key, sureJobs),
    byKey: (key: string) => sure.jobs.byIdempotencyKey(sure.read, accountId, key),
    booksAgree: async () => assert.deepEqual(await sure.audit.ledgerFaults(), []),
    async close() {
      await near.close();
      await proxy.close();
      await sure.close();
    },
  };
}

/** Null when the work was done; the only fault it may end with is `unavailable`. */
async function unavailableOrDone(work: Promise<unknown>): Promise<AppError | null> {
  try {
    await work;
    return null;
  } catch (fault) {
    const root = fault instanceof AppError ? fault : (fault as Error).cause;
    assert.ok(root instanceof AppError && root.code === 'unavailable', String((fault as Error).stack));
    return root;
  }
}

describe('a PostgreSQL connection that is lost', () => {
  it('at any message of an order leaves one job with one debit or nothing, and the repeat ends in one', async () => {
    const nodes = await startNodes();
    let cuts = 0;
    for (const mode of modes)
      for (let nth = 1; ; nth++) {
        const key = `${mode} ${nth}`;
        const whole = await nodes.balance();
        nodes.proxy.cutAt(nth, mode);
        const fault = await unavailableOrDone(nodes.order(key));
        const wasCut = nodes.proxy.disarm();
        const kept = (await nodes.byKey(key)) ? price : 0;
        assert.equal(await nodes.balance(), whole - kept, key);
        if (!fault) assert.equal(kept, price, `${key}: what was answered is there`);
        const repeat = await nodes.order(key);
        assert.deepEqual([repeat.balance, await nodes.balance()], [whole - price, whole - price], key);
        if (!wasCut) break;
        cuts++;
      }
    assert.ok(cuts > 25, `only ${cuts} messages were cut`);
    await nodes.booksAgree();
    await nodes.close();
  });

  it('at any message of a cancellation refunds once or not at all, and the repeat ends in one refund', async () => {
    const nodes = await startNodes();
    for (const mode of modes)
      for (let nth = 1; ; nth++) {
        const { job } = await nodes.orderSurely(uuidv7());
        const debited = await nodes.balance();
        nodes.proxy.cutAt(nth, mode);
        await unavailableOrDone(nodes.jobs.cancel(nodes.accountId, job.id));
        const wasCut = nodes.proxy.disarm();
        const isCancelled = (await nodes.sure.jobs.get(job.id))!.status === 'cancelled';
        assert.equal(await nodes.balance(), debited + (isCancelled ? price : 0), `${mode} ${nth}`);
        await nodes.jobs.cancel(nodes.accountId, job.id).catch((fault: AppError) => {
          assert.ok(isCancelled && fault.code === 'not_cancellable', String(fault));
        });
        assert.equal(await nodes.balance(), debited + price, `${mode} ${nth}`);
        if (!wasCut) break;
      }
    await nodes.booksAgree();
    await nodes.close();
  });

  it('after COMMIT was sent is an unknown outcome: the job is there, and the repeat answers it', async () => {
    const nodes = await startNodes();
    const whole = await nodes.balance();
    nodes.proxy.cutAtText('commit', 'after');
    assert.ok(await unavailableOrDone(nodes.order('unknown')), 'the caller was told to try again');
    const made = await nodes.byKey('unknown');
    assert.ok(made);
    assert.equal((await nodes.order('unknown')).job.id, made.id);
    assert.equal(await nodes.balance(), whole - price);
    await nodes.close();
  });

  it('gives its place in the pool back, also when it broke before the transaction began', async () => {
    const nodes = await startNodes();
    for (let times = 0; times < 5; times++) {
      nodes.proxy.cutAtText('begin', 'before');
      assert.ok(await unavailableOrDone(nodes.near.transaction(async () => {})));
    }
    assert.ok((await nodes.order('afterwards')).job);
    await nodes.close();
  });

  it('without a word, half-open, is given up after the deadline and replaced', async () => {
    const nodes = await startNodes({ queryTimeoutMs: 250 });
    await nodes.near.check();
    nodes.proxy.silence('others');
    let faults = 0;
    while (await unavailableOrDone(nodes.order('a'))) faults++;
    assert.ok(faults === 1 || faults === 2, `${faults} faults with two connections`);
    await nodes.close();
  });
});

describe('transactions in each other’s way', () => {
  it('a deadlock is tried again until both are done', async () => {
    const url = await postgres.createDatabase();
    await ask(url, `alter database ${new URL(url).pathname.slice(1)} set deadlock_timeout = '20ms'`);
    const store = createStore(await openPostgres({ url, onFault: ignored }));
    const seller = (userId: string) => testSeller(store, { userId, tokens: 50 });
    const sellers = [await seller('a'), await seller('b')];
    let tries = 0;
    let holding = 0;
    const both = Promise.withResolvers<void>();
    const take = (accountIds: string[]) =>
      store.transaction(async (tx) => {
        tries++;
        for (const accountId of accountIds) {
          const job = testJob({ accountId });
          await store.jobs.insert(tx, job);
          await store.ledger.debit(tx, { id: uuidv7(), accountId, jobId: job.id, price, actor: 'test', now: 1 });
          if (accountId !== accountIds[0]) continue;
          if (++holding === 2) both.resolve();
          await both.promise;
        }
      });
    await Promise.all([take(sellers), take(sellers.toReversed())]);
    assert.ok(tries > 2, 'there was no deadlock');
    for (const id of sellers) assert.equal((await store.accounts.get(id))!.balance, 50 - 2 * price);
    assert.deepEqual(await store.audit.ledgerFaults(), []);
    await store.close();
  });

  it('a failed serialization is tried again a few times and is then a moment’s unavailability', async () => {
    const url = await postgres.createDatabase();
    await ask(
      url,
      `alter database ${new URL(url).pathname.slice(1)} set default_transaction_isolation = 'serializable'`,
    );
    const store = createStore(await openPostgres({ url, onFault: ignored }));
    const accountId = await testSeller(store, { userId: 'a', tokens: 1_000 });
    let tries = 0;
    const debit = () =>
      store.transaction(async (tx) => {
        tries++;
        const job = testJob({ accountId });
        await store.jobs.insert(tx, job);
        await store.ledger.debit(tx, { id: uuidv7(), accountId, jobId: job.id, price, actor: 'test', now: 1 });
      });
    const faults = await Promise.all(Array.from({ length: 10 }, () => unavailableOrDone(debit())));
    const done = faults.filter((fault) => fault === null).length;
    assert.ok(done > 0 && tries > 10, `${done} of 10 in ${tries} tries`);
    assert.equal((await store.accounts.get(accountId))!.balance, 1_000 - done * price);
    assert.deepEqual(await store.audit.ledgerFaults(), []);
    await store.close();
  });
});

describe('the line on which nodes wake each other', () => {
  it('is opened again after it was cut', async () => {
    const nodes = await startNodes();
    nodes.proxy.cutListeners();
    const heard = new Promise((resolve) => nodes.near.signals.subscribe(resolve));
    const calling = setInterval(() => nodes.sure.signals.publish({ accountId: 'a' }), 100);
    await heard;
    clearInterval(calling);
    await nodes.close();
  });

  it('tells of a gap while it is down and once it is up; what comes after that is heard', async () => {
    const nodes = await startNodes();
    let gaps = 0;
    const wanted = Promise.withResolvers<void>();
    nodes.near.signals.subscribe(
      () => {},
      () => void (++gaps === 2 && wanted.resolve()),
    );
    nodes.proxy.cutListeners();
    await wanted.promise;
    const heard = new Promise((resolve) => nodes.near.signals.subscribe(resolve));
    nodes.sure.signals.publish({ accountId: 'a', jobId: 'b' });
    assert.deepEqual(await heard, { accountId: 'a', jobId: 'b' });
    await nodes.close();
  });

  it('that fell silent without a word is found out and replaced', async () => {
    const nodes = await startNodes({ beatMs: 50 });
    const gap = new Promise<void>((resolve) => nodes.near.signals.subscribe(() => {}, resolve));
    nodes.proxy.silence('listeners');
    await gap;
    const heard = new Promise((resolve) => nodes.near.signals.subscribe(resolve));
    const calling = setInterval(() => nodes.sure.signals.publish({ accountId: 'a' }), 100);
    await heard;
    clearInterval(calling);
    await nodes.close();
  });

  it('may fall silent: a worker looks by itself', async () => {
    const nodes = await startNodes();
    const world = await startWorld({
      database: await openPostgres({ url: nodes.proxy.url, maxConnections: 4, onFault: ignored }),
    });
    nodes.proxy.silence('listeners');
    world.worker.start();
    const { job } = await nodes.orderSurely('silent');
    while ((await nodes.sure.jobs.get(job.id))!.stage === 'queued')
      await new Promise((resolve) => setTimeout(resolve, 20));
    await world.close();
    await nodes.close();
  });
});

it('a PostgreSQL database of a newer version is refused with a sentence', async () => {
  const url = await postgres.createDatabase();
  await (await openPostgres({ url, onFault: ignored })).close();
  await ask(url, "insert into drizzle.__drizzle_migrations (hash, created_at) values ('news', 9999999999999)");
  await assert.rejects(openPostgres({ url, onFault: ignored }), /changed by a newer version/);
});

describe('a PostgreSQL server that is killed', () => {
  it('makes orders wait, not fail: 503 while it is down, one job each when it is back', async () => {
    const nodes = await startNodes();
    await nodes.orderSurely('before');
    const whole = await nodes.balance();
    const during = Array.from({ length: 20 }, (_, index) => `during ${index}`);
    const inFlight = during.map((key) => unavailableOrDone(nodes.order(key)));
    await postgres.kill();
    await Promise.all(inFlight);
    assert.ok(await unavailableOrDone(nodes.order('down')), 'an order while it is down');
    assert.ok(await unavailableOrDone(nodes.near.check()), 'a read while it is down');
    await postgres.restart();
    for (const key of [...during, 'down']) await nodes.order(key);
    assert.equal(await nodes.balance(), whole - 21 * price);
    await nodes.booksAgree();
    const heard = new Promise((resolve) => nodes.near.signals.subscribe(resolve));
    const calling = setInterval(() => nodes.sure.signals.publish({ accountId: 'a' }), 100);
    await heard;
    clearInterval(calling);
    await nodes.close();
  });
});

async function ask(url: string, question: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(question);
  await client.end();
}
