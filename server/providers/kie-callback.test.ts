import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { readKieCallback, verifyKieCallback, type KieProof } from './kie-callback.ts';

const key = 'the webhook key of the console';
const now = Date.UTC(2026, 10, 20, 12);
const sign = (text: string, by = key) => createHmac('sha256', by).update(text).digest('base64');

function proof({ taskId = 't-1', seconds = now / 1000, ...changes }: Partial<KieProof> & { seconds?: number } = {}) {
  const headers = { 'x-webhook-timestamp': String(seconds), 'x-webhook-signature': sign(`${taskId}.${seconds}`) };
  return { key, headers, taskId, now, ...changes };
}
const withHeaders = (changes: Record<string, string>) => proof({ headers: { ...proof().headers, ...changes } });

describe("a callback's proof", () => {
  it('is the signature of task id and time, by the key', () => {
    assert.ok(verifyKieCallback(proof()));
    assert.ok(!verifyKieCallback(proof({ key: 'another key' })));
    assert.ok(!verifyKieCallback({ ...proof(), taskId: 't-2' }));
    assert.ok(!verifyKieCallback({ ...proof(), taskId: undefined }));
    assert.ok(!verifyKieCallback({ ...proof(), taskId: '' }));
  });

  it('is a value fixed once and for all', () => {
    const headers = {
      'x-webhook-timestamp': '1781080794',
      'x-webhook-signature': 'y9WJHuV4Np+1r8rajbHAJRz2jz4ekZzIrzzG1NM8lhA=',
    };
    const taskId = '281e5b0f39b9';
    assert.ok(verifyKieCallback({ key: 'kie-webhook-key', headers, taskId, now: 1_781_080_794_000 }));
  });

  it('holds for five minutes, early and late', () => {
    for (const [seconds, holds] of [
      [299, true],
      [-299, true],
      [301, false],
      [-301, false],
    ] as const)
      assert.equal(verifyKieCallback(proof({ seconds: now / 1000 + seconds })), holds, `${seconds}`);
  });

  it('without one of its headers, or with others, is none', () => {
    for (const headers of [
      {},
      { 'x-webhook-signature': sign(`t-1.${now / 1000}`) },
      { 'x-webhook-timestamp': String(now / 1000) },
    ])
      assert.ok(!verifyKieCallback(proof({ headers })));
    for (const signature of [
      '',
      'x',
      sign('t-1'),
      sign(`t-1.${now / 1000}`, 'other'),
      `${proof().headers['x-webhook-signature']}=`,
    ])
      assert.ok(!verifyKieCallback(withHeaders({ 'x-webhook-signature': signature })), signature);
    for (const time of ['', 'NaN', '1e9', '-1', `${now / 1000}.0`, 'Infinity', `0${now / 1000}`])
      assert.ok(!verifyKieCallback(withHeaders({ 'x-webhook-timestamp': time })), time);
  });
});

describe("a callback's words", () => {
  const read = (body: unknown) => readKieCallback(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

  it('name the task in both spellings', () => {
    const data = { state: 'success', failCode: null, failMsg: null };
    assert.deepEqual(
      read({ code: 200, msg: 'Playground task completed successfully.', data: { taskId: 't-1', ...data } }),
      {
        taskId: 't-1',
        code: 200,
        state: 'success',
      },
    );
    assert.deepEqual(read({ code: 200, data: { task_id: 't-1', ...data } }), {
      taskId: 't-1',
      code: 200,
      state: 'success',
    });
    assert.equal(read({ data: { taskId: 't-1', task_id: 't-2' } }).taskId, 't-1');
  });

  it('of a failure say why', () => {
    const data = { taskId: 't-1', state: 'fail', failCode: '500', failMsg: 'Internal Error', resultJson: null };
    assert.deepEqual(read({ code: 501, data }), {
      taskId: 't-1',
      code: 501,
      state: 'fail',
      failCode: '500',
      failMsg: 'Internal Error',
    });
  });

  it('that cannot be read say nothing, and an id that is none is no claim', () => {
    for (const body of ['', '[', 'null', '[]', '7', '{"data":[]}', '['.repeat(100_000)])
      assert.deepEqual(read(body), {});
    for (const taskId of ['', 7, null, {}, 'a/../b', 'x'.repeat(101), 't 1', 't\n1'])
      assert.deepEqual(read({ data: { taskId, state: 'success' } }), { state: 'success' });
    assert.equal(read({ data: { taskId: 'task_a-1.b:2' } }).taskId, 'task_a-1.b:2');
    assert.deepEqual(read({ code: '200', data: { taskId: 't-1', state: { deep: 1 }, failMsg: ['x'] } }), {
      taskId: 't-1',
    });
  });
});
