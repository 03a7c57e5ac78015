import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulate } from './kling-testing.ts';

test('a task of the new standard ends as succeeded, with outputs and billing', async (t) => {
  const { call, image, pass } = await simulate(t);
  const body = {
    contents: [
      { type: 'prompt', text: 'a slow turn' },
      { type: 'first_frame', url: image },
    ],
    settings: { duration: 5, resolution: '720p' },
    options: { external_task_id: 'order-1' },
  };
  const created = (await call('/image-to-video/kling-2.5-turbo', { body })).body;
  assert.equal(created.code, 0);
  assert.deepEqual([created.data.status, created.data.external_id], ['submitted', 'order-1']);
  pass(10_000);
  const [found] = (await call('/tasks?external_task_ids=order-1')).body.data;
  assert.equal(found.id, created.data.id);
  assert.equal(found.status, 'succeeded');
  assert.equal(found.outputs[0].duration, '5.042');
  assert.equal(found.billing[0].amount, '1.5');
});

test('duration is a whole number on the new standard', async (t) => {
  const { call } = await simulate(t);
  const ask = (duration: unknown) =>
    call('/text-to-video/kling-3.0', { body: { prompt: 'a ball', settings: { duration } } });
  assert.equal((await ask('5')).body.message, "duration value '5' is invalid");
  assert.equal((await ask(2)).body.message, "duration value '2' is invalid");
  assert.equal((await ask(7)).body.code, 0);
});

test('unknown models are 404 with 1203', async (t) => {
  const { call } = await simulate(t);
  const { httpStatus, body } = await call('/text-to-video/kling-4.0', { body: { prompt: 'a ball' } });
  assert.deepEqual([httpStatus, body.code], [404, 1203]);
});

test('a query by ids answers an array, leaves unknown ids out and needs between one and twenty', async (t) => {
  const { call, create } = await simulate(t);
  const legacyId = (await create()).body.data.task_id;
  const known = await call(`/tasks?task_ids=${legacyId},404`);
  assert.deepEqual(
    known.body.data.map((task: { id: string }) => task.id),
    [legacyId],
  );
  assert.deepEqual((await call('/tasks?task_ids=404')).body.data, []);
  assert.equal((await call('/tasks')).body.message, 'task_ids or external_task_ids is required');
  const many = Array.from({ length: 21 }, (_, index) => index).join(',');
  assert.match((await call(`/tasks?task_ids=${many}`)).body.message, /cannot exceed 20 in total/);
});

test('external ids and slots are shared by both generations', async (t) => {
  const { call, create } = await simulate(t, { concurrency: 1 });
  await create({ external_task_id: 'order-1' });
  const ask = (path: string, externalId: string) =>
    call(path, { body: { prompt: 'a ball', options: { external_task_id: externalId } } });
  assert.match((await ask('/text-to-video/kling-3.0', 'order-1')).body.message, /already exists/);
  assert.equal((await ask('/text-to-video/kling-2.5-turbo', 'order-2')).body.code, 1303);
});

test('the cursor list gives every task once', async (t) => {
  const { call, create } = await simulate(t);
  const ids: string[] = [];
  for (let count = 0; count < 3; count += 1) ids.push((await create()).body.data.task_id);
  const seen: string[] = [];
  for (let cursor = '', more = true; more;) {
    const { data } = (await call('/tasks', { body: { limit: 2, cursor } })).body;
    seen.push(...data.result.map((task: { id: string }) => task.id));
    cursor = data.next_cursor;
    more = data.has_more;
  }
  assert.deepEqual(seen, ids.toReversed());
});

test('account costs answer once a second', async (t) => {
  const { call, pass } = await simulate(t);
  const path = '/account/costs?start_time=1&end_time=2';
  const [pack] = (await call(path)).body.data.resource_pack_subscribe_infos;
  assert.deepEqual([pack.status, pack.resource_pack_name], ['online', 'Video Generation-1000-5Con-Simulated']);
  assert.equal((await call(path)).body.code, 1302);
  pass(1000);
  assert.equal((await call(path)).body.code, 0);
  assert.equal((await call('/account/costs')).body.code, 1201);
});
