import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import SQLite from 'better-sqlite3';
import { auditSuite } from './audit.suite.ts';
import { jobEventsSuite } from './job-events.suite.ts';
import { librarySuite } from './library.suite.ts';
import { openSqlite, openSqliteBeside, openSqliteReadOnly } from './sqlite.ts';
import { operatorsSuite } from './operators.suite.ts';
import { presetsSuite } from './presets.suite.ts';
import { storeSuite } from './store.suite.ts';
import { createStore } from './store.ts';
import { temporaryFolder, testJob, testSeller } from './testing.ts';
import { usageDaysSuite } from './usage-days.suite.ts';
import { usageSuite } from './usage.suite.ts';
import { webhooksSuite } from './webhooks.suite.ts';

const folder = temporaryFolder();
after(folder.remove);
const fileNamed = (name: string) => join(folder.path, `${name}.db`);

storeSuite('SQLite', async () => openSqlite(fileNamed('suite')));
auditSuite('SQLite', async () => openSqlite(fileNamed('audit')));
let presetFiles = 0;
operatorsSuite('SQLite', async () => openSqlite(fileNamed('operators')));
presetsSuite('SQLite', async () => openSqlite(fileNamed(`presets-${++presetFiles}`)));
librarySuite('SQLite', async () => openSqlite(fileNamed('library')));
jobEventsSuite('SQLite', async () => openSqlite(fileNamed('job-events')));
usageSuite('SQLite', async () => openSqlite(fileNamed('usage')));
usageDaysSuite('SQLite', async () => openSqlite(fileNamed('usage-days')));
webhooksSuite('SQLite', async () => openSqlite(fileNamed('webhooks')));

it('the reading connection cannot write', async () => {
  const database = openSqlite(fileNamed('readonly'));
  const writer = database.read as unknown as { insert(table: unknown): { values(row: object): Promise<void> } };
  const insert = async () => writer.insert(database.tables.presets).values({ id: 'x', revision: 1 });
  await assert.rejects(insert, (fault: Error) => /readonly/.test(String(fault.cause ?? fault)));
  await database.close();
});

it('a second server on the same file is refused with a sentence that says what to do', async () => {
  const file = fileNamed('two-servers');
  const first = openSqlite(file);
  const source = `import { openSqlite } from '${new URL('./sqlite.ts', import.meta.url).href}'; openSqlite(${JSON.stringify(file)});`;
  const second = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = Buffer.concat(await second.stderr.toArray()).toString();
  assert.match(said, /in use by another server/);
  await first.close();
  await openSqlite(file).close();
});

it('a damaged file is refused', () => {
  const file = fileNamed('damaged');
  writeFileSync(file, Buffer.alloc(8192, 7));
  assert.throws(() => openSqlite(file));
});

it('every commit waits for the disk: the writing connection is WAL with synchronous FULL', async () => {
  const database = openSqlite(fileNamed('durable'));
  const ask = (pragma: string) =>
    database.transaction(async (tx) => (tx as unknown as { get(query: string): object }).get(`pragma ${pragma}`));
  assert.deepEqual(await ask('synchronous'), { synchronous: 2 });
  assert.deepEqual(await ask('journal_mode'), { journal_mode: 'wal' });
  await database.close();
});

it('while another process holds the write lock the event loop goes on, and the write lands afterwards', async () => {
  const file = fileNamed('busy');
  const database = openSqlite(file);
  const store = createStore(database);
  const accountId = await testSeller(store, { userId: 'a', tokens: 1 });
  const other = new SQLite(file);
  other.exec('BEGIN IMMEDIATE');
  const write = store.transaction((tx) => store.jobs.insert(tx, testJob({ accountId })));
  await new Promise((resolve) => setTimeout(resolve, 150));
  other.exec('ROLLBACK');
  assert.ok(await write);
  other.close();
  await database.close();
});

it('a file is read beside its server, newest commits included, and nothing of it is changed', async () => {
  const file = fileNamed('beside');
  const server = openSqlite(file);
  const beside = openSqliteReadOnly(file);
  const accountId = await testSeller(createStore(server), { userId: 'a', tokens: 7 });
  assert.equal((await createStore(beside).accounts.get(accountId))?.balance, 7);
  await assert.rejects(
    beside.transaction(async () => {}),
    /reading only/,
  );
  await beside.close();
  await server.close();

  const digest = () => createHash('sha256').update(readFileSync(file)).digest('hex');
  const before = digest();
  const alone = openSqliteReadOnly(file);
  assert.deepEqual(await createStore(alone).audit.ledgerFaults(), []);
  await alone.close();
  assert.equal(digest(), before);
  await openSqlite(file).close();
});

it('a missing file is told and never made, and a damaged one is refused', () => {
  const missing = fileNamed('missing');
  for (const open of [openSqliteReadOnly, openSqliteBeside]) assert.throws(() => open(missing), /does not exist/);
  assert.equal(existsSync(missing), false);
  const damaged = fileNamed('damaged-beside');
  writeFileSync(damaged, Buffer.alloc(8192, 7));
  assert.throws(() => openSqliteReadOnly(damaged));
});

it('a command can write beside the running server, and both commits stay', async () => {
  const file = fileNamed('two-writers');
  const [server, beside] = [openSqlite(file), openSqliteBeside(file)];
  await Promise.all([
    testSeller(createStore(server), { userId: 'a', tokens: 1 }),
    testSeller(createStore(beside), { userId: 'b', tokens: 2 }),
  ]);
  const accounts = await createStore(server).accounts.list({ limit: 10 });
  assert.deepEqual(accounts.map((account) => account.balance).toSorted(), [1, 2]);
  await beside.close();
  await server.close();
});
