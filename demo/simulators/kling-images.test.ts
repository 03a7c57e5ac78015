import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { simulate } from './kling-testing.ts';

type Simulated = Awaited<ReturnType<typeof simulate>>;

const PATH = '/v1/images/generations';

function draw({ call }: Simulated, fields: object = {}) {
  return call(PATH, { body: { model_name: 'kling-v3', prompt: 'a mug on a table', ...fields } });
}

async function finished(simulated: Simulated, fields: object = {}) {
  const { task_id: id } = (await draw(simulated, fields)).body.data;
  simulated.pass(10_000);
  return (await simulated.call(`${PATH}/${id}`)).body.data;
}

async function sizeOf(url: string) {
  const { format, width, height } = await sharp(await (await fetch(url)).bytes()).metadata();
  return [format, width, height];
}

test('pictures go the way of videos and end as numbered PNG files', async (t) => {
  const simulated = await simulate(t);
  const created = await draw(simulated, { n: 3, aspect_ratio: '3:4', external_task_id: 'order-1' });
  assert.deepEqual(
    [created.body.code, created.body.data.task_status, created.body.data.task_info.external_task_id],
    [0, 'submitted', 'order-1'],
  );
  simulated.pass(10_000);
  const { data } = (await simulated.call(`${PATH}/order-1`)).body;
  assert.deepEqual([data.task_status, data.final_unit_deduction], ['succeed', '24']);
  const { images } = data.task_result;
  assert.deepEqual(
    images.map((image: { index: number; watermark_url: string }) => [image.index, image.watermark_url]),
    [
      [0, ''],
      [1, ''],
      [2, ''],
    ],
  );
  assert.equal(new Set(images.map((image: { url: string }) => image.url)).size, 3);
  assert.deepEqual(await sizeOf(images[1].url), ['png', 300, 400]);
});

test('a picture is served like a clip: by type, by range, and not under a changed address', async (t) => {
  const simulated = await simulate(t);
  const { url } = (await finished(simulated)).task_result.images[0];
  const whole = await fetch(url);
  assert.equal(whole.headers.get('content-type'), 'image/png');
  const bytes = await whole.bytes();
  const part = await fetch(url, { headers: { range: 'bytes=1-3' } });
  assert.deepEqual([part.status, part.headers.get('content-range')], [206, `bytes 1-3/${bytes.length}`]);
  assert.deepEqual(await part.bytes(), bytes.slice(1, 4));
  assert.equal((await fetch(url.replace('.png', '.mp4'))).status, 403);
});

test('the units are those of the model, for text and for a picture', async (t) => {
  const simulated = await simulate(t);
  const units = async (fields: object) => (await finished(simulated, fields)).final_unit_deduction;
  const { image } = simulated;
  assert.equal(await units({ model_name: undefined }), '8');
  assert.equal(await units({ image }), '8');
  assert.equal(await units({ model_name: 'kling-v2-1', n: 2 }), '8');
  assert.equal(await units({ model_name: 'kling-v2-1', n: 2, image }), '16');
});

test('bad values are refused', async (t) => {
  const simulated = await simulate(t);
  const { image } = simulated;
  const cases: [object, string][] = [
    [{ prompt: '' }, 'prompt can not be null'],
    [{ prompt: 'x'.repeat(2501) }, 'prompt: the length can not exceed 2500'],
    [{ negative_prompt: 'x'.repeat(2501) }, 'negative_prompt: the length can not exceed 2500'],
    [{ negative_prompt: 'hands', image }, 'Negative prompt is not supported in image to image'],
    [{ image: `data:image/jpeg;base64,${image}` }, 'File is not in a valid base64 format'],
    [{ n: 0 }, "n value '0' is invalid"],
    [{ n: 10 }, "n value '10' is invalid"],
    [{ n: '2' }, "n value '2' is invalid"],
    [{ resolution: '4k' }, "resolution value '4k' is invalid"],
    [{ aspect_ratio: '5:4' }, "aspect_ratio value '5:4' is invalid"],
    [{ image_reference: 'style', image }, "image_reference value 'style' is invalid"],
    [{ image_reference: 'subject' }, 'image can not be null when image_reference is not null'],
    [{ image_reference: 'face', image }, 'Image reference is not supported by the current model'],
    [{ image_fidelity: 2 }, 'imageFidelity: must be less than or equal to 1'],
    [{ human_fidelity: -1 }, 'humanFidelity: must be greater than or equal to 0'],
    [{ model_name: 'kling-v2-1', element_list: [{ element_id: 1 }] }, 'Element is not supported by the current model'],
    [{ model_name: 'kling-v1' }, "The model 'kling-v1' has been discontinued and is no longer available."],
  ];
  for (const [fields, message] of cases) {
    const { httpStatus, body } = await draw(simulated, fields);
    assert.deepEqual([httpStatus, body.code, body.message], [400, 1201, message]);
  }
  const unknown = await draw(simulated, { model_name: 'kling-v3-omni' });
  assert.deepEqual([unknown.httpStatus, unknown.body.code], [404, 1203]);
  assert.equal(simulated.simulator.tasks().length, 0);
  const face = { model_name: 'kling-v2-1', image_reference: 'face', image, image_fidelity: 0.7, human_fidelity: 0.2 };
  assert.equal((await draw(simulated, face)).body.code, 0);
  assert.equal((await draw(simulated, { negative_prompt: 'hands' })).body.code, 0);
});

test('a strict simulator refuses what the model would not look at', async (t) => {
  const strict = await simulate(t, { strict: true });
  assert.match((await draw(strict, { duration: '5' })).body.message, /duration/);
  assert.match((await draw(strict, { image: strict.image, image_fidelity: 0.5 })).body.message, /image_fidelity/);
  assert.equal((await draw(strict, { n: 1, resolution: '2k' })).body.code, 0);
});

test('each picture holds a slot, apart from those of the videos', async (t) => {
  const simulated = await simulate(t, { imageConcurrency: 4, concurrency: 1 });
  assert.equal((await simulated.create({ model_name: 'kling-v3' })).body.code, 0);
  assert.equal((await draw(simulated, { n: 3 })).body.code, 0);
  const over = await draw(simulated, { n: 2 });
  assert.deepEqual([over.httpStatus, over.body.code], [429, 1303]);
  assert.equal((await draw(simulated, { n: 1 })).body.code, 0);
  assert.equal((await draw(simulated, { n: 4, model_name: 'kling-v2-1' })).body.code, 0);
  simulated.pass(10_000);
  assert.equal((await draw(simulated, { n: 4 })).body.code, 0);
  simulated.simulator.setConcurrency(5, 'image');
  assert.equal((await draw(simulated, { n: 1 })).body.code, 0);
  assert.deepEqual(
    simulated.simulator.tasks().map((task) => task.slots),
    [1, 3, 1, 4, 4, 1],
  );
});

test('slots of a video model do not count for the picture model of the same name', async (t) => {
  const simulated = await simulate(t, { imageConcurrency: 1, concurrency: 1, discontinued: [] });
  assert.equal((await simulated.create({ model_name: 'kling-v2-1' })).body.code, 0);
  assert.equal((await draw(simulated, { model_name: 'kling-v2-1' })).body.code, 0);
});

test('without its pack only that product is refused, and costs name the packs there are', async (t) => {
  const simulated = await simulate(t, { packs: ['video'] });
  const { httpStatus, body } = await draw(simulated);
  assert.deepEqual([httpStatus, body.code, body.message], [429, 1102, 'Account balance not enough']);
  assert.equal((await simulated.create()).body.code, 0);
  assert.deepEqual((await simulated.call(PATH)).body.data, []);
  simulated.simulator.setPacks(['image']);
  assert.equal((await draw(simulated)).body.code, 0);
  assert.equal((await simulated.create()).body.code, 1102);
  const costs = async () => (await simulated.call('/account/costs?start_time=1&end_time=2')).body.data;
  const { resource_pack_subscribe_infos: packs } = await costs();
  assert.deepEqual(
    packs.map((pack: { resource_pack_name: string }) => pack.resource_pack_name),
    ['Image Generation-1000-9Con-Simulated'],
  );
  simulated.simulator.setPacks([]);
  simulated.pass(1000);
  assert.equal('resource_pack_subscribe_infos' in (await costs()), false);
});

test('videos and pictures share the external ids, and each is found in its own family only', async (t) => {
  const simulated = await simulate(t);
  await simulated.create({ external_task_id: 'order-1' });
  assert.match((await draw(simulated, { external_task_id: 'order-1' })).body.message, /already exists/);
  assert.equal((await simulated.call(`${PATH}/order-1`)).body.code, 1201);
  const { task_id: id } = (await draw(simulated, { external_task_id: 'order-2' })).body.data;
  assert.equal((await simulated.read('order-2')).body.code, 1201);
  const listed = (await simulated.call(`${PATH}?pageNum=1&pageSize=5`)).body.data;
  assert.deepEqual(
    listed.map((task: { task_id: string }) => task.task_id),
    [id],
  );
});

test('a retired video name says nothing about the picture model of the same name', async (t) => {
  const simulated = await simulate(t);
  assert.match((await simulated.create({ model_name: 'kling-v2-1' })).body.message, /discontinued/);
  assert.equal((await draw(simulated, { model_name: 'kling-v2-1' })).body.code, 0);
  simulated.simulator.discontinue('images/kling-v3');
  assert.match((await draw(simulated)).body.message, /'kling-v3' has been discontinued/);
  assert.equal((await simulated.create({ model_name: 'kling-v3' })).body.code, 0);
});

test('the new standard shows picture tasks too, and its list tells the products apart', async (t) => {
  const simulated = await simulate(t);
  await simulated.create({ external_task_id: 'clip' });
  await finished(simulated, { external_task_id: 'pictures', n: 2, watermark_info: { enabled: true } });
  const [task] = (await simulated.call('/tasks?external_task_ids=pictures')).body.data;
  assert.deepEqual([task.status, task.external_id], ['succeeded', 'pictures']);
  assert.deepEqual(
    task.outputs.map((output: { type: string; url: string; watermark_url: string }) => [
      output.type,
      output.url === output.watermark_url,
    ]),
    [
      ['image', true],
      ['image', true],
    ],
  );
  assert.deepEqual(task.billing, [{ charge_type: 'unit', amount: '16', package_type: 'image' }]);
  const named = async (product: string) => {
    const body = { filters: [{ key: 'product_type', values: [product] }] };
    const { result } = (await simulated.call('/tasks', { body })).body.data;
    return result.map((each: { external_id: string }) => each.external_id);
  };
  assert.deepEqual([await named('image'), await named('video'), await named('try_on')], [['pictures'], ['clip'], []]);
});

test('markers spoil pictures as they spoil clips', async (t) => {
  const simulated = await simulate(t);
  const image = async (name: string) =>
    (await finished(simulated, { prompt: `[[sim:${name}]]` })).task_result.images[0];
  assert.deepEqual(await sizeOf((await image('square-result')).url), ['png', 300, 300]);
  assert.equal(await image('no-url'), undefined);
  const fewer = await finished(simulated, { prompt: '[[sim:fewer-images]]', n: 3 });
  assert.deepEqual([fewer.task_result.images.length, fewer.final_unit_deduction], [2, '24']);
  assert.match((await image('private-url')).url, /169\.254\.169\.254/);
  const { url } = await image('truncated');
  await assert.rejects(fetch(url).then((response) => response.bytes()));
  assert.equal((await sizeOf(url))[0], 'png');
  assert.equal((await draw(simulated, { prompt: '[[sim:refuse-1301]]' })).body.code, 1301);
  const failed = (await draw(simulated, { prompt: '[[sim:fail]]' })).body.data.task_id;
  simulated.pass(2000);
  assert.match((await simulated.call(`${PATH}/${failed}`)).body.data.task_status_msg, /risk control/);
});

test('real pictures have the asked resolution, one scene each, around the picture that was sent', async (t) => {
  const clipDirectory = await mkdtemp(join(tmpdir(), 'pictures-'));
  t.after(() => rm(clipDirectory, { recursive: true }));
  const simulated = await simulate(t, { video: 'real', clipDirectory });
  const { task_id: id } = (await draw(simulated, { n: 2, image: simulated.image, aspect_ratio: '1:1' })).body.data;
  const deadline = AbortSignal.timeout(5000);
  while (simulated.simulator.tasks()[0]!.status !== 'succeed') {
    deadline.throwIfAborted();
    simulated.pass(10_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { images } = (await simulated.call(`${PATH}/${id}`)).body.data.task_result;
  const [first, second] = await Promise.all(images.map(async ({ url }: { url: string }) => (await fetch(url)).bytes()));
  assert.notDeepEqual(first, second);
  assert.deepEqual(await sizeOf(images[0].url), ['png', 1024, 1024]);
  const middle = await sharp(first).extract({ left: 512, top: 512, width: 1, height: 1 }).raw().toBuffer();
  assert.ok(Math.abs(middle[0]! - 0xb5) < 4 && Math.abs(middle[2]! - 0x1d) < 4, 'the brown of the photo');
});
