import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import sharp from 'sharp';
import { makePicture } from './picture-maker.ts';

test('a picture is a PNG of exactly the asked size', async () => {
  for (const [width, height] of [
    [300, 400],
    [640, 360],
    [301, 129],
  ] as const) {
    const facts = await sharp(await makePicture({ prompt: 'a mug', width, height })).metadata();
    assert.deepEqual([facts.format, facts.width, facts.height, facts.hasAlpha], ['png', width, height, false]);
  }
});

test('the prompt decides the picture', async () => {
  const size = { width: 200, height: 200 };
  const [mug, again, vase] = await Promise.all(
    ['a mug', 'a mug', 'a vase'].map((prompt) => makePicture({ prompt, ...size })),
  );
  assert.deepEqual(mug, again);
  assert.notDeepEqual(mug, vase);
});

test('a reference stands whole in the middle of a scene in the colours of the prompt', async () => {
  const reference = await readFile(new URL('../photos/mug.jpg', import.meta.url));
  const order = { width: 300, height: 400, reference };
  const [first, second] = await Promise.all(['a', 'b'].map((prompt) => makePicture({ prompt, ...order })));
  const part = (png: Uint8Array, place: { left: number; top: number; width: number; height: number }) =>
    sharp(png).extract(place).raw().toBuffer();
  const middle = { left: 80, top: 100, width: 140, height: 200 };
  assert.deepEqual(await part(first!, middle), await part(second!, middle));
  const corner = { left: 0, top: 0, width: 20, height: 20 };
  assert.notDeepEqual(await part(first!, corner), await part(second!, corner));
});

test('half a reference is an error', async () => {
  const photo = await readFile(new URL('../photos/mug.jpg', import.meta.url));
  const reference = photo.subarray(0, photo.length / 2);
  await assert.rejects(makePicture({ prompt: 'a mug', width: 300, height: 300, reference }));
});
