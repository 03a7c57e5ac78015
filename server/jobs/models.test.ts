import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canMake, taskCost, findModel, modelKey, models } from './models.ts';

const clip = { provider: 'kling' as const, model: 'kling-v2-6', mode: 'std', seconds: 5, sound: false };

test('a clip costs its seconds times the units of its model, mode and sound', () => {
  assert.deepEqual(taskCost(clip), { units: 1.5, usd: 0.21 });
  assert.deepEqual(taskCost({ ...clip, seconds: 10 }), { units: 3, usd: 0.42 });
  assert.deepEqual(taskCost({ ...clip, mode: 'pro', sound: true }), { units: 5, usd: 0.7 });
  assert.deepEqual(taskCost({ ...clip, model: 'kling-v3', mode: 'pro', seconds: 7 }), { units: 5.6, usd: 0.784 });
});

test('what the list does not have has no cost instead of a wrong one', () => {
  assert.equal(taskCost({ ...clip, sound: true }), null);
  assert.equal(taskCost({ ...clip, model: 'kling-v1' }), null);
  assert.equal(findModel({ ...clip, mode: '4k' }), null);
});

test('a model makes only its own lengths, and sound only where it can', () => {
  const [std, pro] = [findModel(clip)!, findModel({ ...clip, mode: 'pro' })!];
  assert.deepEqual([canMake(std, clip), canMake(std, { ...clip, seconds: 8 })], [true, false]);
  assert.deepEqual([canMake(std, { ...clip, sound: true }), canMake(pro, { ...clip, sound: true })], [false, true]);
});

test('every line of the list stands there once', () => {
  assert.equal(new Set(models.map(modelKey)).size, models.length);
});
