import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PresetChoices } from '../store/schema.ts';
import { chosenOf, offerFaults, offersOf, pricedOffers } from './choices.ts';

const preset = {
  kind: 'text-to-video' as const,
  provider: 'kling' as const,
  model: 'kling-v2-6',
  mode: 'std',
  seconds: 5,
  sound: false,
  aspectRatio: '16:9',
  tokensCost: 10,
  choices: {
    aspectRatios: [{ value: '9:16', extraTokens: 1 }],
    seconds: [{ value: 10, extraTokens: 10 }],
    modes: [{ value: 'pro', extraTokens: 5 }],
  } as PresetChoices,
};
const short = ({ mode, seconds, aspectRatio, tokensCost }: ReturnType<typeof offersOf>[number]) =>
  `${mode} ${seconds} ${aspectRatio} ${tokensCost}`;

test('every combination is an offer, and what is on top adds up', () => {
  assert.deepEqual(offersOf(preset).map(short), [
    'std 5 16:9 10',
    'std 5 9:16 11',
    'std 10 16:9 20',
    'std 10 9:16 21',
    'pro 5 16:9 15',
    'pro 5 9:16 16',
    'pro 10 16:9 25',
    'pro 10 9:16 26',
  ]);
  assert.deepEqual(offersOf({ ...preset, choices: {} }).map(short), ['std 5 16:9 10']);
});

test("the preset's own value is never sold for more because it stands among the choices too", () => {
  const choices = { seconds: [{ value: 5, extraTokens: 99 }] };
  assert.deepEqual(offersOf({ ...preset, choices }).map(short), ['std 5 16:9 10']);
});

test('the price list has each choice by itself and each length in each quality', () => {
  assert.deepEqual(pricedOffers(preset).map(short), [
    'std 5 16:9 10',
    'std 5 9:16 11',
    'std 10 16:9 20',
    'pro 5 16:9 15',
    'pro 10 16:9 25',
  ]);
});

test('an offer is at fault when any combination of it cannot be made', () => {
  const withChoices = (choices: PresetChoices, change = {}) => offerFaults({ ...preset, ...change, choices });
  assert.deepEqual(offerFaults(preset), []);
  assert.deepEqual(withChoices({ seconds: [{ value: 7, extraTokens: 0 }] }), ['seconds']);
  assert.deepEqual(withChoices({ aspectRatios: [{ value: '3:4', extraTokens: 0 }] }), ['aspectRatio']);
  assert.deepEqual(withChoices({ modes: [{ value: '4k', extraTokens: 0 }] }), ['mode']);
  const loud = { mode: 'pro', sound: true };
  assert.deepEqual(withChoices({ modes: [{ value: 'std', extraTokens: 0 }] }, loud), ['sound']);
  const picture = { kind: 'text-to-image', model: 'kling-v3', mode: '1k' };
  assert.deepEqual(withChoices({ modes: [{ value: 'pro', extraTokens: 0 }] }, { ...picture, seconds: 0 }), ['kind']);
});

test('of a model that is in no list only other qualities are a fault', () => {
  const unlisted = { ...preset, model: 'kling-v1', seconds: 7 };
  assert.deepEqual(offerFaults({ ...unlisted, choices: {} }), []);
  assert.deepEqual(offerFaults(unlisted), ['mode']);
});

test('what an order chose is told with what it costs, and only what was on offer', () => {
  const order = { mode: 'pro', seconds: 10, aspectRatio: '16:9' };
  assert.deepEqual(chosenOf(preset, order), [
    { group: 'seconds', value: 10, extraTokens: 10 },
    { group: 'modes', value: 'pro', extraTokens: 5 },
  ]);
  assert.deepEqual(chosenOf({ ...preset, choices: {} }, order), []);
  assert.deepEqual(chosenOf(preset, preset), []);
  const own = { ...preset, choices: { seconds: [{ value: 5, extraTokens: 99 }] } };
  assert.deepEqual(chosenOf(own, preset), []);
});
