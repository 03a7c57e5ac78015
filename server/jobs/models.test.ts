import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobKinds, makesVideo } from './job.ts';
import { findModel, modelFaults, modelKey, models, taskCost } from './models.ts';

const clip = {
  provider: 'kling' as const,
  kind: 'image-to-video' as const,
  model: 'kling-v2-6',
  mode: 'std',
  seconds: 5,
  sound: false,
  aspectRatio: '3:4',
};
type Task = Omit<typeof clip, 'provider' | 'kind'> & {
  provider: 'kling' | 'kie';
  kind: (typeof jobKinds)[number];
};
const picture: Task = { ...clip, kind: 'text-to-image', model: 'kling-v3', mode: '1k', seconds: 0 };
const faultsOf = (task: Task) => modelFaults(findModel(task)!, task);

test('a clip costs its seconds times the units of its model, mode and sound', () => {
  assert.deepEqual(taskCost(clip), { units: 1.5, usd: 0.21 });
  assert.deepEqual(taskCost({ ...clip, seconds: 10 }), { units: 3, usd: 0.42 });
  assert.deepEqual(taskCost({ ...clip, mode: 'pro', sound: true }), { units: 5, usd: 0.7 });
  assert.deepEqual(taskCost({ ...clip, model: 'kling-v3', mode: 'pro', seconds: 7 }), { units: 5.6, usd: 0.784 });
  assert.deepEqual(taskCost({ ...clip, model: 'kling-2.6', mode: '720p' }), { units: 1.5, usd: 0.21 });
  assert.deepEqual(taskCost({ ...clip, model: 'kling-3.0-turbo', mode: '1080p', sound: true }), { units: 5, usd: 0.7 });
});

test('a picture costs its units once', () => {
  assert.deepEqual(taskCost(picture), { units: 0.2, usd: 0.028 });
});

test('what the list does not know has no cost instead of a wrong one', () => {
  assert.equal(taskCost({ ...clip, sound: true }), null);
  assert.equal(taskCost({ ...clip, model: 'kling-v1' }), null);
  assert.equal(taskCost({ ...picture, mode: '2k' }), null);
  assert.equal(taskCost({ ...picture, provider: 'kie', model: 'nano-banana-2', mode: '1K' }), null);
  assert.equal(findModel({ ...clip, mode: '4k' }), null);
});

test('a model makes only its own lengths', () => {
  assert.deepEqual(faultsOf(clip), []);
  assert.deepEqual(faultsOf({ ...clip, seconds: 8 }), ['seconds']);
  assert.deepEqual(faultsOf({ ...clip, model: 'kling-v3', seconds: 8 }), []);
  for (const seconds of [2, 16]) assert.deepEqual(faultsOf({ ...clip, model: 'kling-v3', seconds }), ['seconds']);
  assert.deepEqual(faultsOf({ ...clip, seconds: 0 }), ['seconds']);
});

test('sound needs pro on 2.6, is not on 2.5 turbo nor in 4K, and is always there on 3.0 turbo', () => {
  const loud = { ...clip, sound: true };
  assert.deepEqual([faultsOf(loud), faultsOf({ ...loud, mode: 'pro' })], [['sound'], []]);
  const modern = { ...loud, model: 'kling-2.6' };
  assert.deepEqual([faultsOf({ ...modern, mode: '720p' }), faultsOf({ ...modern, mode: '1080p' })], [['sound'], []]);
  for (const mode of ['std', 'pro'])
    assert.deepEqual(faultsOf({ ...loud, model: 'kling-v2-5-turbo', mode }), ['sound']);
  assert.deepEqual(faultsOf({ ...loud, model: 'kling-3.0', mode: '4k' }), ['sound']);
  const turbo = { ...clip, model: 'kling-3.0-turbo', mode: '720p' };
  assert.deepEqual([faultsOf(turbo), faultsOf({ ...turbo, sound: true })], [['sound'], []]);
});

test('a clip from text has one of three shapes, one from a picture has that of the picture', () => {
  const spoken: Task = { ...clip, kind: 'text-to-video' };
  for (const aspectRatio of ['16:9', '9:16', '1:1']) assert.deepEqual(faultsOf({ ...spoken, aspectRatio }), []);
  for (const aspectRatio of ['3:4', '4:5', '21:9']) {
    assert.deepEqual(faultsOf({ ...spoken, aspectRatio }), ['aspectRatio']);
    assert.deepEqual(faultsOf({ ...clip, aspectRatio }), []);
  }
});

test('a picture has no seconds and no sound, and a shape of the list even when it is made from another one', () => {
  assert.deepEqual(faultsOf(picture), []);
  assert.deepEqual(faultsOf({ ...picture, seconds: 5 }), ['seconds']);
  assert.deepEqual(faultsOf({ ...picture, sound: true }), ['sound']);
  for (const kind of ['text-to-image', 'image-to-image'] as const) {
    assert.deepEqual(faultsOf({ ...picture, kind, aspectRatio: '21:9' }), []);
    assert.deepEqual(faultsOf({ ...picture, kind, aspectRatio: '4:5' }), ['aspectRatio']);
  }
});

test('the same name makes clips in one mode and pictures in another, never both', () => {
  assert.deepEqual(faultsOf({ ...clip, model: 'kling-v3', mode: '1k' }), ['kind', 'seconds']);
  assert.deepEqual(faultsOf({ ...picture, mode: 'std' }), ['kind', 'aspectRatio']);
  for (const one of models) assert.equal(new Set(one.kinds.map(makesVideo)).size, 1, modelKey(one));
});

test('Sora at Kie makes two shapes and two lengths, always with sound', () => {
  const sora: Task = { ...clip, provider: 'kie', model: 'sora-2-image-to-video', mode: '', seconds: 10, sound: true };
  assert.deepEqual(faultsOf({ ...sora, aspectRatio: '9:16' }), []);
  assert.deepEqual(faultsOf({ ...sora, seconds: 5, sound: false }), ['seconds', 'sound', 'aspectRatio']);
});

test('every line of the list stands there once and is whole', () => {
  assert.equal(new Set(models.map(modelKey)).size, models.length);
  for (const one of models) {
    assert.ok(one.kinds.length > 0 && one.maxPromptLength > 0, modelKey(one));
    const [first] = one.kinds;
    assert.equal(one.seconds.length > 0, makesVideo(first!), modelKey(one));
    assert.ok(one.followsPicture || one.aspectRatios.length > 0, modelKey(one));
    if (one.sound === 'never') assert.equal(one.units.withSound, null, modelKey(one));
    if (one.sound === 'always') assert.equal(one.units.silent, null, modelKey(one));
    if (one.provider === 'kling' && one.sound === 'optional') assert.notEqual(one.units.withSound, null, modelKey(one));
  }
  for (const kind of jobKinds)
    for (const provider of ['kling', 'kie'])
      assert.ok(
        models.some((one) => one.provider === provider && one.kinds.includes(kind)),
        `${provider} ${kind}`,
      );
});

test('names of the legacy paths have hyphens, those of the new paths a dot', () => {
  const video = models.filter(({ provider, seconds }) => provider === 'kling' && seconds.length > 0);
  for (const { model, takesNegativePrompt } of video) assert.equal(takesNegativePrompt, !model.includes('.'), model);
});
