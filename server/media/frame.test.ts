import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut } from './frame.ts';

const frameOf = (width: number, height: number) => ({ x: 10, y: 20, width, height });
const portrait = { width: 3, height: 4 };

test('a crop has exactly the ratio for every frame size, trimming evenly and little', () => {
  for (let width = 300; width < 420; width++) {
    const frame = frameOf(width, Math.round((width * 4) / 3));
    const { cut, content, canvas } = layOut({ frame, fit: 'crop', aspectRatio: portrait, maxSide: 4096 });
    assert.equal(canvas.width * 4, canvas.height * 3);
    assert.deepEqual(content, canvas);
    assert.deepEqual({ width: cut.width, height: cut.height }, canvas);
    assert.ok(frame.width - cut.width <= 3 && frame.height - cut.height <= 5, `${width}`);
    assert.equal(cut.x, 10 + Math.floor((frame.width - cut.width) / 2));
    assert.equal(cut.y, 20 + Math.floor((frame.height - cut.height) / 2));
  }
});

test('a frame of another ratio is cut in its middle', () => {
  const { cut } = layOut({ frame: frameOf(1000, 400), fit: 'crop', aspectRatio: portrait, maxSide: 4096 });
  assert.deepEqual(cut, { x: 10 + 350, y: 20, width: 300, height: 400 });
});

test('padding keeps the whole frame on the smallest canvas of the ratio', () => {
  const wide = layOut({ frame: frameOf(1000, 400), fit: 'pad', aspectRatio: portrait, maxSide: 4096 });
  assert.deepEqual(wide, {
    cut: frameOf(1000, 400),
    content: { width: 1000, height: 400 },
    canvas: { width: 1002, height: 1336 },
  });
  const tall = layOut({ frame: frameOf(100, 1600), fit: 'pad', aspectRatio: portrait, maxSide: 4096 });
  assert.deepEqual(tall.canvas, { width: 1200, height: 1600 });
});

test('nothing is longer than the limit, and the ratio stays exact', () => {
  for (const fit of ['crop', 'pad'] as const) {
    const { canvas, content } = layOut({ frame: frameOf(6001, 8003), fit, aspectRatio: portrait, maxSide: 4096 });
    assert.deepEqual(canvas, { width: 3072, height: 4096 });
    assert.ok(content.width <= canvas.width && content.height <= canvas.height);
  }
});

test('a ratio is reduced to its lowest terms', () => {
  const large = layOut({
    frame: frameOf(301, 401),
    fit: 'crop',
    aspectRatio: { width: 1200, height: 1600 },
    maxSide: 4096,
  });
  assert.deepEqual(large.canvas, { width: 300, height: 400 });
});

test('a ratio of large numbers is met within a pixel', () => {
  const aspectRatio = { width: 1081, height: 1441 };
  const { canvas } = layOut({ frame: frameOf(2000, 2667), fit: 'crop', aspectRatio, maxSide: 4096 });
  assert.deepEqual(canvas, { width: 2000, height: 2666 });
});

test('a single pixel can be laid out', () => {
  const { cut, canvas } = layOut({ frame: frameOf(1, 1), fit: 'crop', aspectRatio: portrait, maxSide: 4096 });
  assert.deepEqual([cut.width, cut.height, canvas.width, canvas.height], [1, 1, 1, 1]);
});
