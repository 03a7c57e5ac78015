import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulateKie } from './kie-testing.ts';

test('a result is served by range, without a key', async (t) => {
  const { finished } = await simulateKie(t);
  const { url } = await finished();
  const whole = await (await fetch(url)).bytes();
  const part = await fetch(url, { headers: { range: 'bytes=10-19' } });
  assert.deepEqual([part.status, part.headers.get('content-range')], [206, `bytes 10-19/${whole.length}`]);
  assert.deepEqual(await part.bytes(), whole.subarray(10, 20));
});

test('a result is gone after a day, and never there under another name', async (t) => {
  const { finished, pass } = await simulateKie(t);
  const { url } = await finished();
  assert.equal((await fetch(url.replace(/[^/]+$/, 'result.png'))).status, 404);
  pass(86_400_000 - 1);
  assert.equal((await fetch(url)).status, 200);
  pass(1);
  assert.equal((await fetch(url)).status, 404);
});

test('a download link lives twenty minutes and is given for results of this account only', async (t) => {
  const { call, finished, pass } = await simulateKie(t);
  const link = (url: unknown) => call('/api/v1/common/download-url', { body: { url } });
  const { url } = await finished();
  const { data } = (await link(url)).body;
  assert.equal((await fetch(data)).headers.get('content-type'), 'image/png');
  const wrong = { code: 422, msg: 'url is wrong', data: null };
  for (const other of ['https://cdn.kie.ai/files/sample.mp4', undefined])
    assert.deepEqual((await link(other)).body, wrong);
  pass(20 * 60_000 - 1);
  assert.equal((await fetch(data)).status, 200);
  pass(1);
  assert.equal((await fetch(data)).status, 404);
});

test('an expired address can be exchanged for a link, unless that is expired too', async (t) => {
  const { call, finished } = await simulateKie(t);
  const statuses = async (marker: string) => {
    const { url } = await finished({ prompt: `[[sim:${marker}]]` });
    const link = (await call('/api/v1/common/download-url', { body: { url } })).body.data;
    return [(await fetch(url)).status, (await fetch(link)).status];
  };
  assert.deepEqual(await statuses('expired-url'), [404, 200]);
  assert.deepEqual(await statuses('expired-always'), [404, 404]);
});
