import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { createPictures } from './picture.ts';
import { samplePicture } from './sample-picture.ts';

test('the sample is drawn in the asked shape where the server reads no drawings, with a product in its middle', async () => {
  createPictures();
  for (const [ratio, size] of [
    [{ width: 3, height: 4 }, [720, 960]],
    [{ width: 21, height: 9 }, [1680, 720]],
  ] as const) {
    const jpeg = sharp(await samplePicture(ratio));
    const { format, width, height } = await jpeg.metadata();
    assert.deepEqual([format, [width, height]], ['jpeg', size]);
    const { data } = await jpeg.raw().toBuffer({ resolveWithObject: true });
    const redOver = (x: number, y: number) => data[(y * width + x) * 3]! - data[(y * width + x) * 3 + 2]!;
    assert.ok(redOver(width / 2, height / 2) > 80, 'a brown mug');
    assert.ok(Math.abs(redOver(5, 5)) < 20, 'a grey wall');
  }
});
