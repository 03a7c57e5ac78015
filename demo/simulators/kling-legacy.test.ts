import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import sharp from 'sharp';
import { plainPhoto, simulate } from './kling-testing.ts';

test('a picture task goes from submitted over processing to succeed', async (t) => {
  const { create, read, pass } = await simulate(t);
  const created = await create({ external_task_id: 'order-1' });
  assert.equal(created.httpStatus, 200);
  assert.equal(created.body.code, 0);
  assert.equal(created.body.data.task_status, 'submitted');
  assert.equal(created.body.data.task_info.external_task_id, 'order-1');
  assert.match(created.body.data.task_id, /^\d{19}$/);
  const id = created.body.data.task_id;
  assert.equal((await read(id)).body.data.task_status, 'submitted');
  pass(2000);
  assert.equal((await read(id)).body.data.task_status, 'processing');
  pass(8000);
  const { data } = (await read('order-1')).body;
  assert.equal(data.task_id, id);
  assert.equal(data.task_status, 'succeed');
  assert.equal(data.final_unit_deduction, '1.5');
  assert.equal(data.task_result.videos.length, 1);
  assert.equal(data.task_result.videos[0].duration, '5.042');
});

test('an unknown id is 400 with code 1201, and so is a task of the other family', async (t) => {
  const { create, read, call } = await simulate(t);
  assert.deepEqual(await read('nobody').then(({ httpStatus, body }) => [httpStatus, body.code, body.message]), [
    400,
    1201,
    'Task not found by id/external id: nobody',
  ]);
  const { task_id: id } = (await create()).body.data;
  assert.equal((await call(`/v1/videos/text2video/${id}`)).body.code, 1201);
  assert.equal((await call(`/v1/videos/${id}`)).httpStatus, 404);
});

test('an external id can be used once, whatever became of its task', async (t) => {
  const { create, pass, simulator } = await simulate(t);
  await create({ external_task_id: 'order-1', prompt: '[[sim:fail]]' });
  pass(60_000);
  const again = await create({ external_task_id: 'order-1' });
  assert.equal(again.httpStatus, 400);
  assert.equal(again.body.code, 1201);
  assert.equal(again.body.message, 'External_task_id order-1 already exists');
  assert.equal(simulator.tasks().length, 1);
  assert.equal(simulator.postsFor('order-1'), 2);
});

test('two posts of one external id at the same moment create one task', async (t) => {
  const { create, simulator } = await simulate(t);
  const answers = await Promise.all([1, 2, 3].map(() => create({ external_task_id: 'order-1' })));
  assert.deepEqual(answers.map((answer) => answer.httpStatus).toSorted(), [200, 400, 400]);
  assert.equal(simulator.tasks().length, 1);
});

test('the list is a bare array, newest first, in pages', async (t) => {
  const { create, call } = await simulate(t);
  const ids: string[] = [];
  for (let count = 0; count < 3; count += 1) ids.push((await create()).body.data.task_id);
  const idsOf = async (query: string) =>
    (await call(`/v1/videos/image2video?${query}`)).body.data.map((task: { task_id: string }) => task.task_id);
  assert.deepEqual(await idsOf(''), ids.toReversed());
  assert.deepEqual(await idsOf('pageNum=2&pageSize=2'), [ids[0]]);
  assert.equal((await call('/v1/videos/image2video?pageSize=501')).body.code, 1201);
});

test('bad values are refused with the recorded words', async (t) => {
  const { create, simulator, image } = await simulate(t);
  const cases: [object, string][] = [
    [{ image: `data:image/jpeg;base64,${image}` }, 'File is not in a valid base64 format'],
    [{ image: '' }, 'image can not be null'],
    [{ prompt: '' }, 'prompt can not be null'],
    [{ duration: '99' }, "duration value '99' is invalid"],
    [{ duration: 5 }, "duration value '5' is invalid"],
    [{ duration: '7' }, "duration value '7' is invalid"],
    [{ cfg_scale: 5 }, 'cfgScale: must be less than or equal to 1'],
    [{ mode: '4k' }, '4k mode is not supported by the current model: kling-v2-5-turbo'],
    [{ image_tail: image }, 'Image tail is not supported by the current model'],
    [{ model_name: 'kling-v2-6', sound: 'on' }, 'Sound is not supported by the current model in std mode'],
    [{ model_name: undefined }, "The model 'kling-v1' has been discontinued and is no longer available."],
  ];
  for (const [fields, message] of cases) {
    const { httpStatus, body } = await create(fields);
    assert.deepEqual([httpStatus, body.code, body.message, body.data], [400, 1201, message, undefined]);
  }
  const unknown = await create({ model_name: 'kling-v2-5' });
  assert.deepEqual([unknown.httpStatus, unknown.body.code], [404, 1203]);
  assert.equal(simulator.tasks().length, 0);
});

test('pictures outside the limits are refused', async (t) => {
  const { create } = await simulate(t);
  const webp = await sharp(Buffer.from(await plainPhoto(), 'base64'))
    .webp()
    .toBuffer();
  const tooLarge = Buffer.alloc(10 * 1024 * 1024 + 3).toString('base64');
  const bad = [await plainPhoto(299, 400), await plainPhoto(300, 751), webp.toString('base64'), 'abcd', tooLarge];
  for (const image of bad) assert.equal((await create({ image })).body.code, 1201);
  assert.equal((await create({ image: await plainPhoto(300, 750) })).body.code, 0);
});

test('a picture given by address is really fetched', async (t) => {
  const { create } = await simulate(t);
  const jpeg = Buffer.from(await plainPhoto(), 'base64');
  const shop = createServer((request, response) => {
    response.writeHead(request.url === '/photo.jpg' ? 200 : 404).end(jpeg);
  }).listen(0, '127.0.0.1');
  t.after(() => shop.close());
  await new Promise((resolve) => shop.once('listening', resolve));
  const base = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  assert.equal((await create({ image: `${base}/photo.jpg` })).body.code, 0);
  assert.equal((await create({ image: `${base}/gone.jpg` })).body.code, 1201);
});

test('unknown fields are ignored, unless the simulator is strict', async (t) => {
  const kind = await simulate(t);
  assert.equal((await kind.create({ aspect_ratio: '3:4' })).body.code, 0);
  const strict = await simulate(t, { strict: true });
  const refused = await strict.create({ aspect_ratio: '3:4' });
  assert.deepEqual([refused.httpStatus, refused.body.code], [400, 1201]);
  assert.match(refused.body.message, /aspect_ratio/);
});

test('a slot is held from the post to the end of the task, per model', async (t) => {
  const { create, pass, simulator } = await simulate(t, { concurrency: 1 });
  assert.equal((await create()).httpStatus, 200);
  const over = await create({ external_task_id: 'order-2' });
  assert.deepEqual(
    [over.httpStatus, over.body.code, over.body.message],
    [429, 1303, 'parallel task over resource pack limit'],
  );
  assert.equal((await create({ model_name: 'kling-v2-6' })).httpStatus, 200);
  pass(10_000);
  assert.equal((await create({ external_task_id: 'order-2' })).httpStatus, 200);
  simulator.setConcurrency(2);
  assert.equal((await create()).httpStatus, 200);
});

test('a model that is discontinued during the run is refused from then on', async (t) => {
  const { create, simulator } = await simulate(t);
  assert.equal((await create()).body.code, 0);
  simulator.discontinue('kling-v2-5-turbo');
  assert.equal(
    (await create()).body.message,
    "The model 'kling-v2-5-turbo' has been discontinued and is no longer available.",
  );
});

test('text to video needs no picture and keeps the asked ratio', async (t) => {
  const { call, pass } = await simulate(t);
  const body = { model_name: 'kling-v2-6', prompt: 'a ball', aspect_ratio: '9:16', duration: '10' };
  const { task_id: id } = (await call('/v1/videos/text2video', { body })).body.data;
  pass(10_000);
  const { data } = (await call(`/v1/videos/text2video/${id}`)).body;
  assert.equal(data.task_result.videos[0].duration, '10.042');
  assert.equal((await call('/v1/videos/text2video', { body: { ...body, aspect_ratio: '3:4' } })).body.code, 1201);
});
