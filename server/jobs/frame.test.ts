import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { centredFrame, minFrame, parseRatio, resolveFrame } from './frame.ts';

const ratio = parseRatio('3:4');
const picture = { width: 2000, height: 1500 };
const question = { picture, fit: 'crop' as const, ratio, minSide: 300 };
const problemOf = (answer: object) => ('problem' in answer ? answer.problem : null);

describe('framing', () => {
  it('without a frame the largest centred one is cut', () => {
    assert.deepEqual(resolveFrame({ ...question, frame: undefined }), { x: 437, y: 0, width: 1125, height: 1500 });
    assert.deepEqual(centredFrame({ width: 300, height: 4000 }, ratio), { x: 0, y: 1800, width: 300, height: 400 });
  });

  it('to pad, the whole picture is the frame', () => {
    const whole = { x: 0, y: 0, ...picture };
    assert.deepEqual(resolveFrame({ ...question, frame: undefined, fit: 'pad' }), whole);
  });

  it('a frame that leaves the picture is refused', () => {
    for (const frame of [
      { x: 1000, y: 0, width: 1125, height: 1500 },
      { x: 0, y: 1, width: 1125, height: 1500 },
    ])
      assert.match(String(problemOf(resolveFrame({ ...question, frame }))), /inside the picture/);
  });

  it('a frame of another ratio is refused, one pixel of rounding is not', () => {
    assert.match(
      String(problemOf(resolveFrame({ ...question, frame: { x: 0, y: 0, width: 900, height: 900 } }))),
      /ratio 3:4/,
    );
    for (const frame of [
      { x: 0, y: 0, width: 901, height: 1200 },
      { x: 0, y: 0, width: 900, height: 1199 },
    ])
      assert.equal(problemOf(resolveFrame({ ...question, frame })), null);
  });

  it("a frame below the provider's smallest side is refused", () => {
    assert.deepEqual(minFrame(ratio, 300), { width: 300, height: 400 });
    assert.match(
      String(problemOf(resolveFrame({ ...question, frame: { x: 0, y: 0, width: 297, height: 396 } }))),
      /at least 300×400/,
    );
    const tiny = { ...question, picture: { width: 290, height: 900 }, frame: undefined };
    assert.match(String(problemOf(resolveFrame({ ...tiny, fit: 'crop' }))), /at least/);
    assert.equal(problemOf(resolveFrame({ ...tiny, fit: 'pad' })), null);
  });

  it('a ratio is two small numbers and nothing else', () => {
    for (const text of ['', '3', '3:0', '0:4', '3:4:5', '3.5:4', 'a:b', '3:4444'])
      assert.throws(() => parseRatio(text), text);
  });
});
