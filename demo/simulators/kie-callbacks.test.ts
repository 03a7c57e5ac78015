import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { receiver } from './callback-testing.ts';
import type { Arrival } from './callback-testing.ts';
import { simulateKie } from './kie-testing.ts';

const WEBHOOK_KEY = 'a-webhook-key';

/** Whether the headers are signed for this task. */
function isSignedFor({ headers }: Arrival, taskId: string): boolean {
  const seconds = String(headers['x-webhook-timestamp']);
  assert.ok(Math.abs(Number(seconds) - Date.now() / 1000) < 5);
  const expected = createHmac('sha256', WEBHOOK_KEY).update(`${taskId}.${seconds}`).digest('base64');
  return headers['x-webhook-signature'] === expected;
}

test('success is told once, under code 200, with the record and the moment', async (t) => {
  const { create, read, pass } = await simulateKie(t);
  const { url, arrived } = await receiver(t);
  const { taskId } = (await create({}, { callBackUrl: url })).body.data;
  pass(2000);
  pass(8000);
  const [arrival = assert.fail()] = await arrived(1);
  const body = JSON.parse(arrival.text);
  const { creditsConsumed, ...record } = (await read(taskId)).body.data;
  assert.deepEqual([body.code, body.msg], [200, 'Playground task completed successfully.']);
  assert.deepEqual(body.data, { ...record, updateTime: record.completeTime, creditsConsumed });
  assert.equal(arrival.headers['x-webhook-signature'], undefined);
  assert.equal((await arrived(1)).length, 1);
});

test('failure is told under code 501, without a result', async (t) => {
  const { create, pass } = await simulateKie(t);
  const { url, arrived } = await receiver(t);
  const { taskId } = (await create({ prompt: '[[sim:fail-later]]' }, { callBackUrl: url })).body.data;
  pass(10_000);
  const body = JSON.parse((await arrived(1))[0]!.text);
  assert.deepEqual([body.code, body.msg], [501, 'Playground task failed.']);
  const { state, failCode, failMsg, resultJson } = body.data;
  assert.deepEqual(
    [body.data.taskId, state, failCode, failMsg, resultJson],
    [taskId, 'fail', '500', 'Internal Error, Please try again later.', null],
  );
});

test('with a webhook key the headers cover the task and the time', async (t) => {
  const { create, pass } = await simulateKie(t, { webhookKey: WEBHOOK_KEY });
  const { url, arrived } = await receiver(t);
  const { taskId } = (await create({}, { callBackUrl: url })).body.data;
  pass(10_000);
  const [arrival = assert.fail()] = await arrived(1);
  assert.ok(isSignedFor(arrival, taskId));
  assert.ok(!isSignedFor(arrival, 'another-task'));
});

test('a refused callback is sent three times more, then dropped', async (t) => {
  const { create, pass, read } = await simulateKie(t, { callbackRetryDelaysMs: [1, 1, 1] });
  const { url, arrived } = await receiver(t, [500, 500, 302, 500]);
  const { taskId } = (await create({}, { callBackUrl: url })).body.data;
  await create({}, { callBackUrl: 'http://127.0.0.1:9/nobody' });
  pass(10_000);
  const texts = (await arrived(4)).map(({ text }) => text);
  assert.equal(new Set(texts).size, 1);
  assert.equal((await read(taskId)).body.data.state, 'success');
  const later = await receiver(t);
  await create({}, { callBackUrl: later.url });
  pass(10_000);
  await later.arrived(1);
  assert.equal((await arrived(4)).length, 4);
});

test('markers double, drop, misname, missign or forge a callback', async (t) => {
  const { create, pass } = await simulateKie(t, { webhookKey: WEBHOOK_KEY });
  async function start(marker: string) {
    const hook = await receiver(t);
    const { taskId } = (await create({ prompt: `[[sim:${marker}]]` }, { callBackUrl: hook.url })).body.data;
    return { ...hook, taskId: taskId as string };
  }
  const twice = await start('callback-twice');
  const silent = await start('no-callback');
  const foreign = await start('foreign-callback');
  const wrong = await start('wrong-signature');
  const forged = await start('forged-callback');

  const early = (await forged.arrived(1))[0]!;
  const claim = JSON.parse(early.text).data;
  assert.deepEqual([claim.taskId, claim.state], [forged.taskId, 'success']);
  assert.match(claim.resultJson, /forged\.example/);
  assert.ok(isSignedFor(early, forged.taskId));

  pass(10_000);
  const [one, two] = await twice.arrived(2);
  assert.equal(one!.text, two!.text);
  const names = (await foreign.arrived(2)).map((arrival) => JSON.parse(arrival.text).data.taskId);
  assert.deepEqual(new Set(names), new Set([foreign.taskId, 'f'.repeat(32)]));
  for (const arrival of await foreign.arrived(2)) assert.ok(isSignedFor(arrival, JSON.parse(arrival.text).data.taskId));
  assert.ok(!isSignedFor((await wrong.arrived(1))[0]!, wrong.taskId));
  await forged.arrived(2);
  assert.equal((await silent.arrived(0)).length, 0);
});
