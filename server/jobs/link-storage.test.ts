/** Results of every sort, kept as files or only linked to. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { checkClips } from '../doctor/check-jobs.ts';
import { testPreset } from '../store/testing.ts';
import type { JobRow, NewPreset } from '../store/schema.ts';
import { isOver, resultOf } from './result.ts';
import { startWorld, silentLog, type World, type WorldOptions } from './testing.ts';
import { createTidy } from './tidy.ts';

const monthMs = 30 * 24 * 3_600_000;
const kling = { ...testPreset, model: 'kling-v3', mode: '1k', seconds: 0 } satisfies NewPreset;
const presets: NewPreset[] = [
  { ...testPreset, presetId: 'text-to-video', kind: 'text-to-video', aspectRatio: '9:16' },
  { ...kling, presetId: 'text-to-image', kind: 'text-to-image' },
  { ...kling, presetId: 'image-to-image', kind: 'image-to-image' },
];

let world: World;
afterEach(() => world.close());

/** One of each kind, made to its end by the simulator. */
async function madeAll(options: WorldOptions): Promise<JobRow[]> {
  world = await startWorld({ pictures: true, ...options });
  await world.store.presets.addMissing(presets, 1);
  const accountId = await world.seller(100);
  const uploadId = await world.upload(accountId);
  const ids: string[] = [];
  for (const presetId of ['video-cover', ...presets.map((preset) => preset.presetId)]) {
    const request = { presetId, uploadId };
    ids.push((await world.jobs.create({ accountId, idempotencyKey: uuidv7(), request })).job.id);
  }
  await world.live(40);
  const jobs = await Promise.all(ids.map(world.read));
  for (const { status, kind, errorMessage } of jobs) assert.equal(status, 'completed', `${kind} ${errorMessage}`);
  assert.equal(await world.balance(accountId), 60);
  return jobs;
}

const keys = async () => (await Array.fromAsync(world.blobs.list())).map(({ key }) => key).toSorted();
const isResult = (key: string) => /\/(text|image)-to-(image|video)\//.test(key);
const tidyLater = (afterMs: number) => {
  const now = () => Date.now() + afterMs;
  return createTidy({ store: world.store, blobs: world.blobs, runtime: { now }, log: silentLog }).tidy();
};

describe('a copied result', () => {
  it('lies under seller, kind, job and time, and is never taken for litter', async () => {
    const jobs = await madeAll({});
    const expected = {
      'image-to-video': 'mp4',
      'text-to-video': 'mp4',
      'text-to-image': 'png',
      'image-to-image': 'png',
    };
    for (const job of jobs) {
      const { key, bytes, sha256, link } = resultOf(job);
      assert.match(key, new RegExp(`^${job.accountId}/${job.kind}/${job.id}-\\d+\\.${expected[job.kind]}$`));
      assert.equal((await world.blobs.stat(key))?.bytes, bytes);
      assert.match(sha256, /^[0-9a-f]{64}$/);
      assert.equal(link, undefined);
      assert.equal(isOver(resultOf(job), Infinity), false);
    }
    const before = await keys();
    assert.equal(before.filter(isResult).length, 4);
    assert.equal(await tidyLater(monthMs), 0);
    assert.deepEqual(await keys(), before);
  });

  it('has the shape that was ordered', async () => {
    const [cover, tall, picture] = await madeAll({});
    const shapeOf = (job: JobRow) => resultOf(job).width / resultOf(job).height;
    assert.ok(Math.abs(shapeOf(cover!) - 3 / 4) < 0.02);
    assert.ok(Math.abs(shapeOf(tall!) - 9 / 16) < 0.02);
    assert.ok(Math.abs(shapeOf(picture!) - 3 / 4) < 0.02);
    assert.deepEqual([picture!.video, cover!.image, tall!.still, tall!.uploadId], [null, null, null, null]);
  });
});

describe('where no copy is kept', () => {
  it('nothing of a result stays here, and its facts and address are true', async () => {
    const jobs = await madeAll({ keepResults: 'link' });
    assert.deepEqual((await keys()).filter(isResult), []);
    for (const job of jobs) {
      const { link, width, height, bytes, sha256, contentType } = resultOf(job);
      assert.equal(link!.url, job.resultUrl);
      assert.equal(link!.expiresAt, job.succeededAt! + monthMs);
      const file = await fetch(link!.url);
      assert.equal(file.headers.get('content-type'), contentType);
      assert.equal((await file.arrayBuffer()).byteLength, bytes);
      assert.ok(width > 100 && height > 100 && sha256.length === 64);
      assert.deepEqual(
        [isOver(resultOf(job), link!.expiresAt), isOver(resultOf(job), link!.expiresAt + 1)],
        [false, true],
      );
    }
  });

  it('neither tidying nor the doctor miss a file, and what a dead process left goes', async () => {
    const jobs = await madeAll({ keepResults: 'link' });
    const finding = await checkClips(world);
    assert.equal(finding.state, 'ok', finding.text);
    const before = await keys();
    async function* one() {
      yield Buffer.from('left behind');
    }
    for (const job of jobs) await world.blobs.put(resultOf(job).key, one(), { maxBytes: 100 });
    assert.equal(await tidyLater(monthMs), 4);
    assert.deepEqual(await keys(), before, 'stills and uploads stay');
  });

  it('a wrong result is still refused with its refund', async () => {
    world = await startWorld({ keepResults: 'link' });
    const accountId = await world.seller(10);
    const { id } = await world.order(accountId, '[[sim:square-result]]');
    await world.live(40);
    const job = await world.read(id);
    assert.deepEqual([job.status, job.errorCode, job.video], ['failed', 'result_rejected', null]);
    assert.equal(await world.balance(accountId), 10);
    assert.deepEqual((await keys()).filter(isResult), []);
  });
});
