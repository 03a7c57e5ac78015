import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulateKie } from './kie-testing.ts';

test('a wrong or missing key is code 401 under HTTP 200', async (t) => {
  const { call, simulator } = await simulateKie(t);
  for (const token of [null, 'another-key', `${simulator.apiKey}x`]) {
    const { httpStatus, body } = await call('/api/v1/chat/credit', { token });
    assert.deepEqual([httpStatus, body], [200, { code: 401, msg: 'You do not have access permissions', data: null }]);
  }
});

test('an unknown task is code 422, a query without an id 400', async (t) => {
  const { call, read } = await simulateKie(t);
  const { httpStatus, body } = await read('0'.repeat(32));
  assert.deepEqual([httpStatus, body], [200, { code: 422, msg: 'recordInfo is null', data: null }]);
  assert.equal((await call('/api/v1/jobs/recordInfo')).body.code, 400);
});

test('a body that is no JSON object, has no input or a crooked callback address is refused', async (t) => {
  const { call, create, simulator } = await simulateKie(t);
  const post = (body: unknown) => call('/api/v1/jobs/createTask', { body });
  assert.equal((await post([])).body.code, 400);
  assert.deepEqual((await post({ model: 'google/nano-banana' })).body, {
    code: 500,
    msg: 'This field is required',
    data: null,
  });
  assert.equal((await create({}, { callBackUrl: 'ftp://shop.example/hook' })).body.code, 422);
  assert.equal((await call('/api/v1/jobs/createTasks', { body: {} })).httpStatus, 404);
  assert.equal(simulator.tasks().length, 0);
});

test('sora-2 is paused whatever the input, and can be opened; any model can be paused', async (t) => {
  const { create, simulator } = await simulateKie(t);
  const sora = () => create({ upload_method: 's3' }, { model: 'sora-2-text-to-video' });
  const pause = { code: 500, msg: 'This interface is temporarily paused.', data: null };
  assert.deepEqual((await sora()).body, pause);
  assert.deepEqual((await create({}, { model: 'sora-2-image-to-video' })).body, pause);
  simulator.unpause('sora-2-text-to-video');
  assert.equal((await sora()).body.code, 200);
  simulator.pause('google/nano-banana');
  assert.deepEqual((await create()).body, pause);
});

test('the twenty-first create within ten seconds is 429, and ten seconds later passes', async (t) => {
  const { create, pass } = await simulateKie(t);
  const codes = [];
  for (let count = 0; count < 21; count += 1) codes.push((await create()).body.code);
  assert.deepEqual(codes, [...Array.from({ length: 20 }, () => 200), 429]);
  pass(9999);
  assert.equal((await create()).body.code, 429);
  pass(1);
  assert.equal((await create()).body.code, 200);
});

test('queries are limited on request', async (t) => {
  const { create, read, pass } = await simulateKie(t, { queriesPerSecond: 2 });
  const { taskId } = (await create()).body.data;
  const code = async () => (await read(taskId)).body.code;
  assert.deepEqual([await code(), await code(), await code()], [200, 200, 429]);
  pass(1000);
  assert.equal(await code(), 200);
});

test('a task holds its slot until it ends', async (t) => {
  const { create, pass } = await simulateKie(t, { concurrency: 1 });
  assert.equal((await create({ prompt: 'a mug [[sim:fail]]' })).body.code, 200);
  assert.deepEqual((await create()).body, {
    code: 429,
    msg: 'Your call frequency is too high. Please try again later.',
    data: null,
  });
  pass(2000);
  assert.equal((await create()).body.code, 200);
});

test('credits are taken at creation, given back after a failure, and refused under 402', async (t) => {
  const { call, create, pass, read, simulator } = await simulateKie(t, { credits: 8.5 });
  const balance = async () => (await call('/api/v1/chat/credit')).body;
  const failing = (await create({ prompt: '[[sim:fail]]' })).body.data.taskId;
  assert.deepEqual(await balance(), { code: 200, msg: 'success', data: 4.5 });
  const { taskId } = (await create()).body.data;
  assert.deepEqual((await create()).body, {
    code: 402,
    msg: 'The current credits are insufficient. Please top up.',
    data: null,
  });
  pass(10_000);
  assert.equal((await balance()).data, 4.5);
  assert.equal((await read(failing)).body.data.creditsConsumed, 0);
  assert.equal((await read(taskId)).body.data.creditsConsumed, 4);
  simulator.setCredits(0);
  assert.equal((await create()).body.code, 402);
});
