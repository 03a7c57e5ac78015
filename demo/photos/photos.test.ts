import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const SHAPES = { mug: [1500, 2000], serum: [2000, 1500], backpack: [1600, 1600] };

test('the photos are a portrait, a landscape and a square, and light enough for the repository', async () => {
  for (const [name, [width, height]] of Object.entries(SHAPES)) {
    const path = fileURLToPath(new URL(`${name}.jpg`, import.meta.url));
    const facts = await sharp(path).metadata();
    assert.deepEqual([facts.format, facts.width, facts.height], ['jpeg', width, height]);
    assert.ok((await stat(path)).size < 350_000);
  }
});
