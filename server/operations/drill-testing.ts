/** The restore drill: what an operator does after losing the machine, with the real commands and the real server. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { Job } from '../contract.ts';
import { startSite, type TestSite } from '../faults/server-process-testing.ts';

const run = promisify(execFile);
const stepMs = 60_000;

const taskMs = 60_000;
const waitMs = 90_000;

/** A place whose Kling brings tasks to an end when it is told to, so that a job stays open as long as a backup takes. */
export async function startDrillSite() {
  let aheadMs = 0;
  const kling = { processingMs: taskMs, clock: () => Date.now() + aheadMs };
  const place = await startSite({ kling });
  return {
    ...place,
    when(id: string, isSo: (job: Job) => boolean): Promise<Job> {
      const end = Date.now() + waitMs;
      return place.when(id, (job) => {
        place.kling.advance();
        assert.ok(Date.now() < end, `after ${waitMs} ms the job is ${JSON.stringify(job)}`);
        return isSo(job);
      });
    },
    finishTasks: () => void (aheadMs += taskMs),
  };
}

export type DrillSite = Awaited<ReturnType<typeof startDrillSite>>;

/** How one kind of installation is copied, lost and brought back. */
export interface Way {
  /** While the server runs. */
  backUp(): Promise<void>;
  /** Leaves nothing but the backup. The server is dead. */
  lose(): Promise<void>;
  /** As the guide says, before the server starts. */
  restore(): Promise<void>;
}

/**
 * Jobs and money, a backup, more of both, then all is lost and brought back: every clip and token of the backup is there;
 * its open job, which has ended at Kling meanwhile, is finished without a second task; the doctor names what was ordered
 * later. Leaves no server running.
 */
export async function drill(place: DrillSite, { backUp, lose, restore }: Way): Promise<void> {
  const known = await withServer(place, () => work(place, backUp));
  await lose();
  await restore();
  await withServer(place, () => look(place, known));
}

/** The server is killed after it, come what may. */
async function withServer<T>(place: DrillSite, task: () => Promise<T>): Promise<T> {
  const server = await place.start();
  try {
    return await task();
  } finally {
    await server.signal('SIGKILL');
  }
}

async function work(place: DrillSite, backUp: Way['backUp']) {
  const isGenerating = ({ stage }: Job) => stage === 'generating';
  await place.grant(100, 'invoice-1');
  const uploadId = await place.uploaded();
  const { job: finished } = await place.order(uploadId, { key: 'finished' });
  await place.when(finished.id, isGenerating);
  place.finishTasks();
  const clip = await clipOf(place, finished.id);
  const { job: open } = await place.order(uploadId, { key: 'open' });
  await place.when(open.id, isGenerating);

  await backUp();
  await place.when(open.id, isGenerating);

  await place.grant(50, 'invoice-2');
  const { job: later } = await place.order(uploadId, { key: 'later' });
  await place.when(later.id, isGenerating);
  place.finishTasks();
  for (const { id } of [open, later]) await clipOf(place, id);
  return { finished, clip, open, later };
}

async function look(place: DrillSite, { finished, clip, open, later }: Awaited<ReturnType<typeof work>>) {
  assert.equal(await clipOf(place, finished.id), clip);
  await clipOf(place, open.id);
  const tasks = place.kling.tasks().filter(({ externalId }) => externalId === `kvc-${open.id}`);
  assert.equal(tasks.length, 1, 'no clip is bought twice');
  assert.equal(await place.balance(), 100 - 2 * finished.tokensCost);
  assert.equal((await place.call(`/v1/jobs/${later.id}`)).status, 404);
  assert.equal((await place.call('/readyz')).status, 200);

  await place.grant(100, 'invoice-1');
  await place.grant(50, 'invoice-2');
  assert.equal(await place.balance(), 150 - 2 * finished.tokensCost, 'grants sent again fill the gap, none twice');
  const { code, said } = await runHere(place, 'doctor/main.ts');
  assert.equal(code, 1, said);
  assert.match(said, new RegExp(`✗ orphans .*1 .*kvc-${later.id}`), said);
  assert.match(said, /✓ ledger/, said);
  assert.doesNotMatch(said, /✗ (?!orphans)/, said);
}

/** The hash of a job's clip, once the job is completed. */
async function clipOf(place: DrillSite, jobId: string): Promise<string> {
  const { video } = await place.when(jobId, ({ status }) => status === 'completed');
  const answer = await place.call(new URL(video!.url).pathname);
  assert.equal(answer.status, 200);
  return createHash('sha256')
    .update(new Uint8Array(await answer.arrayBuffer()))
    .digest('hex');
}

/** Runs a command of this project with the site's settings. */
export async function runHere(place: TestSite, script: string, ...args: string[]) {
  const { PATH, HOME, NODE_OPTIONS, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, HOME, NODE_OPTIONS, NODE_COMPILE_CACHE, ...place.settings };
  const path = join(import.meta.dirname, '..', script);
  const child = spawn(process.execPath, [path, ...args], { cwd: place.folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: ((await exited) as [number | null])[0], said: said + complained };
}

const guide = readFileSync(join(import.meta.dirname, 'guide.md'), 'utf8');
const lines = [...guide.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block]) =>
  block!.split('\n').map((line) => line.replace(/ +# .*/, '').trim()),
);

/**
 * Runs the guide's lines that begin like these, one after the other, in a shell at the root of the project, with the site's
 * settings; the guide's folders stand for the site's own. With a pair, the second is added to the line. Rejects with what was
 * said when one fails.
 */
export async function runGuide(
  place: DrillSite,
  beginnings: readonly (string | readonly [string, string])[],
  env: Record<string, string> = {},
): Promise<void> {
  for (const [beginning, more = ''] of beginnings.map((one) => [one].flat())) {
    const those = lines.filter((line) => line.startsWith(beginning!));
    assert.equal(those.length, 1, `the guide has ${those.length} lines that begin with ${beginning}`);
    const line = those[0]!.replaceAll('/backups/covers', backupsOf(place)).replaceAll('/var/lib/covers', place.folder);
    const cwd = join(import.meta.dirname, '../..');
    await run('sh', ['-ec', line + more], { cwd, env: { ...shellOf(place), ...env }, timeout: stepMs });
  }
}

/** What a command needs of a shell: no more, or the settings of whoever runs the tests would be among the site's. */
export const shellOf = ({ folder, settings }: DrillSite) => ({ PATH: process.env['PATH'], HOME: folder, ...settings });

/** What the guide calls `/backups/covers`. */
export const backupsOf = ({ folder }: DrillSite): string => join(folder, 'backups');
