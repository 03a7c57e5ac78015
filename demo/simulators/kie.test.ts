import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';
import sharp from 'sharp';
import { simulateKie } from './kie-testing.ts';

const IMAGE_TO_VIDEO = 'kling-2.6/image-to-video';

test('a create answers with an id twice, under HTTP 200 and code 200', async (t) => {
  const { create } = await simulateKie(t);
  const { httpStatus, body } = await create();
  assert.equal(httpStatus, 200);
  assert.match(body.data.taskId, /^[0-9a-f]{32}$/);
  assert.deepEqual(body, { code: 200, msg: 'success', data: { taskId: body.data.taskId, recordId: body.data.taskId } });
});

test('a record has the live keys in the live order, with JSON in strings', async (t) => {
  const { create, read, pass } = await simulateKie(t);
  const callBackUrl = 'http://127.0.0.1:9/hook';
  const { taskId } = (await create({ image_size: '3:4' }, { callBackUrl })).body.data;
  const waiting = (await read(taskId)).body;
  assert.deepEqual(Object.keys(waiting), ['code', 'msg', 'data']);
  assert.deepEqual(Object.keys(waiting.data), [
    'taskId',
    'model',
    'state',
    'param',
    'resultJson',
    'failCode',
    'failMsg',
    'costTime',
    'completeTime',
    'createTime',
    'creditsConsumed',
  ]);
  const { state, resultJson, failCode, failMsg, costTime, completeTime } = waiting.data;
  assert.deepEqual(
    [state, resultJson, failCode, failMsg, costTime, completeTime],
    ['waiting', '', null, null, null, null],
  );
  const param = JSON.parse(waiting.data.param);
  assert.deepEqual([param.model, param.callBackUrl], ['google/nano-banana', callBackUrl]);
  assert.deepEqual(JSON.parse(param.input), { prompt: 'a mug', output_format: 'png', image_size: '3:4' });
  pass(2000);
  assert.equal((await read(taskId)).body.data.state, 'generating');
  pass(8000);
  const done = (await read(taskId)).body.data;
  assert.deepEqual([done.state, done.costTime, done.completeTime - done.createTime], ['success', 10, 10_000]);
  assert.equal(JSON.parse(done.resultJson).resultUrls.length, 1);
});

test('the result of a picture model is a PNG, or a JPEG when asked, in the asked ratio', async (t) => {
  const { finished } = await simulateKie(t);
  const facts = async (url: string) => {
    const response = await fetch(url);
    const { format, width, height } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
    return [response.headers.get('content-type'), format, Math.round((100 * width) / height)];
  };
  assert.deepEqual(await facts((await finished({ image_size: '3:4' })).url), ['image/png', 'png', 75]);
  const second = await finished({ aspect_ratio: '16:9' }, { model: 'nano-banana-2' });
  assert.deepEqual(await facts(second.url), ['image/jpeg', 'jpeg', 178]);
});

test('the ratio auto is that of the first picture, else square', async (t) => {
  const { finished, photo } = await simulateKie(t);
  const ratio = async (input: object) => {
    const { url } = await finished({ aspect_ratio: 'auto', ...input }, { model: 'nano-banana-pro' });
    const { width, height } = await sharp(await (await fetch(url)).bytes()).metadata();
    return Math.round((100 * width) / height);
  };
  assert.equal(await ratio({ image_input: [await photo(600, 400), await photo(300, 400)] }), 150);
  assert.equal(await ratio({}), 100);
});

test('an edit shows the picture that was sent', async (t) => {
  const { finished, photo } = await simulateKie(t);
  const edit = async (width: number) => {
    const input = { image_urls: [await photo(width, 400)], image_size: '1:1' };
    return (await fetch((await finished(input, { model: 'google/nano-banana-edit' })).url)).bytes();
  };
  const wide = await edit(600);
  assert.deepEqual(await edit(600), wide);
  assert.notDeepEqual(await edit(300), wide);
});

test('an open sora-2 names its results twice', async (t) => {
  const { finished } = await simulateKie(t, { paused: [] });
  const { record, url } = await finished({ upload_method: 's3' }, { model: 'sora-2-text-to-video' });
  assert.deepEqual(JSON.parse(record.resultJson), { resultUrls: [url], resultWaterMarkUrls: [url] });
});

test('a clip is an MP4 in the shape of the picture that was sent', async (t) => {
  const { finished, photo } = await simulateKie(t);
  const input = { image_urls: [await photo(300, 400)], sound: false, duration: '5' };
  const { url } = await finished(input, { model: IMAGE_TO_VIDEO });
  const response = await fetch(url);
  assert.equal(response.headers.get('content-type'), 'video/mp4');
  const clip = new Input({ formats: ALL_FORMATS, source: new BufferSource(await response.arrayBuffer()) });
  const video = await clip.getPrimaryVideoTrack();
  assert.deepEqual([video?.codec, video?.displayWidth, video?.displayHeight], ['avc', 180, 240]);
  assert.ok(Math.abs((await clip.computeDuration()) - 5.042) < 0.05);
});

test('several shots and sound give a clip with a sound track, markers a short or square one', async (t) => {
  const { finished } = await simulateKie(t);
  const clip = async (input: object) => {
    const { url } = await finished(input, { model: 'kling-3.0/video' });
    const film = new Input({ formats: ALL_FORMATS, source: new BufferSource(await (await fetch(url)).arrayBuffer()) });
    const video = await film.getPrimaryVideoTrack();
    const seconds = Math.round(await film.computeDuration());
    return [video?.displayWidth, video?.displayHeight, seconds, (await film.getPrimaryAudioTrack()) !== null];
  };
  assert.deepEqual(await clip({ duration: '3', sound: true }), [320, 180, 3, true]);
  assert.deepEqual(await clip({ multi_shots: true, multi_prompt: [{ prompt: 'a', duration: 3 }] }), [
    320,
    180,
    5,
    true,
  ]);
  const prompt = '[[sim:square-result]] [[sim:short-result]]';
  assert.deepEqual(await clip({ prompt, aspect_ratio: '9:16' }), [180, 180, 2, false]);
});

test('a clip without a picture has the asked ratio', async (t) => {
  const { finished } = await simulateKie(t);
  const input = { sound: false, aspect_ratio: '9:16', duration: '5' };
  const { url } = await finished(input, { model: 'kling-2.6/text-to-video' });
  const source = new BufferSource(await (await fetch(url)).arrayBuffer());
  const video = await new Input({ formats: ALL_FORMATS, source }).getPrimaryVideoTrack();
  assert.deepEqual([video?.displayWidth, video?.displayHeight], [180, 320]);
});

test('a picture that cannot be fetched fails the task, not the create', async (t) => {
  const { create, read, pass, simulator } = await simulateKie(t);
  const addresses = [
    'http://127.0.0.1:9/mug.jpg',
    `${simulator.url}/kieai/100001/none.jpg`,
    'http://shop.test/mug.jpg',
  ];
  for (const address of addresses) {
    const input = { image_urls: [address], sound: false, duration: '5' };
    const { taskId } = (await create(input, { model: IMAGE_TO_VIDEO })).body.data;
    pass(10_000);
    const { state, failCode, failMsg, resultJson } = (await read(taskId)).body.data;
    assert.deepEqual([state, failCode, resultJson], ['fail', '400', '']);
    assert.match(failMsg, /^Image fetch failed/);
  }
});

test('two equal creates are two tasks', async (t) => {
  const { create, simulator } = await simulateKie(t);
  await create();
  await create();
  assert.equal(simulator.tasks().length, 2);
  assert.equal(simulator.postsFor('a mug'), 2);
});
