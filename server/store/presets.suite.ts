/** The facts every database must give the operator's presets. Run with a way to open a new, empty database. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Database } from './database.ts';
import { createStore, type Store } from './store.ts';
import { testPreset } from './testing.ts';

const now = Date.UTC(2026, 10, 20, 12);
const rules = {
  marketplace: 'Ozon',
  minSeconds: 8,
  maxSeconds: 30,
  maxBytes: 20_000_000,
  containers: ['mp4'],
  aspectRatio: null,
  source: 'a page',
};

export function presetsSuite(name: string, open: () => Promise<Database>): void {
  describe(`presets on ${name}`, () => {
    let database: Database;
    let store: Store;
    beforeEach(async () => {
      database = await open();
      store = createStore(database);
      const three = ['a', 'b', 'c'].map((presetId, at) => ({ ...testPreset, presetId, position: at + 1 }));
      await store.presets.addMissing(three, now);
    });
    afterEach(() => database.close());

    const order = async () => (await store.presets.list()).map(({ presetId }) => presetId).join('');
    const move = (id: string, by: -1 | 1) =>
      store.transaction((tx) => store.presets.moveIn(tx, { id, by, author: 'anna', now }));
    const create = (presetId: string) =>
      store.transaction((tx) =>
        store.presets.createIn(tx, { preset: { ...testPreset, presetId, rules, position: 4 }, author: 'anna', now }),
      );

    it('a new preset is revision 1 of its author with its marketplace rules, and the last of the list', async () => {
      const made = await create('new');
      assert.deepEqual([made?.revision, made?.author, made?.rules], [1, 'anna', rules]);
      assert.equal(await order(), 'abcnew');
    });

    it('an id is given once, of two who take it at once to one', async () => {
      const made = await Promise.all([create('new'), create('new')]);
      assert.equal(made.filter((row) => row === null).length, 1);
      assert.equal(await create('a'), null);
      assert.equal((await store.presets.get('a'))?.revision, 1);
    });

    it('a moved preset changes places with its neighbour as a new revision of both; the others stay', async () => {
      const moved = await move('c', -1);
      assert.deepEqual(
        moved.map(({ presetId, revision, position, author }) => [presetId, revision, position, author]),
        [
          ['c', 2, 2, 'anna'],
          ['b', 2, 3, 'anna'],
        ],
      );
      assert.equal(await order(), 'acb');
      assert.equal((await store.presets.get('a'))?.revision, 1);
    });

    it('the first goes no further up, the last no further down, the missing nowhere', async () => {
      assert.deepEqual([await move('a', -1), await move('c', 1), await move('none', 1)], [[], [], []]);
      assert.equal(await order(), 'abc');
    });

    it('presets that share a place can still be put in order', async () => {
      for (const id of ['a', 'b', 'c'])
        await store.presets.revise({ id, expectedRevision: 1, change: { position: 7 }, author: 'x', now });
      await move('c', -1);
      assert.equal(await order(), 'acb');
    });

    it('a change reaches every field, and the revision before keeps its own', async () => {
      const change = { seconds: 10, aspectRatio: '1:1', sound: true, rules, mode: 'pro', enabled: false };
      await store.presets.revise({ id: 'a', expectedRevision: 1, change, author: 'anna', now });
      const { seconds, aspectRatio, sound, rules: kept, mode, enabled } = (await store.presets.revision('a', 2))!;
      assert.deepEqual({ seconds, aspectRatio, sound, rules: kept, mode, enabled }, change);
      assert.equal((await store.presets.revision('a', 1))?.seconds, 5);
      assert.equal(await store.presets.revision('a', 3), null);
    });

    it('revisions come newest first, a page at a time', async () => {
      for (const expectedRevision of [1, 2, 3])
        await store.presets.revise({ id: 'a', expectedRevision, change: {}, author: 'anna', now });
      const numbers = async (page: object) =>
        (await store.presets.revisions('a', page)).map(({ revision }) => revision);
      assert.deepEqual(await numbers({}), [4, 3, 2, 1]);
      assert.deepEqual(await numbers({ limit: 2, before: 4 }), [3, 2]);
    });

    it('a change that is rolled back leaves no revision and no moved place', async () => {
      const cancelled = store.transaction(async (tx) => {
        await store.presets.moveIn(tx, { id: 'c', by: -1, author: 'anna', now });
        throw new Error('no');
      });
      await assert.rejects(cancelled, /no/);
      assert.equal(await order(), 'abc');
      assert.equal((await store.presets.revisions('c')).length, 1);
    });
  });
}
