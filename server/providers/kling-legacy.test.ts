import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createKlingAccounts } from './kling.ts';
import type { ProviderClient, TaskRequest } from './provider.ts';
import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';

// Text-to-video and pictures on the legacy paths. Answers have the form of the official samples (image generation page,
// captured 2026-09-20); what image-to-video shares with them is tried in kling-wire.test.ts.

const common = { externalId: 'kvc-1', sound: false, prompt: 'a slow turn', negativePrompt: '', picture: null };
const clip: TaskRequest = {
  ...common,
  kind: 'text-to-video',
  model: 'kling-v2-6',
  mode: 'std',
  aspectRatio: '9:16',
  seconds: 5,
};
const drawing: TaskRequest = {
  ...common,
  kind: 'text-to-image',
  model: 'kling-v3',
  mode: '1k',
  aspectRatio: '3:4',
  seconds: 0,
};
const picture = { bytes: new Uint8Array([255, 216, 255, 224]) };
const callbackUrl = 'https://cover.example/hook';

let server: ScriptedServer;
let clips: Required<ProviderClient>;
let pictures: Required<ProviderClient>;
before(async () => {
  server = await startScriptedServer();
  const settings = { id: 'kling', concurrency: 5, credentials: { apiKey: 'k' }, now: Date.now, baseUrl: server.url };
  const accounts = createKlingAccounts(settings);
  clips = accounts[0].clientFor(clip) as Required<ProviderClient>;
  pictures = accounts[1].clientFor(drawing) as Required<ProviderClient>;
});
after(() => server.close());

const signal = new AbortController().signal;
const lastSeen = () => server.seen.at(-1)!;
const answer = (data: unknown) => ({ status: 200, body: { code: 0, message: 'SUCCEED', request_id: 'r', data } });
const times = { created_at: 1722769557708, updated_at: 1722769557708 };
const info = { task_info: { external_task_id: 'kvc-1' }, ...times };
const created = answer({ task_id: 't-1', task_status: 'submitted', ...info });

async function bodyOf(client: ProviderClient, request: TaskRequest): Promise<unknown> {
  server.script(created);
  assert.deepEqual(await client.submit(request, signal), { outcome: 'accepted', taskId: 't-1' });
  return lastSeen().body;
}

test('a clip of text is sent with its shape and without a picture', async () => {
  assert.deepEqual(await bodyOf(clips, clip), {
    model_name: 'kling-v2-6',
    prompt: 'a slow turn',
    mode: 'std',
    aspect_ratio: '9:16',
    duration: '5',
    sound: 'off',
    external_task_id: 'kvc-1',
  });
  assert.equal(`${lastSeen().method} ${lastSeen().target}`, 'POST /v1/videos/text2video');
  const more = { mode: 'pro', sound: true, seconds: 10, negativePrompt: 'blur', callbackUrl };
  assert.deepEqual(await bodyOf(clips, { ...clip, ...more }), {
    model_name: 'kling-v2-6',
    prompt: 'a slow turn',
    negative_prompt: 'blur',
    mode: 'pro',
    aspect_ratio: '9:16',
    duration: '10',
    sound: 'on',
    external_task_id: 'kvc-1',
    callback_url: callbackUrl,
  });
  assert.ok(!('sound' in ((await bodyOf(clips, { ...clip, model: 'kling-v2-5-turbo' })) as object)));
});

test('a picture of text is one picture of the wished size and shape', async () => {
  assert.deepEqual(await bodyOf(pictures, { ...drawing, negativePrompt: 'blur', callbackUrl }), {
    model_name: 'kling-v3',
    prompt: 'a slow turn',
    negative_prompt: 'blur',
    resolution: '1k',
    n: 1,
    aspect_ratio: '3:4',
    external_task_id: 'kvc-1',
    callback_url: callbackUrl,
  });
  assert.equal(`${lastSeen().method} ${lastSeen().target}`, 'POST /v1/images/generations');
});

test('a picture of a picture keeps its shape and goes without a negative prompt', async () => {
  const request = { ...drawing, kind: 'image-to-image', model: 'kling-v2-1', mode: '2k', picture } as const;
  assert.deepEqual(await bodyOf(pictures, { ...request, negativePrompt: 'blur' }), {
    model_name: 'kling-v2-1',
    prompt: 'a slow turn',
    image: '/9j/4A==',
    resolution: '2k',
    n: 1,
    aspect_ratio: '3:4',
    external_task_id: 'kvc-1',
  });
  const sent = await bodyOf(pictures, { ...request, picture: { url: 'https://shop.example/p.jpg' } });
  assert.equal((sent as { image: string }).image, 'https://shop.example/p.jpg');
});

const done = {
  task_id: 't-1',
  task_status: 'succeed',
  task_status_msg: '',
  final_unit_deduction: '8',
  final_balance_deduction: { quota: '0', list_price: '0' },
  watermark_info: { enabled: false },
  ...info,
};
const found = (resultUrl: string | null) => ({
  outcome: 'found',
  task: { taskId: 't-1', externalId: 'kvc-1', state: 'succeeded', reason: '', resultUrl },
});

test('a finished picture is found by both ids and in the list, at the address without watermark', async () => {
  const image = { index: 0, url: 'https://cdn.example/p.png', watermark_url: 'https://cdn.example/w.png' };
  const data = { ...done, task_result: { images: [image] } };
  server.script(answer(data));
  assert.deepEqual(await pictures.findByExternalId('kvc-1', signal), found(image.url));
  assert.equal(`${lastSeen().method} ${lastSeen().target}`, 'GET /v1/images/generations/kvc-1');
  assert.deepEqual(await pictures.findByTaskId('t-1', signal), found(image.url));
  server.script(answer([data]));
  const listed = await pictures.listNewest(30, signal);
  assert.deepEqual(listed, { outcome: 'listed', tasks: [found(image.url).task], complete: true });
  assert.equal(lastSeen().target, '/v1/images/generations?pageNum=1&pageSize=30');
});

test('a picture without its address is a task without a result', async () => {
  for (const task_result of [undefined, null, {}, { images: null }, { images: [] }, { images: [{ url: 7 }] }]) {
    server.script(answer({ ...done, task_result }));
    assert.deepEqual(await pictures.findByTaskId('t-1', signal), found(null));
  }
});

test('a clip of text is asked for where it was made', async () => {
  server.script(answer({ ...done, task_result: { videos: [{ id: 'v', url: 'https://cdn.example/v.mp4' }] } }));
  assert.deepEqual(await clips.findByExternalId('kvc-1', signal), found('https://cdn.example/v.mp4'));
  assert.equal(lastSeen().target, '/v1/videos/text2video/kvc-1');
  server.script(answer([]));
  assert.deepEqual(await clips.listNewest(5, signal), { outcome: 'listed', tasks: [], complete: true });
  assert.equal(lastSeen().target, '/v1/videos/text2video?pageNum=1&pageSize=5');
});

test('a task that is not found, a taken id and an empty pack are told as for image-to-video', async () => {
  for (const client of [clips, pictures]) {
    const request = client === clips ? clip : drawing;
    server.script({ status: 400, body: { code: 1201, message: 'Task not found by id/external id: kvc-1' } });
    assert.deepEqual(await client.findByExternalId('kvc-1', signal), { outcome: 'absent' });
    server.script({ status: 400, body: { code: 1201, message: 'External_task_id kvc-1 already exists' } });
    assert.equal((await client.submit(request, signal)).outcome, 'exists');
    server.script({ status: 429, body: { code: 1102, message: 'Account balance not enough' } });
    assert.equal((await client.submit(request, signal)).outcome, 'account-blocked');
    server.script({ status: 429, body: { code: 1303, message: 'parallel task over resource pack limit' } });
    assert.equal((await client.submit(request, signal)).outcome, 'busy');
  }
});
