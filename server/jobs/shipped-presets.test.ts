import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import type { PresetRow } from '../store/schema.ts';
import { openSqlite } from '../store/sqlite.ts';
import { createStore, type Store } from '../store/store.ts';
import { temporaryFolder, testPreset } from '../store/testing.ts';
import { offerFaults, offersOf } from './choices.ts';
import { jobKinds, needsPicture } from './job.ts';
import { findModel } from './models.ts';
import { chosenPreset, promptsFor } from './order.ts';
import { unknownVariables } from './prompt.ts';
import { shippedPresets, shipPresets } from './shipped-presets.ts';

const folder = temporaryFolder();
let files = 0;
let store: Store;
const opened: Store[] = [];
beforeEach(() => {
  store = createStore(openSqlite(join(folder.path, `${++files}.db`)));
  opened.push(store);
});
after(async () => {
  for (const one of opened) await one.close();
  folder.remove();
});

const enabledIds = async () =>
  (await store.presets.list()).filter(({ enabled }) => enabled).map(({ presetId }) => presetId);

describe('a server at its start', () => {
  it('that is new sells all that is shipped, but for what its service has paused', async () => {
    await shipPresets(store, 1);
    const expected = shippedPresets.filter(({ presetId }) => !presetId.startsWith('sora-2')).map((one) => one.presetId);
    assert.deepEqual(await enabledIds(), expected);
    assert.equal((await store.presets.list()).length, shippedPresets.length);
  });

  it('that has presets gets the new ones switched off, and keeps its own as they are', async () => {
    const own = { ...testPreset, tokensCost: 99, titles: { ru: 'Моя', en: 'Mine', vi: 'Của tôi' } };
    await store.presets.addMissing([own], 1);
    await shipPresets(store, 2);
    assert.deepEqual(await enabledIds(), ['video-cover']);
    const kept = (await store.presets.get('video-cover'))!;
    assert.deepEqual([kept.tokensCost, kept.titles.en, kept.revision], [99, 'Mine', 1]);
    assert.equal((await store.presets.list()).length, shippedPresets.length);
  });

  it('that starts again changes nothing', async () => {
    await shipPresets(store, 1);
    const { revision } = (await store.presets.get('text-to-video'))!;
    const change = { enabled: false, tokensCost: 7 };
    await store.presets.revise({ id: 'text-to-video', expectedRevision: revision, change, author: 'anna', now: 2 });
    const before = await store.presets.list();
    await shipPresets(store, 3);
    assert.deepEqual(await store.presets.list(), before);
  });

  it('on many nodes at once ships once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => shipPresets(store, 1)));
    assert.equal((await enabledIds()).length, shippedPresets.filter(({ enabled }) => enabled).length);
  });
});

describe('the shipped presets', () => {
  it('have an id, a place and a name in three languages of their own', () => {
    const facts = shippedPresets.map(({ presetId, position, titles }) => ({ presetId, position, ...titles }));
    for (const name of ['presetId', 'position', 'ru', 'en', 'vi'] as const) {
      const values = facts.map((one) => one[name]);
      assert.equal(new Set(values).size, values.length, name);
      assert.ok(values.every(Boolean), name);
    }
  });

  it('sell every kind with an account of Kling alone', () => {
    for (const kind of jobKinds) {
      const sold = shippedPresets.filter((preset) => preset.kind === kind && preset.enabled);
      assert.ok(
        sold.some(({ provider }) => provider === 'kling'),
        kind,
      );
    }
  });

  for (const preset of shippedPresets)
    it(`${preset.presetId} passes the rules of its model in every combination that it offers`, () => {
      const row: PresetRow = { choices: {}, rules: null, ...preset, revision: 1, author: 'shipped', createdAt: 1 };
      assert.ok(findModel(row), 'its model is in the list');
      assert.deepEqual(offerFaults(row), []);
      const offers = offersOf(row);
      for (const { mode, seconds, aspectRatio, tokensCost } of offers) {
        const request = { presetId: row.presetId, mode, seconds, aspectRatio };
        assert.equal(chosenPreset(row, request).tokensCost, tokensCost);
        assert.ok(tokensCost >= row.tokensCost);
      }
      const words = { presetId: row.presetId, title: 'Mug '.repeat(2000), description: 'x'.repeat(5000) };
      const { prompt, negativePrompt } = promptsFor(row, words);
      assert.ok(prompt.length <= findModel(row)!.maxPromptLength && negativePrompt.length <= 2500);
      assert.deepEqual(unknownVariables(row.prompt + row.negativePrompt), []);
      if (!findModel(row)!.takesNegativePrompt) assert.equal(row.negativePrompt, '');
      if (!needsPicture(row.kind)) assert.match(row.prompt, /\{title\}/, 'made of the seller’s words');
    });
});
