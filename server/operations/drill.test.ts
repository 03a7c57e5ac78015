/** The restore drill: what an operator does after losing the machine, with the real commands and the real server. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { startSite, type TestSite } from '../faults/server-process-testing.ts';

/** Runs a command of this project with the site's settings. */
async function run(place: TestSite, script: string, ...args: string[]) {
  const { PATH, HOME, NODE_OPTIONS, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, HOME, NODE_OPTIONS, NODE_COMPILE_CACHE, ...place.settings };
  const path = join(import.meta.dirname, '..', script);
  const child = spawn(process.execPath, [path, ...args], { cwd: place.folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: ((await exited) as [number | null])[0], said: said + complained };
}

async function clipOf(place: TestSite, jobId: string): Promise<string> {
  const { video } = await place.when(jobId, ({ status }) => status === 'completed');
  const answer = await place.call(new URL(video!.url).pathname);
  return createHash('sha256')
    .update(new Uint8Array(await answer.arrayBuffer()))
    .digest('hex');
}

test('a backup of a running server brings back every clip and token it knew; its open job ends in one task; what came later is known at Kling', async (t) => {
  const place = await startSite({ kling: { processingMs: 1_500 } });
  t.after(() => place.close());
  const backup = join(place.folder, 'backup');
  let server = await place.start();
  await place.grant(100, 'invoice-1');
  const uploadId = await place.uploaded();
  const { job: finished } = await place.order(uploadId, { key: 'finished' });
  const clip = await clipOf(place, finished.id);
  const { job: open } = await place.order(uploadId, { key: 'open' });
  await place.when(open.id, ({ stage }) => stage === 'generating');

  const first = await run(place, 'operations/backup-main.ts', backup);
  assert.equal(first.code, 0, first.said);
  assert.equal((await place.call(`/v1/jobs/${open.id}`)).status, 200, 'the server goes on');

  await place.grant(50, 'invoice-2');
  const { job: later } = await place.order(uploadId, { key: 'later' });
  await place.when(later.id, ({ status }) => status === 'completed');
  await server.signal('SIGKILL');
  for (const name of readdirSync(place.folder))
    if (name !== 'backup') rmSync(join(place.folder, name), { recursive: true });

  cpSync(join(backup, 'kling-video-cover.db'), join(place.folder, 'covers.db'));
  cpSync(join(backup, 'media'), join(place.folder, 'media'), { recursive: true });
  server = await place.start();
  assert.equal(await clipOf(place, finished.id), clip);
  await clipOf(place, open.id);
  const tasks = place.kling.tasks().filter(({ externalId }) => externalId === `kvc-${open.id}`);
  assert.equal(tasks.length, 1, 'no clip is bought twice');
  assert.equal(await place.balance(), 100 - 2 * finished.tokensCost);
  assert.equal((await place.call(`/v1/jobs/${later.id}`)).status, 404);

  await place.grant(100, 'invoice-1');
  await place.grant(50, 'invoice-2');
  assert.equal(await place.balance(), 150 - 2 * finished.tokensCost, 'grants sent again fill the gap, none twice');
  const { code, said } = await run(place, 'doctor/main.ts');
  assert.equal(code, 1);
  assert.match(said, /✗ orphans .*1 /, said);
  assert.doesNotMatch(said, /✗ (?!orphans)/, said);
  await server.signal('SIGKILL');
});

test('a later backup brings new files only, and a damaged database leaves the earlier copy', async (t) => {
  const place = await startSite();
  t.after(() => place.close());
  const backup = join(place.folder, 'backup');
  const server = await place.start();
  await place.uploaded();
  assert.match((await run(place, 'operations/backup-main.ts', backup)).said, /: 1 new files.* 0 were there/);
  await place.uploaded();
  assert.match((await run(place, 'operations/backup-main.ts', backup)).said, /: 1 new files.* 1 were there/);
  await server.signal('SIGKILL');

  const earlier = statSync(join(backup, 'kling-video-cover.db'));
  const { code, said } = await run(
    { ...place, settings: { ...place.settings, DATABASE_URL: `file:${import.meta.filename}` } },
    'operations/backup-main.ts',
    backup,
  );
  assert.equal(code, 1);
  assert.match(said, /not a database/);
  assert.deepEqual(statSync(join(backup, 'kling-video-cover.db')), earlier);
});
