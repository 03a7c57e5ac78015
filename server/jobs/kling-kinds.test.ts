/** Every kind of job through both of Kling's accounts and both generations of its API, over real HTTP. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, it } from 'node:test';
import { startKlingSimulator } from '../../demo/simulators/kling.ts';
import { v7 as uuidv7 } from 'uuid';
import { createDownloader } from '../media/download.ts';
import { createPictures } from '../media/picture.ts';
import { samplePicture } from '../media/sample-picture.ts';
import { createKlingAccounts } from '../providers/kling.ts';
import type { JobRow, NewPreset } from '../store/schema.ts';
import { testPreset } from '../store/testing.ts';
import { silentLog, startWorld, type World } from './testing.ts';
import { needsPicture } from './job.ts';
import { models } from './models.ts';
import { createWorker, type Worker } from './worker.ts';

const clip = { ...testPreset, aspectRatio: '9:16' } as const;
const drawing = { ...testPreset, model: 'kling-v3', mode: '1k', seconds: 0, aspectRatio: '3:4', negativePrompt: '' };
const presets: NewPreset[] = [
  { ...clip, presetId: 'image2video' },
  { ...clip, presetId: 'text2video', kind: 'text-to-video' },
  { ...drawing, presetId: 'text-to-image', kind: 'text-to-image' },
  { ...drawing, presetId: 'image-to-image', kind: 'image-to-image' },
  { ...clip, presetId: 'new image-to-video', model: 'kling-2.6', mode: '720p', negativePrompt: '' },
  {
    ...clip,
    presetId: 'new text-to-video',
    kind: 'text-to-video',
    model: 'kling-3.0',
    mode: '720p',
    negativePrompt: '',
  },
];

let world: World;
let worker: Worker;
let accountId: string;
beforeEach(async () => {
  world = await startWorld();
  const { kling, runtime, store, blobs } = world;
  await store.presets.addMissing(presets, runtime.now());
  const connection = { baseUrl: kling.url, credentials: { apiKey: kling.apiKey }, now: runtime.now };
  worker = createWorker({
    store,
    runtime,
    log: silentLog,
    blobs,
    pictures: createPictures(),
    download: createDownloader({ allowedHosts: [new URL(kling.url).host], maxBytes: 50_000_000, timeoutMs: 5_000 }),
    accounts: createKlingAccounts({ id: 'kling', concurrency: 5, ...connection }),
    settings: { pollIntervalMs: 10_000 },
  });
  accountId = await world.seller(1_000);
});
afterEach(async () => {
  await worker.stop(0);
  await world.close();
});

async function order(presetId: string, prompt = 'a calm turn'): Promise<JobRow> {
  const isFromPicture = presets.find((preset) => preset.presetId === presetId)!.kind!.startsWith('image-');
  const uploadId = isFromPicture && { uploadId: await world.upload(accountId) };
  const request = { presetId, fit: 'crop' as const, prompt, ...uploadId };
  return (await world.jobs.create({ accountId, idempotencyKey: uuidv7(), request })).job;
}

async function live(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 1) {
    await worker.tick();
    world.runtime.pass(1_000);
    world.kling.advance();
  }
  await worker.tick();
}

const tasksOf = ({ externalId }: JobRow) => world.kling.tasks().filter((task) => task.externalId === externalId);

it('each kind is made where it belongs, once, and comes home', async () => {
  const made = [];
  for (const { presetId } of presets) made.push(await order(presetId));
  await live(40);
  const seen = [];
  for (const { id } of made) {
    const job = await world.read(id);
    const [task] = tasksOf(job);
    const result = (job.video ?? job.image)!.contentType;
    seen.push([job.status, job.providerAccount, task!.generation, task!.family, tasksOf(job).length, result]);
  }
  assert.deepEqual(seen, [
    ['completed', 'kling', 'legacy', 'image2video', 1, 'video/mp4'],
    ['completed', 'kling', 'legacy', 'text2video', 1, 'video/mp4'],
    ['completed', 'kling-images', 'legacy', 'image', 1, 'image/png'],
    ['completed', 'kling-images', 'legacy', 'image', 1, 'image/png'],
    ['completed', 'kling', 'new', 'image2video', 1, 'video/mp4'],
    ['completed', 'kling', 'new', 'text2video', 1, 'video/mp4'],
  ]);
  assert.equal(world.kling.tasks().length, presets.length);
});

it('a lost answer is looked up where the task was made, and nothing is made twice', async () => {
  const made = [];
  for (const { presetId } of presets) made.push(await order(presetId, 'a calm turn [[sim:lost-answer]]'));
  await live(60);
  for (const { id } of made) {
    const job = await world.read(id);
    assert.deepEqual([job.status, tasksOf(job).length, world.kling.postsFor(job.externalId)], ['completed', 1, 1]);
  }
});

it('a request that was lost goes out again once the absence is proven, with the same id', async () => {
  const made = [];
  for (const { presetId } of presets) made.push(await order(presetId, 'a calm turn [[sim:lost-before]]'));
  await live(300);
  for (const { id } of made) {
    const job = await world.read(id);
    assert.deepEqual([job.status, tasksOf(job).length, world.kling.postsFor(job.externalId)], ['completed', 1, 2]);
  }
});

it('an empty pack for pictures stops pictures only, and they go on once there is one', async () => {
  world.kling.setPacks(['video']);
  const picture = await order('text-to-image');
  const turning = await order('text2video');
  await live(60);
  assert.deepEqual(
    [(await world.read(picture.id)).stage, (await world.read(turning.id)).stage],
    ['submitting', 'done'],
  );
  const paused = await world.store.queue.providerAccounts();
  assert.match(paused.find(({ id }) => id === 'kling-images')!.pauseReason!, /1102/);
  assert.equal(paused.find(({ id }) => id === 'kling')!.pauseReason, null);
  world.kling.setPacks(['video', 'image']);
  await live(120);
  assert.equal((await world.read(picture.id)).status, 'completed');
});

it('every line of our list of models can be made, and its double that refuses unknown fields takes it', async (t) => {
  const kling = await startKlingSimulator({ video: 'tiny', strict: true, concurrency: 100, imageConcurrency: 100 });
  t.after(() => kling.close());
  const connection = { baseUrl: kling.url, credentials: { apiKey: kling.apiKey }, now: Date.now };
  const accounts = createKlingAccounts({ id: 'kling', concurrency: 5, ...connection });
  const bytes = await samplePicture({ width: 3, height: 4 });
  for (const { provider, model, mode, kinds, seconds, aspectRatios, sound, units } of models) {
    if (provider !== 'kling') continue;
    for (const kind of kinds)
      for (const withSound of [false, true]) {
        if (withSound ? units.withSound === null : sound === 'always') continue;
        const request = {
          kind,
          model,
          mode,
          aspectRatio: aspectRatios.at(-1)!,
          seconds: seconds.at(-1) ?? 0,
          sound: withSound,
          prompt: 'a calm turn',
          negativePrompt: '',
          picture: needsPicture(kind) ? { bytes } : null,
          externalId: uuidv7(),
        };
        const client = accounts.map((account) => account.clientFor(request)).find((one) => one !== null);
        const { outcome } = await client!.submit(request, AbortSignal.timeout(5_000));
        const task = kling.tasks().at(-1)!;
        const made = [outcome, task.externalId, task.sound, task.multiShot];
        assert.deepEqual(made, ['accepted', request.externalId, withSound, false], `${kind} ${model} ${mode}`);
      }
  }
});
