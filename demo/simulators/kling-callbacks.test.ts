import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { receiver } from './callback-testing.ts';
import { simulate } from './kling-testing.ts';

const SECRET = 'whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI=';

test('every change of status is called back with the bare task', async (t) => {
  const { create, pass } = await simulate(t);
  const { url, arrived } = await receiver(t);
  const { task_id: id } = (await create({ callback_url: url, external_task_id: 'order-1' })).body.data;
  pass(2000);
  await arrived(1);
  pass(8000);
  const bodies = (await arrived(2)).map(({ text }) => JSON.parse(text));
  assert.deepEqual(
    bodies.map((body) => [body.task_id, body.task_status, body.task_info.external_task_id]),
    [
      [id, 'processing', 'order-1'],
      [id, 'succeed', 'order-1'],
    ],
  );
  const { url: resultUrl } = bodies[1].task_result.videos[0];
  assert.equal((await fetch(resultUrl)).status, 200);
});

test('a task of the new standard is called back in its own words', async (t) => {
  const { call, pass } = await simulate(t);
  const { url, arrived } = await receiver(t);
  await call('/text-to-video/kling-3.0', { body: { prompt: 'a ball', options: { callback_url: url } } });
  pass(2000);
  await arrived(1);
  pass(8000);
  const body = JSON.parse((await arrived(2))[1]!.text);
  assert.equal(body.status, 'succeeded');
  assert.equal(body.outputs.length, 1);
});

test('a picture task is called back in legacy words, with every picture', async (t) => {
  const { call, pass } = await simulate(t);
  const { url, arrived } = await receiver(t);
  await call('/v1/images/generations', { body: { prompt: 'a mug', n: 2, callback_url: url } });
  pass(2000);
  await arrived(1);
  pass(8000);
  const body = JSON.parse((await arrived(2))[1]!.text);
  assert.deepEqual([body.task_status, body.task_result.images.length], ['succeed', 2]);
  assert.equal((await fetch(body.task_result.images[1].url)).headers.get('content-type'), 'image/png');
});

test('a callback is signed when there is a secret, and unsigned when there is none', async (t) => {
  const signed = await simulate(t, { webhookSecret: SECRET });
  const first = await receiver(t);
  await signed.create({ callback_url: first.url });
  signed.pass(2000);
  const [{ headers, text } = assert.fail()] = await first.arrived(1);
  const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  assert.doesNotThrow(() => new Webhook(SECRET).verify(text, given));
  assert.throws(() => new Webhook(SECRET).verify(`${text} `, given));
  const unsigned = await simulate(t);
  const second = await receiver(t);
  await unsigned.create({ callback_url: second.url });
  unsigned.pass(2000);
  assert.equal((await second.arrived(1))[0]!.headers['webhook-signature'], undefined);
});

test('the signature scheme gives the value of the vendor’s own example', () => {
  const body =
    '{"id":"1234567890","status":"succeeded","message":"","create_time":1781080778802,"update_time":1781080794151}';
  const signature = new Webhook(SECRET).sign('9876543210', new Date(1_781_080_794_000), body);
  assert.equal(signature, 'v1,UsKlJP00XoQyOn410NM9xv34sP+Gl0jnOO9Lcpr7NJ4=');
});

test('a refused callback is sent again under the same id, a dead receiver harms nothing', async (t) => {
  const { create, pass, read } = await simulate(t, { callbackRetryDelaysMs: [5, 5], webhookSecret: SECRET });
  const { url, arrived } = await receiver(t, [500, 503]);
  const { task_id: id } = (await create({ callback_url: url })).body.data;
  await create({ callback_url: 'http://127.0.0.1:9/nobody' });
  pass(2000);
  const ids = (await arrived(3)).map(({ headers }) => headers['webhook-id']);
  assert.equal(new Set(ids).size, 1);
  assert.equal((await read(id)).httpStatus, 200);
});

test('markers forge, double, delay or drop a callback', async (t) => {
  const { create, pass } = await simulate(t, { webhookSecret: SECRET, submittedMs: 0 });
  const forged = await receiver(t);
  await create({ callback_url: forged.url, prompt: '[[sim:wrong-signature]][[sim:never]]' });
  const doubled = await receiver(t);
  await create({ callback_url: doubled.url, prompt: '[[sim:callback-twice]][[sim:never]]' });
  const late = await receiver(t);
  await create({ callback_url: late.url, prompt: '[[sim:callback-late]]' });
  const silent = await receiver(t);
  await create({ callback_url: silent.url, prompt: '[[sim:no-callback]]' });
  pass(10_000);
  const [{ headers, text } = assert.fail()] = await forged.arrived(1);
  assert.throws(() => new Webhook(SECRET).verify(text, headers as Record<string, string>));
  const [one, two] = await doubled.arrived(2);
  assert.equal(one!.text, two!.text);
  const words = (await late.arrived(3)).map((arrival) => JSON.parse(arrival.text).task_status).toSorted();
  assert.deepEqual(words, ['processing', 'processing', 'succeed']);
  assert.equal((await silent.arrived(0)).length, 0);
});
