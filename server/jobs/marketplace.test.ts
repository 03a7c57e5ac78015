import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MarketplaceRules } from '../store/schema.ts';
import { checkMarketplace } from './marketplace.ts';
import { shippedPresets } from './shipped-presets.ts';

const clip = { width: 960, height: 1280, seconds: 10.04, bytes: 12_000_000, contentType: 'video/mp4' };
const none: MarketplaceRules = {
  marketplace: 'Own shop',
  minSeconds: null,
  maxSeconds: null,
  maxBytes: null,
  containers: [],
  aspectRatio: null,
  source: 'nobody',
};
const shipped = (id: string) => shippedPresets.find((preset) => preset.presetId === id)!;
const failed = (facts: object, rules: object) =>
  checkMarketplace({ ...clip, ...facts }, { ...none, ...rules }).flatMap(({ rule, passes }) => (passes ? [] : [rule]));

test('what a marketplace does not ask is not checked', () => {
  assert.deepEqual(checkMarketplace(clip, none), []);
});

test('each limit is met at the limit itself and missed just past it', () => {
  const limits = {
    minSeconds: 8,
    maxSeconds: 30,
    maxBytes: 20_000_000,
    containers: ['mp4', 'mov'],
    aspectRatio: '3:4',
  };
  assert.deepEqual(failed({}, limits), []);
  assert.deepEqual(failed({ seconds: 8, bytes: 20_000_000 }, limits), []);
  assert.deepEqual(failed({ seconds: 30 }, limits), []);
  assert.deepEqual(failed({ seconds: 7.98 }, limits), ['minSeconds']);
  assert.deepEqual(failed({ seconds: 30.02 }, limits), ['maxSeconds']);
  assert.deepEqual(failed({ bytes: 20_000_001 }, limits), ['maxBytes']);
  assert.deepEqual(failed({ contentType: 'video/webm' }, limits), ['container']);
  assert.deepEqual(failed({ contentType: 'video/quicktime' }, limits), []);
  assert.deepEqual(failed({ width: 1080, height: 1080 }, limits), ['aspectRatio']);
  assert.deepEqual(failed({ width: 944, height: 1264 }, limits), []);
});

test('a check tells what was asked and what the file is', () => {
  assert.deepEqual(checkMarketplace({ ...clip, seconds: 5.041 }, { ...none, minSeconds: 8, aspectRatio: '3:4' }), [
    { rule: 'minSeconds', passes: false, asked: 8, actual: 5.04 },
    { rule: 'aspectRatio', passes: true, asked: '3:4', actual: '960×1280' },
  ]);
});

test('a ratio that cannot be read fails instead of passing', () => {
  assert.deepEqual(failed({}, { aspectRatio: 'wide' }), ['aspectRatio']);
});

test("a five second clip fails Ozon's check and passes that of Wildberries", () => {
  const five = { ...clip, seconds: 5.04 };
  assert.equal(checkMarketplace(five, shipped('ozon').rules!)[0]?.passes, false);
  assert.ok(checkMarketplace(clip, shipped('ozon').rules!).every(({ passes }) => passes));
  assert.ok(checkMarketplace(five, shipped('wildberries').rules!).every(({ passes }) => passes));
});

test('shipped marketplaces ask only what a source says, and name the source with its date', () => {
  for (const id of ['wildberries', 'ozon', 'own-shop']) assert.match(shipped(id).rules!.source, /2026-11-20/, id);
  const { minSeconds, maxSeconds, maxBytes, aspectRatio } = shipped('wildberries').rules!;
  assert.deepEqual([minSeconds, maxSeconds, maxBytes, aspectRatio], [null, null, 50_000_000, null]);
  assert.equal(shippedPresets[0]!.presetId, 'video-cover');
});
