import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import SQLite from 'better-sqlite3';
import { createWriteQueue } from '../store/write-queue.ts';
import { temporaryFolder } from '../store/testing.ts';
import { startSite } from './server-process-testing.ts';

const source = join(import.meta.dirname, 'failing-fsync.c');

/** Null where there is no C compiler. */
function compiled(folder: string): string | null {
  const library = join(folder, 'failing-fsync.so');
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl'], { stdio: 'ignore' });
    return library;
  } catch {
    return null;
  }
}

it('an fsync that fails ends the server, and the next one knows every order that was answered', async (t) => {
  const place = await startSite();
  t.after(() => place.close());
  const library = process.platform === 'linux' && compiled(place.folder);
  if (!library) return t.skip('a disk that fails is played by a small C library: that takes Linux and a C compiler');
  const flag = join(place.folder, 'fail');
  const server = await place.start({ LD_PRELOAD: library, FAIL_FSYNC: flag });
  assert.equal((await place.grant(50, 'before')).status, 201);

  writeFileSync(flag, '');
  const unanswered = await place.grant(50, 'during').catch(() => null);
  assert.ok(unanswered === null || unanswered.status === 503, `answered ${unanswered?.status}`);
  const { code, said } = await server.exit;
  assert.equal(code, 1);
  assert.match(said, /"alarm":"disk_failed".*Look at the disk/);

  rmSync(flag);
  const next = await place.start();
  const balance = await place.balance();
  assert.ok(balance === 50 || balance === 100, 'an unanswered grant is there or not');
  assert.ok((await place.grant(50, 'during')).ok);
  assert.equal(await place.balance(), 100);
  assert.equal((await next.signal('SIGTERM')).code, 0);
});

it('after a fault of the disk nothing waits, nothing is written, and it is told once', async () => {
  const { path, remove } = temporaryFolder();
  const connection = new SQLite(join(path, 'test.db'));
  connection.exec('create table t (n)');
  const told: unknown[] = [];
  const queue = createWriteQueue(connection, (fault) => told.push(fault));
  const broken = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' });
  const write = (n: number) => queue.run(async () => connection.prepare('insert into t values (?)').run(n));
  const group = [write(1), queue.run(() => Promise.reject(new Error('query failed', { cause: broken }))), write(2)];
  for (const work of [...group, write(3)]) await assert.rejects(work, { name: 'AppError', code: 'unavailable' });
  await assert.rejects(write(4), { name: 'AppError', code: 'unavailable' });
  assert.deepEqual(connection.prepare('select * from t').all(), []);
  assert.equal(told.length, 1);
  await queue.close();
  connection.close();
  remove();
});
