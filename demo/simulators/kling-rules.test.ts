import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';
import { simulate } from './kling-testing.ts';

type Simulated = Awaited<ReturnType<typeof simulate>>;

/** Text to video of the new standard. */
function film({ call }: Simulated, model: string, settings: object = {}, prompt = 'a ball') {
  return call(`/text-to-video/${model}`, { body: { prompt, settings } });
}

/** Picture to video of the new standard; `more` are items behind prompt and first frame. */
function move({ call, image }: Simulated, model: string, { settings = {}, more = [] as object[], prompt = 'turn' }) {
  const contents = [{ type: 'prompt', text: prompt }, { type: 'first_frame', url: image }, ...more];
  return call(`/image-to-video/${model}`, { body: { contents, settings } });
}

function legacyText({ call }: Simulated, fields: object) {
  return call('/v1/videos/text2video', { body: { model_name: 'kling-v3', prompt: 'a ball', ...fields } });
}

/** What the answers said: 'ok', or the words of the refusal. */
async function saysOf(answers: Promise<{ httpStatus: number; body: { code: number; message: string } }>[]) {
  return (await Promise.all(answers)).map(({ body }) => (body.code === 0 ? 'ok' : body.message));
}

const NO_SOUND = 'Sound is not supported by the current model';

test('sound follows the model in both generations', async (t) => {
  const simulated = await simulate(t, { concurrency: 99 });
  const { create } = simulated;
  assert.deepEqual(
    await saysOf([
      create({ model_name: 'kling-v2-5-turbo', mode: 'pro', sound: 'on' }),
      create({ model_name: 'kling-v2-6', sound: 'on' }),
      create({ model_name: 'kling-v2-6', mode: 'pro', sound: 'on' }),
      create({ model_name: 'kling-v3', sound: 'on' }),
      create({ model_name: 'kling-v3', sound: true }),
      film(simulated, 'kling-2.5-turbo', { resolution: '1080p', audio: 'native' }),
      film(simulated, 'kling-2.6', { audio: 'native' }),
      film(simulated, 'kling-2.6', { resolution: '1080p', audio: 'native' }),
      move(simulated, 'kling-3.0', { settings: { audio: 'native' } }),
      move(simulated, 'kling-3.0', { settings: { audio: 'on' } }),
    ]),
    [
      NO_SOUND,
      `${NO_SOUND} in std mode`,
      'ok',
      'ok',
      "sound value 'true' is invalid",
      NO_SOUND,
      `${NO_SOUND} in std mode`,
      'ok',
      'ok',
      "audio value 'on' is invalid",
    ],
  );
});

test('3.0-turbo always has sound and does not look at the field; its price is that of sound', async (t) => {
  const simulated = await simulate(t);
  await film(simulated, 'kling-3.0-turbo', { audio: 'off', duration: 3 });
  await film(simulated, 'kling-3.0-turbo', { audio: 'loud', resolution: '1080p' });
  assert.deepEqual(
    simulated.simulator.tasks().map((task) => task.sound),
    [true, true],
  );
  simulated.pass(10_000);
  const { result } = (await simulated.call('/tasks', { body: {} })).body.data;
  assert.deepEqual(
    result.map((task: { billing: { amount: string }[] }) => task.billing[0]!.amount),
    ['5', '2.4'],
  );
  const strict = await simulate(t, { strict: true });
  assert.match((await film(strict, 'kling-3.0-turbo', { audio: 'off' })).body.message, /unknown field 'audio'/);
});

test('the units are those of resolution, seconds and sound', async (t) => {
  const simulated = await simulate(t, { concurrency: 99 });
  const units = async (id: string) => {
    simulated.pass(10_000);
    return (await simulated.call(`/tasks?task_ids=${id}`)).body.data[0].billing[0].amount;
  };
  const legacy = async (fields: object) => units((await simulated.create(fields)).body.data.task_id);
  const modern = async (model: string, settings: object) =>
    units((await film(simulated, model, settings)).body.data.id);
  assert.equal(await legacy({ model_name: 'kling-v2-5-turbo', mode: 'pro', duration: '10' }), '5');
  assert.equal(await legacy({ model_name: 'kling-v2-6', mode: 'pro', sound: 'on' }), '5');
  assert.equal(await legacy({ model_name: 'kling-v3', mode: '4k', duration: '3' }), '9');
  assert.equal(await modern('kling-3.0', { duration: 7 }), '4.2');
  assert.equal(await modern('kling-3.0', { audio: 'native', resolution: '1080p' }), '6');
});

test('a clip with sound has a sound track as long as the film, a silent one has none', async (t) => {
  const simulated = await simulate(t);
  const tracks = async (model: string, settings: object) => {
    const { id } = (await film(simulated, model, settings)).body.data;
    simulated.pass(10_000);
    const { url } = (await simulated.call(`/tasks?task_ids=${id}`)).body.data[0].outputs[0];
    const source = new BufferSource(await (await fetch(url)).bytes());
    const input = new Input({ formats: ALL_FORMATS, source });
    const sound = await input.getPrimaryAudioTrack();
    return [sound?.codec, sound && Math.round(await sound.computeDuration())];
  };
  assert.deepEqual(await tracks('kling-3.0-turbo', { duration: 3 }), ['aac', 3]);
  assert.deepEqual(await tracks('kling-3.0', { audio: 'native', duration: 4 }), ['aac', 4]);
  assert.deepEqual(await tracks('kling-3.0', { audio: 'off', duration: 3 }), [undefined, null]);
});

test('an end frame follows model, resolution and sound in both generations', async (t) => {
  const simulated = await simulate(t, { concurrency: 99 });
  const { create, image } = simulated;
  const tail = (fields: object) => create({ image_tail: image, ...fields });
  const more = [{ type: 'last_frame', url: image }];
  const refused = 'Image tail is not supported by the current model';
  const refusedNew = 'Last frame is not supported by the current model';
  const pro = { resolution: '1080p' };
  assert.deepEqual(
    await saysOf([
      tail({ model_name: 'kling-v2-5-turbo' }),
      tail({ model_name: 'kling-v2-5-turbo', mode: 'pro' }),
      tail({ model_name: 'kling-v2-6', mode: 'pro' }),
      tail({ model_name: 'kling-v2-6', mode: 'pro', sound: 'on' }),
      tail({ model_name: 'kling-v3', sound: 'on' }),
      tail({ model_name: 'kling-v3', image: '' }),
    ]),
    [refused, 'ok', 'ok', refused, 'ok', refused],
  );
  assert.deepEqual(
    await saysOf([
      move(simulated, 'kling-3.0-turbo', { settings: pro, more }),
      move(simulated, 'kling-3.0', { settings: { audio: 'native' }, more }),
      move(simulated, 'kling-2.6', { more }),
      move(simulated, 'kling-2.6', { settings: pro, more }),
      move(simulated, 'kling-2.6', { settings: { ...pro, audio: 'native' }, more }),
      move(simulated, 'kling-2.5-turbo', { more }),
      move(simulated, 'kling-2.5-turbo', { settings: pro, more }),
      simulated.call('/image-to-video/kling-3.0', { body: { contents: more } }),
    ]),
    [refusedNew, 'ok', refusedNew, 'ok', refusedNew, refusedNew, 'ok', 'first_frame can not be null'],
  );
});

test('seconds are text in the legacy bodies, a whole number in the new ones, and follow the model', async (t) => {
  const simulated = await simulate(t, { concurrency: 99 });
  const wrong = (duration: unknown) => `duration value '${String(duration)}' is invalid`;
  assert.deepEqual(
    await saysOf([
      legacyText(simulated, { duration: '3' }),
      legacyText(simulated, { duration: '15' }),
      legacyText(simulated, { duration: '16' }),
      legacyText(simulated, { duration: 5 }),
      legacyText(simulated, { model_name: 'kling-v2-6', duration: '7' }),
      film(simulated, 'kling-3.0-turbo', { duration: 15 }),
      film(simulated, 'kling-3.0-turbo', { duration: 2 }),
      film(simulated, 'kling-2.6', { duration: 10 }),
      film(simulated, 'kling-2.5-turbo', { duration: 7 }),
      film(simulated, 'kling-2.5-turbo', { duration: '5' }),
      film(simulated, 'kling-3.0', { duration: 4.5 }),
    ]),
    ['ok', 'ok', wrong(16), wrong(5), wrong(7), 'ok', wrong(2), 'ok', wrong(7), wrong(5), wrong(4.5)],
  );
});

test('resolutions are 720p, 1080p and, for 3.0 only, 4k', async (t) => {
  const simulated = await simulate(t, { concurrency: 99 });
  const no4k = (model: string) => `4k mode is not supported by the current model: ${model}`;
  assert.deepEqual(
    await saysOf([
      film(simulated, 'kling-3.0', { resolution: '4k' }),
      film(simulated, 'kling-3.0-turbo', { resolution: '4k' }),
      film(simulated, 'kling-2.6', { resolution: '4k' }),
      film(simulated, 'kling-2.6', { resolution: 'pro' }),
      film(simulated, 'kling-2.6', { resolution: '1080p' }),
      legacyText(simulated, { mode: '4k' }),
      legacyText(simulated, { mode: '4k', model_name: 'kling-v2-6' }),
      legacyText(simulated, { mode: '1080p' }),
    ]),
    [
      'ok',
      no4k('kling-3.0-turbo'),
      no4k('kling-2.6'),
      "resolution value 'pro' is invalid",
      'ok',
      'ok',
      no4k('kling-v2-6'),
      "mode value '1080p' is invalid",
    ],
  );
});

test('several shots are off in the legacy standard and on in the new one', async (t) => {
  const simulated = await simulate(t, { concurrency: 99 });
  await legacyText(simulated, {});
  await film(simulated, 'kling-3.0');
  await film(simulated, 'kling-3.0', { multi_shot: false });
  await film(simulated, 'kling-2.6');
  await legacyText(simulated, { multi_shot: true, shot_type: 'intelligence' });
  assert.deepEqual(
    simulated.simulator.tasks().map((task) => task.multiShot),
    [false, true, false, false, true],
  );
  const shots = (...durations: string[]) => ({
    multi_shot: true,
    shot_type: 'customize',
    prompt: '',
    multi_prompt: durations.map((duration, index) => ({ index, prompt: 'a ball', duration })),
  });
  const sum = 'The durations of the shots must add up to the duration of the video';
  assert.deepEqual(
    await saysOf([
      legacyText(simulated, { multi_shot: true }),
      legacyText(simulated, { ...shots('2', '3'), model_name: 'kling-v2-6' }),
      legacyText(simulated, shots()),
      legacyText(simulated, shots('2', '2')),
      legacyText(simulated, { ...shots('1', '1', '1', '1', '1', '1', '1'), duration: '7' }),
      legacyText(simulated, shots('2', '3')),
      film(simulated, 'kling-3.0', {}, 'shot 1, 2, a ball; shot 2, 2, a hand;'),
      film(simulated, 'kling-3.0', {}, 'shot 1, 2, a ball; shot 2, 3, a hand;'),
      film(simulated, 'kling-3.0', { multi_shot: false }, 'shot 1, 2, a ball; shot 2, 2, a hand;'),
      film(simulated, 'kling-3.0', { multi_shot: 'yes' }),
    ]),
    [
      'shot_type can not be null',
      'Multi shot is not supported by the current model',
      'multi_prompt can not be null',
      sum,
      'The number of shots can not exceed 6',
      'ok',
      sum,
      'ok',
      'ok',
      'multi_shot must be a boolean',
    ],
  );
});

test('prompts may be as long as the model and the path allow', async (t) => {
  const simulated = await simulate(t, { concurrency: 99 });
  const long = 'x'.repeat(2501);
  const tooLong = (name: string, max: number) => `${name}: the length can not exceed ${max}`;
  assert.deepEqual(
    await saysOf([
      legacyText(simulated, { prompt: long }),
      film(simulated, 'kling-3.0', {}, long),
      film(simulated, 'kling-3.0-turbo', {}, long),
      film(simulated, 'kling-3.0', {}, 'x'.repeat(3073)),
      film(simulated, 'kling-2.6', {}, long),
      move(simulated, 'kling-3.0-turbo', { prompt: long }),
      move(simulated, 'kling-3.0', { prompt: long }),
    ]),
    [
      tooLong('prompt', 2500),
      'ok',
      'ok',
      tooLong('prompt', 3072),
      tooLong('prompt', 2500),
      tooLong('text', 2500),
      'ok',
    ],
  );
});

test('elements and voices belong to their models', async (t) => {
  const simulated = await simulate(t, { concurrency: 99 });
  const { create } = simulated;
  const elements = (count: number) =>
    Array.from({ length: count }, (_, id) => ({ type: 'element', element_id: '1', id }));
  const voice = { type: 'voice', voice_id: '1', id: 'v' };
  const loud = { resolution: '1080p', audio: 'native' };
  assert.deepEqual(
    await saysOf([
      move(simulated, 'kling-3.0', { more: elements(3) }),
      move(simulated, 'kling-3.0', { more: elements(4) }),
      move(simulated, 'kling-3.0-turbo', { more: elements(1) }),
      move(simulated, 'kling-2.6', { settings: loud, more: [voice, voice] }),
      move(simulated, 'kling-2.6', { more: [voice] }),
      move(simulated, 'kling-3.0', { settings: loud, more: [voice] }),
      move(simulated, 'kling-3.0', { more: [{ type: 'refer_image', url: simulated.image }] }),
      create({ model_name: 'kling-v2-6', mode: 'pro', sound: 'on', voice_list: [{ voice_id: '1' }] }),
      create({ model_name: 'kling-v2-6', mode: 'pro', voice_list: [{ voice_id: '1' }] }),
      create({ model_name: 'kling-v3', element_list: [{ element_id: 1 }] }),
    ]),
    [
      'ok',
      'The number of elements can not exceed 3',
      'Element is not supported by the current model',
      'ok',
      "A voice needs audio 'native'",
      'Voice is not supported by the current model',
      "contents type value 'refer_image' is invalid",
      'ok',
      "voice_list needs sound 'on'",
      'ok',
    ],
  );
});

test('the ratio is asked for in text to video, and ignored where there is a picture', async (t) => {
  const simulated = await simulate(t);
  const settings = { aspect_ratio: '9:16' };
  assert.equal((await film(simulated, 'kling-3.0', settings)).body.code, 0);
  assert.match((await film(simulated, 'kling-3.0', { aspect_ratio: '3:4' })).body.message, /aspect_ratio value '3:4'/);
  assert.equal((await move(simulated, 'kling-3.0', { settings: { aspect_ratio: '3:4' } })).body.code, 0);
  const strict = await simulate(t, { strict: true });
  assert.equal((await film(strict, 'kling-3.0', settings)).body.code, 0);
  assert.match((await move(strict, 'kling-3.0', { settings })).body.message, /unknown field 'aspect_ratio'/);
  for (const [field, value] of Object.entries({ negative_prompt: 'x', cfg_scale: 0.5, mode: 'pro' })) {
    const refused = await strict.call('/text-to-video/kling-3.0', { body: { prompt: 'a ball', [field]: value } });
    assert.match(refused.body.message, new RegExp(`unknown field '${field}'`));
  }
});

test('both standards see the tasks that the other one made, where it has a place for them', async (t) => {
  const simulated = await simulate(t);
  await simulated.create({ external_task_id: 'old' });
  const body = { prompt: 'a ball', options: { external_task_id: 'new' } };
  await simulated.call('/text-to-video/kling-3.0', { body });
  simulated.pass(10_000);
  const { data } = (await simulated.call('/tasks?external_task_ids=old,new')).body;
  assert.deepEqual(
    data.map((task: { external_id: string; status: string }) => [task.external_id, task.status]),
    [
      ['old', 'succeeded'],
      ['new', 'succeeded'],
    ],
  );
  assert.equal((await simulated.call('/v1/videos/text2video/new')).body.code, 1201);
  const taken = await simulated.create({ external_task_id: 'new' });
  assert.match(taken.body.message, /already exists/);
});

test('the pages of POST /tasks obey status and times, given as numbers or as text', async (t) => {
  const simulated = await simulate(t);
  const { call, create, pass, nowMs } = simulated;
  const ids: string[] = [];
  for (let count = 0; count < 2; count += 1) {
    ids.push((await create({ prompt: count === 0 ? '[[sim:fail]]' : 'a slow turn' })).body.data.task_id);
    pass(10_000);
  }
  const found = async (fields: object) =>
    (await call('/tasks', { body: fields })).body.data.result.map((task: { id: string }) => task.id);
  assert.deepEqual(await found({ filters: [{ key: 'status', values: ['failed'] }] }), [ids[0]]);
  assert.deepEqual(await found({ start_time: nowMs() - 15_000 }), [ids[1]]);
  assert.deepEqual(await found({ start_time: '1', end_time: String(nowMs() - 15_000) }), [ids[0]]);
  pass(31 * 86_400_000);
  assert.deepEqual(await found({}), []);
  const refused = await call('/tasks', { body: { start_time: 2, end_time: 1 } });
  assert.equal(refused.body.message, 'start_time must be earlier than end_time');
  assert.equal((await call('/tasks', { body: { limit: 501 } })).body.code, 1201);
});
