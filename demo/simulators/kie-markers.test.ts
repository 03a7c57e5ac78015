import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kieCodes } from './kie-answers.ts';
import { simulateKie } from './kie-testing.ts';

test('every code can be ordered, under HTTP 200 and under the status of that number', async (t) => {
  const { create, simulator } = await simulateKie(t, { createsPerTenSeconds: 100 });
  for (const code of [...kieCodes, 430]) {
    const plain = await create({ prompt: `A mug [[sim:code-${code}]]` });
    assert.deepEqual([plain.httpStatus, plain.body.code, plain.body.data], [200, code, null]);
    const strict = await create({ prompt: `A mug [[sim:http-${code}]]` });
    assert.deepEqual([strict.httpStatus, strict.body.code], [code, code]);
  }
  const empty = (await create({ prompt: '[[sim:credits-429]]' })).body;
  assert.deepEqual([empty.code, empty.msg], [429, 'The current credits are insufficient. Please top up.']);
  assert.equal(simulator.tasks().length, 0);
});

test('an answer can be lost before and after the task is created', async (t) => {
  const { create, simulator } = await simulateKie(t);
  const count = () => simulator.tasks().length;
  await assert.rejects(create({ prompt: '[[sim:lost-answer]]' }));
  assert.equal(count(), 1);
  await assert.rejects(create({ prompt: '[[sim:lost-before]]' }));
  assert.equal(count(), 1);
  assert.equal((await create({ prompt: '[[sim:lost-before]]' })).body.code, 200);
  assert.equal(count(), 2);
  for (const _ of [1, 2]) await assert.rejects(create({ prompt: '[[sim:lost-before-always]]' }));
  assert.equal(count(), 2);
  assert.equal(simulator.postsFor('[[sim:lost-before-always]]'), 2);
});

test('an unclear answer hides a task that exists', async (t) => {
  const { create, simulator } = await simulateKie(t);
  const unclear = async (marker: string) => {
    const before = simulator.tasks().length;
    const { httpStatus, body } = await create({ prompt: `[[sim:${marker}]]` });
    assert.equal(simulator.tasks().length, before + 1, marker);
    return [httpStatus, body.code, body.data];
  };
  assert.deepEqual(await unclear('no-id'), [200, 200, null]);
  assert.deepEqual(await unclear('500-created'), [200, 500, null]);
  assert.deepEqual(await unclear('502-html'), [502, undefined, undefined]);
});

test('a first create can fail without a task', async (t) => {
  const { create, simulator } = await simulateKie(t);
  const twice = async (marker: string) => {
    const prompt = `[[sim:${marker}]]`;
    return [(await create({ prompt })).body, (await create({ prompt })).body].map(({ code, data }) => [
      code,
      data !== null,
    ]);
  };
  assert.deepEqual(await twice('500'), [
    [500, false],
    [200, true],
  ]);
  assert.deepEqual(await twice('no-id-nothing'), [
    [200, false],
    [200, true],
  ]);
  const prompt = '[[sim:busy-twice]]';
  const codes = [await create({ prompt }), await create({ prompt }), await create({ prompt })].map(
    ({ body }) => body.code,
  );
  assert.deepEqual(codes, [429, 429, 200]);
  assert.equal(simulator.tasks().length, 3);
});

test('a hanging create has made its task, or none', async (t) => {
  const { simulator } = await simulateKie(t);
  const hanging = (prompt: string) =>
    fetch(`${simulator.url}/api/v1/jobs/createTask`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulator.apiKey}` },
      body: JSON.stringify({ model: 'google/nano-banana', input: { prompt } }),
      signal: AbortSignal.timeout(150),
    });
  await assert.rejects(hanging('[[sim:hang-before]]'), { name: 'TimeoutError' });
  assert.equal(simulator.tasks().length, 0);
  await assert.rejects(hanging('[[sim:hang]]'), { name: 'TimeoutError' });
  assert.equal(simulator.tasks().length, 1);
});

test('a task can fail in many ways, hang, crawl, queue, skip a state or show a strange word', async (t) => {
  const { create, read, pass } = await simulateKie(t);
  const ids = new Map<string, string>();
  const markers = [
    'fail',
    'fail-later',
    'fail-402',
    'fail-word',
    'never',
    'slow',
    'queuing',
    'straight',
    'unknown-status',
  ];
  for (const marker of markers) ids.set(marker, (await create({ prompt: `[[sim:${marker}]]` })).body.data.taskId);
  const record = async (marker: string) => (await read(ids.get(marker)!)).body.data;
  const state = async (marker: string) => (await record(marker)).state;
  pass(1000);
  assert.deepEqual(
    [await state('queuing'), await state('never'), await state('fail')],
    ['queuing', 'waiting', 'waiting'],
  );
  pass(1000);
  const failed = await record('fail');
  assert.deepEqual([failed.state, failed.failCode, failed.resultJson], ['fail', '400', '']);
  assert.match(failed.failMsg, /violating content policies/);
  assert.deepEqual(
    [await state('queuing'), await state('straight'), await state('slow')],
    ['generating', 'waiting', 'waiting'],
  );
  pass(4000);
  assert.equal(await state('unknown-status'), 'paused');
  pass(4000);
  for (const marker of ['queuing', 'straight', 'unknown-status']) assert.equal(await state(marker), 'success', marker);
  const codes = [await record('fail-later'), await record('fail-402'), await record('fail-word')];
  assert.deepEqual(
    codes.map(({ state: word, failCode }) => [word, failCode]),
    [
      ['fail', '500'],
      ['fail', '402'],
      ['fail', 'GENERATION_FAILED'],
    ],
  );
  pass(3_600_000);
  assert.deepEqual([await state('never'), await state('slow')], ['generating', 'success']);
});

test('queries can fail, come late, go back or lose the task', async (t) => {
  const { create, read, pass } = await simulateKie(t);
  const codesOf = async (marker: string) => {
    const id = (await create({ prompt: `[[sim:${marker}]]` })).body.data.taskId;
    return [(await read(id)).body.code, (await read(id)).body.code, (await read(id)).body.code];
  };
  assert.deepEqual(await codesOf('late-visible'), [422, 200, 200]);
  assert.deepEqual(await codesOf('query-500'), [500, 500, 200]);
  assert.deepEqual(await codesOf('query-429'), [429, 429, 200]);
  assert.deepEqual(await codesOf('gone'), [422, 422, 422]);
  const id = (await create({ prompt: '[[sim:flip]]' })).body.data.taskId;
  pass(10_000);
  const word = async () => (await read(id)).body.data.state;
  assert.deepEqual([await word(), await word(), await word()], ['success', 'generating', 'success']);
});

test('a result can be missing, unreadable, misplaced or odd', async (t) => {
  const { finished } = await simulateKie(t);
  const missing = await finished({ prompt: '[[sim:no-url]]' });
  assert.deepEqual([missing.record.state, missing.record.resultJson], ['success', '{"resultUrls":[]}']);
  await assert.rejects(finished({ prompt: '[[sim:bad-result-json]]' }), SyntaxError);
  assert.match((await finished({ prompt: '[[sim:private-url]]' })).url, /169\.254\.169\.254/);
});

test('downloads can be cut, refused, replaced, stalled or endless', async (t) => {
  const { finished } = await simulateKie(t);
  const result = async (marker: string) => (await finished({ prompt: `[[sim:${marker}]]` })).url;
  const download = async (url: string) => (await fetch(url)).bytes();
  const cut = await result('truncated');
  await assert.rejects(download(cut));
  assert.ok((await download(cut)).length > 100);
  const alwaysCut = await result('truncated-always');
  for (const _ of [1, 2]) await assert.rejects(download(alwaysCut));
  const broken = await result('download-500');
  assert.deepEqual([(await fetch(broken)).status, (await fetch(broken)).status], [500, 200]);
  assert.match((await fetch(await result('html-result'))).headers.get('content-type')!, /html/);
  const stalled = await result('stalled-result');
  await assert.rejects(fetch(stalled, { signal: AbortSignal.timeout(100) }).then((response) => response.bytes()));
  const huge = await fetch(await result('huge-result'));
  assert.equal(huge.headers.get('content-length'), '4000000000');
  await huge.body!.cancel();
});
