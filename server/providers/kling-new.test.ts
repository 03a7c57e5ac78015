import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createKlingAccount } from './kling.ts';
import type { ProviderClient, TaskRequest } from './provider.ts';
import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';

// The new API on the wire. Answers have the form of the official samples (Kling 2.6 image-to-video page, captured
// 2026-09-20); what only that API does is tried here, the rest in kling-wire.test.ts.

let server: ScriptedServer;
let kling: Required<ProviderClient>;
before(async () => {
  server = await startScriptedServer();
  const settings = { id: 'kling', concurrency: 5, credentials: { apiKey: 'k' }, now: Date.now };
  kling = createKlingAccount({ ...settings, baseUrl: server.url }).clientFor(request) as Required<ProviderClient>;
});
after(() => server.close());

const request: TaskRequest = {
  externalId: 'kvc-1',
  kind: 'image-to-video',
  model: 'kling-2.6',
  mode: '720p',
  aspectRatio: '3:4',
  seconds: 5,
  sound: false,
  prompt: 'a slow turn',
  negativePrompt: 'blur',
  picture: { bytes: new Uint8Array([255, 216, 255, 224]) },
};
const signal = new AbortController().signal;
const submit = (change: Partial<TaskRequest> = {}) => kling.submit({ ...request, ...change }, signal);
const lastSeen = () => server.seen.at(-1)!;
const times = { create_time: 1781080778802, update_time: 1781080794151 };
const answer = (data: unknown, status = 200) => ({
  status,
  body: { code: 0, message: 'SUCCEED', request_id: 'r', data },
});
const created = answer({ id: '893605946402811985', status: 'submitted', ...times, external_id: 'kvc-1' });

const clip = {
  type: 'video',
  id: '1',
  url: 'https://cdn.example/v.mp4?sign=1',
  watermark_url: 'https://cdn.example/w.mp4',
  duration: '5.1',
};
const billing = [{ charge_type: 'unit', amount: '1.5', package_type: 'video' }];
const task = (change: object = {}) => ({
  id: '893605946402811985',
  status: 'succeeded',
  message: '',
  ...times,
  external_id: 'kvc-1',
  outputs: [clip],
  billing,
  ...change,
});

test('a clip of a picture goes to the path of its model, the picture as its first frame', async () => {
  server.script(created);
  assert.deepEqual(await submit(), { outcome: 'accepted', taskId: '893605946402811985' });
  assert.equal(`${lastSeen().method} ${lastSeen().target}`, 'POST /image-to-video/kling-2.6');
  assert.equal(lastSeen().headers.authorization, 'Bearer k');
  assert.deepEqual(lastSeen().body, {
    contents: [
      { type: 'prompt', text: 'a slow turn' },
      { type: 'first_frame', url: '/9j/4A==' },
    ],
    settings: { resolution: '720p', duration: 5, audio: 'off' },
    options: { external_task_id: 'kvc-1' },
  });
});

test('a clip of text carries its shape, and a callback where there is one', async () => {
  server.script(created);
  const callbackUrl = 'https://cover.example/hook';
  const fromText = { kind: 'text-to-video', model: 'kling-3.0', aspectRatio: '9:16', picture: null } as const;
  await submit({ ...fromText, mode: '1080p', seconds: 15, sound: true, callbackUrl });
  assert.equal(lastSeen().target, '/text-to-video/kling-3.0');
  assert.deepEqual(lastSeen().body, {
    prompt: 'a slow turn',
    settings: { resolution: '1080p', duration: 15, aspect_ratio: '9:16', audio: 'native', multi_shot: false },
    options: { external_task_id: 'kvc-1', callback_url: callbackUrl },
  });
});

for (const [model, fields] of [
  ['kling-2.5-turbo', []],
  ['kling-2.6', ['audio']],
  ['kling-3.0', ['audio', 'multi_shot']],
  ['kling-3.0-turbo', []],
] as const)
  test(`${model} is sent ${fields.join(' and ') || 'neither audio nor multi_shot'}, with a picture or without`, async () => {
    server.script(created);
    for (const from of [{}, { kind: 'text-to-video', picture: null }] as const) {
      await submit({ ...from, model });
      const { settings } = lastSeen().body as { settings: object };
      const common = ['kind' in from ? 'aspect_ratio' : [], 'resolution', 'duration'].flat();
      assert.deepEqual(Object.keys(settings).toSorted(), [...common, ...fields].toSorted());
    }
  });

test('a finished clip is found by both ids, each asked for by its own name', async () => {
  const found = {
    outcome: 'found',
    task: { taskId: '893605946402811985', externalId: 'kvc-1', state: 'succeeded', reason: '', resultUrl: clip.url },
  };
  server.script(answer([task()]));
  assert.deepEqual(await kling.findByExternalId('kvc-1', signal), found);
  assert.equal(`${lastSeen().method} ${lastSeen().target}`, 'GET /tasks?external_task_ids=kvc-1');
  assert.deepEqual(await kling.findByTaskId('893605946402811985', signal), found);
  assert.equal(lastSeen().target, '/tasks?task_ids=893605946402811985');
});

test('an empty answer means that there is no such task, any other answer without it is unclear', async () => {
  server.script(answer([]));
  assert.deepEqual(await kling.findByExternalId('kvc-1', signal), { outcome: 'absent' });
  assert.deepEqual(await kling.findByTaskId('1', signal), { outcome: 'absent' });
  const other = task({ id: '2', external_id: 'kvc-2' });
  for (const data of [[other], [{}], [null], null, {}, task(), '', 0]) {
    server.script(answer(data));
    assert.equal((await kling.findByExternalId('kvc-1', signal)).outcome, 'unclear', JSON.stringify(data));
    assert.equal((await kling.findByTaskId('1', signal)).outcome, 'unclear', JSON.stringify(data));
  }
  server.script(answer([other, task()]));
  const found = await kling.findByExternalId('kvc-1', signal);
  assert.ok(found.outcome === 'found' && found.task.taskId === '893605946402811985', 'the order is not promised');
});

test('an id is one id, whatever is in it', async () => {
  server.script(answer([task({ id: 'a&b=c d' })]));
  assert.equal((await kling.findByTaskId('a&b=c d', signal)).outcome, 'found');
  assert.equal(lastSeen().target, '/tasks?task_ids=a%26b%3Dc%20d');
  const seenBefore = server.seen.length;
  for (const id of ['', '1,2', ',']) assert.equal((await kling.findByTaskId(id, signal)).outcome, 'unclear');
  assert.equal(server.seen.length, seenBefore);
});

test('the id of a create is never read from the place of the other generation', async () => {
  server.script(answer({ task_id: '1', task_status: 'submitted' }));
  assert.equal((await submit()).outcome, 'unclear');
});

test('a key pair would be refused here, and the refusal blocks the account', async () => {
  const message = 'Authentication error. The current API does not support AK/SK; please go to the console';
  server.script({ status: 401, body: { code: 1002, message } });
  assert.equal((await submit()).outcome, 'account-blocked');
  assert.equal((await kling.findByExternalId('kvc-1', signal)).outcome, 'account-blocked');
  assert.equal((await kling.listNewest(10, signal)).outcome, 'account-blocked');
});

test('a taken id and refused content are told as on the legacy paths', async () => {
  server.script({ status: 400, body: { code: 1201, message: 'External_task_id kvc-1 already exists' } });
  assert.equal((await submit()).outcome, 'exists');
  server.script({ status: 400, body: { code: 1301, message: 'content' } });
  assert.deepEqual((await submit()).outcome, 'refused');
  server.script('cut');
  assert.equal((await submit()).outcome, 'unclear');
  server.script({ status: 504, body: { code: 5002, message: 'timeout' } });
  assert.equal((await submit()).outcome, 'unclear');
});

for (const [status, state] of [
  ['submitted', 'waiting'],
  ['processing', 'running'],
  ['succeeded', 'succeeded'],
  ['failed', 'failed'],
  ['deleted', 'unknown'],
  ['constructor', 'unknown'],
] as const)
  test(`the status word "${status}" means ${state}`, async () => {
    server.script(answer([task({ status, message: 'Failure to pass the risk control system' })]));
    const found = await kling.findByTaskId('893605946402811985', signal);
    assert.ok(found.outcome === 'found');
    assert.deepEqual([found.task.state, found.task.resultUrl !== null], [state, state === 'succeeded']);
    assert.equal(found.task.because, state === 'failed' ? 'content' : undefined);
  });

test('only an output that is a video is the clip', async () => {
  const picture = { type: 'image', url: 'https://cdn.example/cover.png' };
  for (const [outputs, url] of [
    [[picture, clip], clip.url],
    [[picture], null],
    [[], null],
    [null, null],
    [[null, 7, { type: 'video' }], null],
    [[{ type: 'video', url: 7 }], null],
  ] as const) {
    server.script(answer([task({ outputs })]));
    const found = await kling.findByTaskId('893605946402811985', signal);
    assert.ok(found.outcome === 'found');
    assert.deepEqual([found.task.state, found.task.resultUrl], ['succeeded', url]);
  }
});

const page = (ids: string[], rest: object) =>
  answer({ result: ids.map((id) => task({ id })), count: ids.length, next_cursor: '', has_more: false, ...rest });

test('the list asks for clips only and goes on from the cursor of the page before', async () => {
  server.script(page(['1', '2'], { next_cursor: 'c-1', has_more: true }), page(['2', '3'], {}));
  const listed = await kling.listNewest(10, signal);
  assert.ok(listed.outcome === 'listed');
  assert.deepEqual(listed.tasks.map(({ taskId }) => taskId), ['1', '2', '3']); // prettier-ignore
  assert.equal(listed.complete, true);
  const filters = [{ key: 'product_type', values: ['video'] }];
  const asked = server.seen.slice(-2).map(({ method, target, body }) => ({ method, target, body }));
  assert.deepEqual(asked, [
    { method: 'POST', target: '/tasks', body: { limit: 10, filters } },
    { method: 'POST', target: '/tasks', body: { limit: 10, filters, cursor: 'c-1' } },
  ]);
});

test('a list with more to come ends at the limit, and where no new cursor is given, and is not called complete', async () => {
  for (const rest of [{ next_cursor: 'c-1' }, { next_cursor: '' }, { next_cursor: null }]) {
    const seenBefore = server.seen.length;
    server.script(page(['1', '2'], { ...rest, has_more: true }));
    const limit = rest.next_cursor === 'c-1' ? 2 : 10;
    const listed = await kling.listNewest(limit, signal);
    assert.ok(listed.outcome === 'listed');
    assert.deepEqual([listed.tasks.length, listed.complete, server.seen.length - seenBefore], [2, false, 1]);
  }
  const seenBefore = server.seen.length;
  server.script(page(['1'], { next_cursor: 'c-1', has_more: true }));
  assert.equal((await kling.listNewest(10, signal)).outcome, 'listed');
  assert.equal(server.seen.length - seenBefore, 2, 'the same cursor again is not followed');
});

test('a page that is none makes the list unclear, a row that is none makes it incomplete', async () => {
  for (const data of [null, [], {}, { result: [] }, { result: {}, has_more: false }]) {
    server.script(answer(data));
    assert.equal((await kling.listNewest(10, signal)).outcome, 'unclear', JSON.stringify(data));
  }
  server.script(answer({ result: [{ status: 'failed' }, task()], has_more: false }));
  const listed = await kling.listNewest(10, signal);
  assert.ok(listed.outcome === 'listed');
  assert.deepEqual([listed.tasks.length, listed.complete], [1, false]);
});
