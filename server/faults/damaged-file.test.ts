import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import SQLite from 'better-sqlite3';
import { v7 as uuidv7 } from 'uuid';
import { compose } from '../compose.ts';
import { loadConfig } from '../config.ts';
import { openSqlite } from '../store/sqlite.ts';
import { createStore } from '../store/store.ts';
import { temporaryFolder, testJob, testSeller } from '../store/testing.ts';

const tokens = 7_000;
const sellers = 20;

describe('a SQLite file that is not what it was', () => {
  const folder = temporaryFolder();
  after(folder.remove);
  const good = join(folder.path, 'good.db');
  const file = join(folder.path, 'covers.db');

  before(async () => {
    const database = openSqlite(good);
    const store = createStore(database);
    for (let nth = 0; nth < sellers; nth++) {
      const accountId = await testSeller(store, { userId: `seller ${nth}`, tokens });
      await store.transaction(async (tx) => {
        const job = testJob({ accountId });
        await store.jobs.insert(tx, job);
        const { tokensCost: price, id: jobId } = job;
        await store.ledger.debit(tx, { id: uuidv7(), accountId, jobId, price, actor: 'test', now: 1 });
      });
    }
    await store.close();
  });

  function putFile(change: (bytes: Buffer) => Buffer): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
    writeFileSync(file, change(readFileSync(good)));
  }

  /** Refused, or its money is right, or the watch over the ledger sees that it is not. */
  async function verdict(): Promise<'refused' | 'sound' | 'contradicts itself'> {
    let store;
    try {
      store = createStore(openSqlite(file));
    } catch (fault) {
      assert.ok(fault instanceof Error);
      return 'refused';
    }
    try {
      if ((await store.audit.ledgerFaults()).length > 0) return 'contradicts itself';
      const accounts = await store.accounts.list({ limit: 100 });
      assert.deepEqual(
        accounts.map(({ balance }) => balance),
        accounts.map(() => tokens - 10),
      );
      assert.equal(accounts.length, sellers);
      return 'sound';
    } catch (fault) {
      if (fault instanceof assert.AssertionError) throw fault;
      return 'contradicts itself';
    } finally {
      await store.close();
    }
  }

  it('is refused with a sentence and its remedy when any page is overwritten or missing', () => {
    const size = readFileSync(good).length;
    const isRefused = () => assert.throws(() => openSqlite(file), /covers\.db is damaged .*Restore it from a backup/s);
    for (const kept of [100, 4096, Math.floor(size / 2), size - 4096]) {
      putFile((bytes) => bytes.subarray(0, kept));
      isRefused();
    }
    putFile(() => Buffer.from('this is a text file, and a rather long one at that. '.repeat(200)));
    isRefused();
    putFile((bytes) => Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(size - 4096)]));
    isRefused();
  });

  it('with single bytes turned is refused, or sound, or found out by the ledger: never believed in silence', async () => {
    const found = { refused: 0, sound: 0, 'contradicts itself': 0 };
    let seed = 7;
    for (let times = 0; times < 40; times++) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      putFile((bytes) => {
        const at = seed % bytes.length;
        bytes[at] = bytes[at]! ^ 0xff;
        return bytes;
      });
      found[await verdict()]++;
    }
    assert.ok(found.refused > 0 && found.sound > 0, JSON.stringify(found));
  });

  it('of a newer version is refused with a sentence, and is as it was', async () => {
    putFile((bytes) => bytes);
    const newer = new SQLite(file);
    newer.exec("insert into __drizzle_migrations (hash, created_at) values ('news', 9999999999999)");
    newer.close();
    assert.throws(() => openSqlite(file), /changed by a newer version/);
    const again = new SQLite(file);
    again.exec("delete from __drizzle_migrations where hash = 'news'");
    again.close();
    assert.equal(await verdict(), 'sound');
  });

  it('without its write-ahead log is older, and still in agreement with itself', async () => {
    putFile((bytes) => bytes);
    const store = createStore(openSqlite(file));
    await testSeller(store, { userId: 'after the last checkpoint', tokens: 1 });
    const older = join(folder.path, 'older.db');
    copyFileSync(file, older);
    await store.close();
    const restored = createStore(openSqlite(older));
    assert.deepEqual(await restored.audit.ledgerFaults(), []);
    assert.equal((await restored.accounts.list({ limit: 100 })).length, sellers);
    await restored.close();
  });

  it('may not be replaced by an empty one beside the files of sellers: the server refuses, and starts after the remedy', async () => {
    const media = join(folder.path, 'media');
    const config = loadConfig({
      DATABASE_URL: `file:${file}`,
      STORAGE_URL: `file:${media}`,
      SECRET: 'a secret of the test, 32 bytes or more',
      KLING_API_KEY: 'key',
      LOG_LEVEL: 'silent',
    });
    const withoutLog = async () => {
      putFile(() => Buffer.alloc(0));
      const database = openSqlite(file);
      await testSeller(createStore(database), { userId: 'in the log only', tokens: 1 });
      const beforeCheckpoint = readFileSync(file);
      await database.close();
      putFile(() => beforeCheckpoint);
    };
    const losses = [() => rmSync(file, { force: true }), () => truncateSync(file, 0), withoutLog];
    mkdirSync(join(media, 'lost+found'), { recursive: true });
    putFile(() => Buffer.alloc(0));
    await (await compose(config)).close(0);

    mkdirSync(join(media, uuidv7(), 'uploads'), { recursive: true });
    for (const lose of losses) {
      await lose();
      await assert.rejects(
        compose(config),
        /covers\.db is empty, but .*media holds .*Restore .*move that folder away/s,
      );
      assert.equal(existsSync(`${file}-wal`), false, 'nothing is left that would spoil a restored file');
    }
    putFile((bytes) => bytes);
    await (await compose(config)).close(0);
  });
});
