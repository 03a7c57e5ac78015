import assert from 'node:assert/strict';
import { it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { startWorld, silentLog } from './testing.ts';
import { createTidy } from './tidy.ts';

const dayMs = 24 * 3_600_000;

it('files that no row names go after a week; uploads, stills and clips of rows stay', async () => {
  const world = await startWorld();
  const accountId = await world.seller(10);
  await world.order(accountId);
  await world.live(30);
  const keys = async () => (await Array.fromAsync(world.blobs.list())).map(({ key }) => key).toSorted();
  const named = await keys();
  assert.equal(named.length, 3, 'an upload, a still and a clip');

  const litter = ['uploads', 'stills', 'image-to-video'].map(
    (room, at) => `${accountId}/${room}/${uuidv7()}${at ? '-1' : ''}.jpg`,
  );
  const [clip] = named;
  const olderTry = `${clip!.slice(0, clip!.lastIndexOf('-'))}-1.mp4`;
  const foreign = 'notes/readme.txt';
  for (const key of [...litter, olderTry, foreign]) await world.blobs.put(key, one(), { maxBytes: 100 });

  let now = Date.now() + 6 * dayMs;
  const { tidy } = createTidy({ store: world.store, blobs: world.blobs, runtime: { now: () => now }, log: silentLog });
  assert.equal(await tidy(), 0, 'young files may still get their row');
  now += 2 * dayMs;
  assert.equal(await tidy(), litter.length + 1);
  assert.deepEqual(await keys(), [...named, foreign].toSorted());
  await world.close();
});

async function* one() {
  yield Buffer.from('left behind');
}
