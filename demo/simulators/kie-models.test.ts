import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulateKie } from './kie-testing.ts';

const PICTURE = 'http://127.0.0.1:9/mug.jpg';

/** Inputs that each model takes, with everything it asks for. */
const GOOD: Record<string, object> = {
  'google/nano-banana': { prompt: 'a mug', output_format: 'jpeg', image_size: '21:9' },
  'google/nano-banana-edit': { prompt: 'a mug', image_urls: [PICTURE] },
  'nano-banana-2': { prompt: 'a mug', aspect_ratio: '1:8', resolution: '4K', image_input: [PICTURE] },
  'nano-banana-pro': { prompt: 'a mug', aspect_ratio: 'auto', output_format: 'jpg' },
  'kling-2.6/image-to-video': { prompt: 'a turn', image_urls: [PICTURE], sound: false, duration: '10' },
  'kling-2.6/text-to-video': { prompt: 'a turn', sound: true, aspect_ratio: '1:1', duration: '5' },
  'kling-3.0/video': { prompt: 'a turn', image_urls: [PICTURE, PICTURE], duration: '15', mode: '4K' },
  'kling/v2-1-standard': { prompt: 'a turn', image_url: PICTURE },
  'kling/v2-1-pro': { prompt: 'a turn', image_url: PICTURE, tail_image_url: '', cfg_scale: 0.5 },
  'kling/v2-1-master-image-to-video': { prompt: 'a turn', image_url: PICTURE, duration: '10' },
  'kling/v2-5-turbo-image-to-video-pro': { prompt: 'a turn', image_url: PICTURE, negative_prompt: 'blur' },
  'sora-2-text-to-video': { prompt: 'a turn', aspect_ratio: 'portrait', n_frames: '15', upload_method: 's3' },
  'sora-2-image-to-video': { prompt: 'a turn', image_urls: [PICTURE], upload_method: 'oss' },
};

async function judge(t: Parameters<typeof simulateKie>[0]) {
  const simulated = await simulateKie(t, { paused: [], createsPerTenSeconds: 1000, credits: 100_000 });
  return async (model: string, input: object): Promise<[number, string]> => {
    const { body } = await simulated.create({ prompt: undefined, ...input }, { model });
    return [body.code, body.msg];
  };
}

test('every model takes the input of its page', async (t) => {
  const answer = await judge(t);
  for (const [model, input] of Object.entries(GOOD))
    assert.deepEqual(await answer(model, input), [200, 'success'], model);
});

test('a missing field is named under code 500', async (t) => {
  const answer = await judge(t);
  const without = (model: string, field: string) => answer(model, { ...GOOD[model], [field]: undefined });
  const cases: [string, string][] = [
    ['google/nano-banana', 'prompt'],
    ['google/nano-banana-edit', 'image_urls'],
    ['nano-banana-pro', 'prompt'],
    ['kling-2.6/image-to-video', 'prompt'],
    ['kling-2.6/image-to-video', 'image_urls'],
    ['kling-2.6/image-to-video', 'sound'],
    ['kling-2.6/image-to-video', 'duration'],
    ['kling-2.6/text-to-video', 'aspect_ratio'],
    ['kling-3.0/video', 'prompt'],
    ['kling/v2-5-turbo-image-to-video-pro', 'image_url'],
    ['sora-2-text-to-video', 'upload_method'],
  ];
  for (const [model, field] of cases)
    assert.deepEqual(await without(model, field), [500, `${field} is required`], model);
  assert.deepEqual(await answer('google/nano-banana-edit', { prompt: 'a mug', image_urls: [] }), [
    500,
    'image_urls is required',
  ]);
});

test('a value outside its list is refused, numbers for durations and pixels for ratios among them', async (t) => {
  const answer = await judge(t);
  const cases: [string, string, unknown][] = [
    ['google/nano-banana', 'image_size', '1080:1080'],
    ['google/nano-banana', 'output_format', 'jpg'],
    ['nano-banana-2', 'output_format', 'jpeg'],
    ['nano-banana-pro', 'aspect_ratio', '1:8'],
    ['nano-banana-pro', 'resolution', '8K'],
    ['kling-2.6/image-to-video', 'duration', 5],
    ['kling-2.6/image-to-video', 'sound', 'on'],
    ['kling-2.6/text-to-video', 'aspect_ratio', '3:4'],
    ['kling-3.0/video', 'aspect_ratio', ''],
    ['kling-3.0/video', 'duration', '2'],
    ['kling-3.0/video', 'mode', '4k'],
    ['kling/v2-1-pro', 'cfg_scale', 2],
    ['sora-2-text-to-video', 'n_frames', '20'],
  ];
  for (const [model, field, value] of cases) {
    const refusal = [500, `${field} is not within the range of allowed options`];
    assert.deepEqual(await answer(model, { ...GOOD[model], [field]: value }), refusal, `${model} ${field}`);
  }
});

test('too much text, too many pictures and crooked addresses are 422', async (t) => {
  const answer = await judge(t);
  const cases: [string, object][] = [
    ['google/nano-banana', { prompt: 'a'.repeat(5001) }],
    ['kling-2.6/image-to-video', { prompt: 'a'.repeat(1001) }],
    ['kling-2.6/image-to-video', { image_urls: [PICTURE, PICTURE] }],
    ['kling-3.0/video', { image_urls: [PICTURE, PICTURE, PICTURE] }],
    ['nano-banana-pro', { image_input: Array.from({ length: 9 }, () => PICTURE) }],
    ['kling/v2-1-standard', { image_url: 'mug.jpg' }],
    ['kling/v2-1-standard', { negative_prompt: 'a'.repeat(501) }],
  ];
  for (const [model, fields] of cases) {
    const [code] = await answer(model, { ...GOOD[model], ...fields });
    assert.equal(code, 422, `${model} ${Object.keys(fields).join()}`);
  }
});

test('several shots need a list of short prompts and lengths, one shot a prompt', async (t) => {
  const answer = await judge(t);
  const shots = (multi_prompt: unknown) => answer('kling-3.0/video', { multi_shots: true, multi_prompt });
  assert.deepEqual(await shots([{ prompt: 'a mug', duration: 3 }]), [200, 'success']);
  assert.deepEqual(await shots(undefined), [500, 'multi_prompt is required']);
  assert.equal((await shots([{ prompt: 'a'.repeat(501), duration: 3 }]))[0], 422);
  assert.equal((await shots([{ prompt: 'a mug', duration: 13 }]))[0], 422);
  assert.equal((await shots([null]))[0], 422);
  assert.equal((await shots(Array.from({ length: 6 }, () => ({ prompt: 'a mug', duration: 1 }))))[0], 422);
});

test('fields that no page names are dropped in silence, in strict mode refused', async (t) => {
  const lax = await simulateKie(t);
  assert.equal((await lax.create({ aspectRatio: '3:4' })).body.code, 200);
  assert.deepEqual(Object.keys(lax.simulator.tasks()[0]!.input), ['prompt', 'output_format', 'image_size']);
  const strict = await simulateKie(t, { strict: true });
  assert.deepEqual((await strict.create({ aspectRatio: '3:4' })).body.msg, "strict mode: unknown field 'aspectRatio'");
});

test('only the names of the pages exist', async (t) => {
  const answer = await judge(t);
  const unknown = [422, 'The model name you specified is not supported'];
  for (const name of ['veo3', 'kling/v2-1-pro-image-to-video', '__proto__', ''])
    assert.deepEqual(await answer(name, GOOD['kling/v2-1-pro']!), unknown);
});
