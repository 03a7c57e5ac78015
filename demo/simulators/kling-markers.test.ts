import assert from 'node:assert/strict';
import { test } from 'node:test';
import { businessCodes } from './kling-answers.ts';
import { readMarkers } from './markers.ts';
import { simulate } from './kling-testing.ts';

test('markers are found anywhere in a prompt and may stand together', () => {
  const markers = readMarkers('A mug [[sim:slow]] on a table.[[sim:truncated]] Steam.');
  assert.ok(markers.has('slow') && markers.has('truncated'));
  assert.equal(markers.has('mug'), false);
  assert.equal(readMarkers('[[sim:refuse-1301]]').numberAfter('refuse-'), 1301);
  assert.equal(readMarkers('refuse-1301').numberAfter('refuse-'), null);
});

test('every business code can be ordered', async (t) => {
  const { create, simulator } = await simulate(t);
  for (const code of businessCodes) {
    assert.equal((await create({ prompt: `A mug [[sim:refuse-${code}]]` })).body.code, code);
  }
  assert.equal((await create({ prompt: '[[sim:refuse-1102]]' })).httpStatus, 429);
  assert.equal(simulator.tasks().length, 0);
});

test('an answer can be lost before and after the task is created', async (t) => {
  const { create, read, simulator } = await simulate(t);
  const after = { external_task_id: 'order-1', prompt: '[[sim:lost-answer]]' };
  await assert.rejects(create(after));
  assert.equal((await read('order-1')).body.code, 0);
  assert.match((await create(after)).body.message, /already exists/);
  const before = { external_task_id: 'order-2', prompt: '[[sim:lost-before]]' };
  await assert.rejects(create(before));
  assert.equal((await read('order-2')).body.code, 1201);
  assert.equal((await create(before)).body.code, 0);
  assert.deepEqual([simulator.postsFor('order-1'), simulator.postsFor('order-2')], [2, 2]);
  assert.deepEqual(
    simulator.log.filter((entry) => entry.method === 'POST').map((entry) => entry.httpStatus),
    [null, 400, null, 200],
  );
});

test('an unclear answer hides a task that exists', async (t) => {
  const { create, read } = await simulate(t);
  const unclear = async (name: string) => {
    const answer = await create({ external_task_id: name, prompt: `[[sim:${name}]]` });
    assert.equal((await read(name)).body.code, 0, name);
    return [answer.httpStatus, answer.body.code];
  };
  assert.deepEqual(await unclear('502-html'), [502, undefined]);
  assert.deepEqual(await unclear('no-id'), [200, 0]);
  assert.deepEqual(await unclear('500-created'), [500, 5000]);
  assert.deepEqual(await unclear('504-created'), [504, 5002]);
});

test('a server error without a task passes at the second post', async (t) => {
  const { create, read } = await simulate(t);
  const fields = { external_task_id: 'order-1', prompt: '[[sim:500]]' };
  assert.equal((await create(fields)).body.code, 5000);
  assert.equal((await read('order-1')).body.code, 1201);
  assert.equal((await create(fields)).body.code, 0);
});

test('busy-twice lets the third post through', async (t) => {
  const { create } = await simulate(t);
  const fields = { external_task_id: 'order-1', prompt: '[[sim:busy-twice]]' };
  const codes = [await create(fields), await create(fields), await create(fields)].map(({ body }) => body.code);
  assert.deepEqual(codes, [1303, 1303, 0]);
});

test('a hanging create has made its task', async (t) => {
  const { simulator, image, read } = await simulate(t);
  const body = { model_name: 'kling-v2-6', prompt: '[[sim:hang]]', image, external_task_id: 'order-1' };
  const hanging = fetch(`${simulator.url}/v1/videos/image2video`, {
    method: 'POST',
    headers: { authorization: `Bearer ${simulator.apiKey}` },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(150),
  });
  await assert.rejects(hanging, { name: 'TimeoutError' });
  assert.equal((await read('order-1')).body.code, 0);
});

test('a task can fail, hang, crawl or show a strange word', async (t) => {
  const { create, read, pass } = await simulate(t);
  const started = async (name: string) => (await create({ prompt: `[[sim:${name}]]` })).body.data.task_id as string;
  const names = ['fail', 'fail-later', 'fail-shape', 'never', 'slow'];
  const ids = new Map<string, string>();
  for (const name of names) ids.set(name, await started(name));
  const status = async (name: string) => (await read(ids.get(name)!)).body.data.task_status;
  pass(2000);
  assert.equal(await status('fail'), 'failed');
  assert.equal(await status('fail-later'), 'processing');
  assert.equal(await status('slow'), 'submitted');
  pass(8000);
  const failed = (await read(ids.get('fail-later')!)).body.data;
  assert.deepEqual([failed.task_status, failed.task_status_msg], ['failed', 'Failure to pass the risk control system']);
  assert.match((await read(ids.get('fail-shape')!)).body.data.task_status_msg, /aspect ratio of the input image/);
  pass(3_600_000);
  assert.equal(await status('never'), 'processing');
  assert.equal(await status('slow'), 'succeed');
  const strange = (await create({ prompt: '[[sim:unknown-status]]' })).body.data.task_id;
  pass(6000);
  assert.equal((await read(strange)).body.data.task_status, 'paused');
  pass(4000);
  assert.equal((await read(strange)).body.data.task_status, 'succeed');
});

test('queries can fail, come late or go back', async (t) => {
  const { create, read, pass } = await simulate(t);
  const codesOf = async (name: string) => {
    const id = (await create({ prompt: `[[sim:${name}]]` })).body.data.task_id;
    return [(await read(id)).body.code, (await read(id)).body.code, (await read(id)).body.code];
  };
  assert.deepEqual(await codesOf('query-500'), [5000, 5000, 0]);
  assert.deepEqual(await codesOf('query-busy'), [1302, 1302, 0]);
  assert.deepEqual(await codesOf('late-visible'), [1201, 0, 0]);
  const id = (await create({ prompt: '[[sim:flip]]' })).body.data.task_id;
  pass(10_000);
  const word = async () => (await read(id)).body.data.task_status;
  assert.deepEqual([await word(), await word(), await word()], ['succeed', 'processing', 'succeed']);
});

async function download(url: string): Promise<ArrayBuffer> {
  return (await fetch(url)).arrayBuffer();
}

test('results can be cut, replaced, misplaced or missing', async (t) => {
  const simulated = await simulate(t, { concurrency: 20 });
  const { create, read, pass } = simulated;
  const result = async (name: string) => {
    const id = (await create({ prompt: `[[sim:${name}]]` })).body.data.task_id;
    pass(10_000);
    return { id, video: (await read(id)).body.data.task_result.videos[0] };
  };

  const { video: cut } = await result('truncated');
  await assert.rejects(download(cut.url));
  assert.ok((await download(cut.url)).byteLength > 1000);
  const { video: alwaysCut } = await result('truncated-always');
  await assert.rejects(download(alwaysCut.url));
  await assert.rejects(download(alwaysCut.url));

  const { video: stalled } = await result('stalled-result');
  await assert.rejects(fetch(stalled.url, { signal: AbortSignal.timeout(100) }).then((response) => response.bytes()));
  const { video: huge } = await result('huge-result');
  const hugeResponse = await fetch(huge.url);
  assert.equal(hugeResponse.headers.get('content-length'), '4000000000');
  await hugeResponse.body!.cancel();

  const { video: html } = await result('html-result');
  assert.match((await fetch(html.url)).headers.get('content-type')!, /html/);
  assert.equal((await result('short-result')).video.duration, '2.042');
  assert.equal((await result('no-url')).video, undefined);
  assert.match((await result('private-url')).video.url, /169\.254\.169\.254/);

  const expired = await result('expired-url');
  assert.equal((await fetch(expired.video.url)).status, 403);
  const fresh = (await read(expired.id)).body.data.task_result.videos[0].url;
  assert.equal((await fetch(fresh)).status, 200);

  const { video: broken } = await result('download-500');
  assert.equal((await fetch(broken.url)).status, 500);
  assert.equal((await fetch(broken.url)).status, 200);
});
