import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { startPostgres, type TestPostgres } from '../../.tools/postgres.ts';
import { auditSuite } from './audit.suite.ts';
import { jobEventsSuite } from './job-events.suite.ts';
import { librarySuite } from './library.suite.ts';
import { openPostgres, openPostgresBeside, openPostgresReadOnly } from './postgres.ts';
import { payloadsOf } from './postgres-line.ts';
import { operatorsSuite } from './operators.suite.ts';
import { presetsSuite } from './presets.suite.ts';
import { storeSuite } from './store.suite.ts';
import { createStore } from './store.ts';
import { testJob, testSeller } from './testing.ts';
import { usageDaysSuite } from './usage-days.suite.ts';
import { usageSuite } from './usage.suite.ts';
import { webhooksSuite } from './webhooks.suite.ts';

let server: TestPostgres;
before(async () => {
  server = await startPostgres();
});
after(() => server.stop());

const open = (url: string) => openPostgres({ url, maxConnections: 12, onFault: () => {} });

storeSuite('PostgreSQL', async () => open(await server.createDatabase()));
auditSuite('PostgreSQL', async () => open(await server.createDatabase()));
operatorsSuite('PostgreSQL', async () => open(await server.createDatabase()));
presetsSuite('PostgreSQL', async () => open(await server.createDatabase()));
librarySuite('PostgreSQL', async () => open(await server.createDatabase()));
jobEventsSuite('PostgreSQL', async () => open(await server.createDatabase()));
usageSuite('PostgreSQL', async () => open(await server.createDatabase()));
usageDaysSuite('PostgreSQL', async () => open(await server.createDatabase()));
webhooksSuite('PostgreSQL', async () => open(await server.createDatabase()));

it('nodes that start together migrate once', async () => {
  const url = await server.createDatabase();
  const nodes = await Promise.all(Array.from({ length: 4 }, () => open(url)));
  await Promise.all(nodes.map((node) => node.close()));
});

it('a node of an older version works on beside a schema to which a newer one has added', async () => {
  const url = await server.createDatabase();
  const node = await open(url);
  const store = createStore(node);
  const accountId = await testSeller(store, { userId: 'a', tokens: 30 });
  const order = () =>
    store.transaction(async (tx) => {
      const job = testJob({ accountId });
      await store.jobs.insert(tx, job);
      const price = job.tokensCost;
      await store.ledger.debit(tx, { id: uuidv7(), accountId, jobId: job.id, price, actor: 'seller', now: 1 });
      return job.id;
    });
  const lookAt = async (id: string) => [
    (await store.jobs.get(id))!.stage,
    (await store.accounts.get(accountId))!.balance,
  ];
  assert.deepEqual(await lookAt(await order()), ['queued', 20], 'its statements are prepared');

  const newer = new pg.Client(url);
  await newer.connect();
  for (const table of ['jobs', 'accounts', 'ledger', 'job_events', 'presets', 'preset_revisions', 'sites'])
    await newer.query(`alter table ${table} add column of_the_next_version text not null default 'x'`);
  await newer.query('create table of_the_next_version (id text primary key)');
  await newer.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ('next', 9999999999999)");
  await newer.end();

  const id = await order();
  const now = Date.now();
  const steps = ['submitting', 'generating', 'saving', 'done'] as const;
  for (const stage of steps) assert.ok(await store.transaction((tx) => store.jobs.advance(tx, stage, { id, now })));
  assert.deepEqual(await lookAt(id), ['done', 10]);
  assert.deepEqual(await store.audit.ledgerFaults(), []);
  await node.close();
  await assert.rejects(open(url), /newer version/, 'but it does not start there');
});

it('a signal of one node reaches another', async () => {
  const url = await server.createDatabase();
  const [here, there] = [await open(url), await open(url)];
  const heard = new Promise((resolve) => there.signals.subscribe(resolve));
  here.signals.publish({ accountId: 'a', jobId: 'b' });
  assert.deepEqual(await heard, { accountId: 'a', jobId: 'b' });
  await Promise.all([here.close(), there.close()]);
});

it('what a node leaves in a transaction is heard by all, also by way of a connection of its own, and of a command beside', async () => {
  const url = await server.createDatabase();
  const there = await openPostgres({ url, directUrl: url, onFault: () => {} });
  const beside = await openPostgresBeside({ url, onFault: () => {} });
  const heard = new Promise((resolve) => there.signals.subscribe(resolve));
  const accountId = await testSeller(createStore(beside), { userId: 'a', tokens: 3 });
  assert.deepEqual(await heard, { accountId });
  await Promise.all([there.close(), beside.close()]);
});

it('what strangers send there hurts nobody', async () => {
  const url = await server.createDatabase();
  const faults: unknown[] = [];
  const node = await openPostgres({ url, onFault: (fault) => faults.push(fault) });
  const heard = new Promise<void>((resolve) =>
    node.signals.subscribe(({ accountId }) => {
      if (accountId === 'last') resolve();
    }),
  );
  const client = new pg.Client(url);
  await client.connect();
  for (const payload of ['', '{"accountId":1}', ' ', '\n\n', 'x'.repeat(7_000)])
    await client.query('select pg_notify($1, $2)', ['kling_video_cover', payload]);
  await client.end();
  node.signals.publish({ accountId: 'last' });
  await heard;
  assert.deepEqual(faults, []);
  await node.close();
});

it('however many signals are told in payloads that NOTIFY takes', async () => {
  const id = '0190f0f0-0000-7000-8000-00000000000';
  const many = Array.from({ length: 500 }, (_, n) => ({ accountId: `${id}${n % 7}`, jobId: `${id}${n}` }));
  const payloads = payloadsOf([...many, ...many]);
  assert.equal(payloads.join('\n').split('\n').length, 500);
  assert.ok(payloads.length < 10 && payloads.every((payload) => Buffer.byteLength(payload) < 8_000));
  const url = await server.createDatabase();
  const node = await open(url);
  const heard = new Set<string>();
  const all = new Promise<void>((resolve) =>
    node.signals.subscribe(({ accountId, jobId }) => {
      if (heard.add(`${accountId} ${jobId}`).size === 500) resolve();
    }),
  );
  node.signals.publish(...many);
  await all;
  await node.close();
});

it('a command reads and, when asked to, writes beside the servers, and migrates nothing', async () => {
  const url = await server.createDatabase();
  const early = await openPostgresReadOnly({ url, onFault: () => {} });
  await assert.rejects(createStore(early).check(), 'nothing was made');
  await early.close();

  const node = await open(url);
  const [reader, writer] = [
    await openPostgresReadOnly({ url, onFault: () => {} }),
    await openPostgresBeside({ url, onFault: () => {} }),
  ];
  const accountId = await testSeller(createStore(writer), { userId: 'a', tokens: 3 });
  assert.equal((await createStore(reader).accounts.get(accountId))?.balance, 3);
  await assert.rejects(
    reader.transaction(async () => {}),
    /reading only/,
  );
  assert.deepEqual(Object.keys(reader.read).toSorted(), ['select', 'selectDistinct']);
  await Promise.all([node.close(), reader.close(), writer.close()]);
});
