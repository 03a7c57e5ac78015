import { expect } from '@open-wc/testing';
import {
  centredFrame,
  frameAfterKey,
  frameRules,
  isTooSmall,
  moveFrame,
  paddedSize,
  parseRatio,
  resizeFrame,
  settle,
  zoomFrame,
  zoomOf,
} from './frame-geometry.ts';

const preset = { aspectRatio: '3:4', limits: { minFrameWidth: 300, minFrameHeight: 400, maxPromptLength: 2500 } };
const wide = frameRules({ width: 1601, height: 903 }, preset);

describe('crop frame', () => {
  it('is exactly 3:4, whole and inside, whatever is wished for', () => {
    for (const source of [
      { width: 301, height: 4000 },
      { width: 4000, height: 401 },
      { width: 1999, height: 1501 },
    ]) {
      const rules = frameRules(source, preset);
      for (const wish of [
        { x: -50, y: 9e9, width: 1 },
        { x: 0.4, y: 3.6, width: 777.7 },
        { x: 9e9, y: -1, width: 9e9 },
      ]) {
        const frame = settle(rules, wish);
        expect(frame.width * 4).to.equal(frame.height * 3);
        expect(Object.values(frame).every(Number.isInteger)).to.equal(true);
        expect(frame.x >= 0 && frame.y >= 0).to.equal(true);
        expect(frame.x + frame.width <= source.width && frame.y + frame.height <= source.height).to.equal(true);
        expect(frame.width).to.be.at.least(300);
      }
    }
  });

  it('begins as the largest one, in the middle', () => {
    expect(centredFrame(wide)).to.deep.equal({ x: 463, y: 2, width: 675, height: 900 });
    expect(centredFrame(frameRules({ width: 900, height: 1200 }, preset))).to.deep.equal({
      x: 0,
      y: 0,
      width: 900,
      height: 1200,
    });
  });

  it('knows a picture in which no frame of the least size fits', () => {
    expect(isTooSmall(frameRules({ width: 299, height: 4000 }, preset))).to.equal(true);
    expect(isTooSmall(frameRules({ width: 300, height: 400 }, preset))).to.equal(false);
  });

  it('stops at the edges when moved', () => {
    const frame = centredFrame(wide);
    expect(moveFrame(wide, frame, { x: -9999, y: 10 }).x).to.equal(0);
    expect(moveFrame(wide, frame, { x: 9999, y: 10 }).x).to.equal(1601 - 675);
  });

  it('keeps the opposite corner when one corner is pulled', () => {
    const frame = { x: 500, y: 100, width: 600, height: 800 };
    const smaller = resizeFrame(wide, frame, { width: 450, anchor: { x: 1, y: 1 } });
    expect(smaller).to.deep.equal({ x: 650, y: 300, width: 450, height: 600 });
  });

  it('zooms around its middle, from the largest to the smallest and back', () => {
    const frame = centredFrame(wide);
    const closest = zoomFrame(wide, frame, 100);
    expect(closest).to.deep.include({ width: 300, height: 400 });
    expect(Math.abs(closest.x + 150 - (frame.x + frame.width / 2))).to.be.at.most(1);
    expect(zoomOf(wide, frame)).to.equal(0);
    expect(zoomOf(wide, closest)).to.equal(100);
  });

  it('obeys the keyboard: arrows, Shift, plus and minus, and nothing else', () => {
    const frame = zoomFrame(wide, centredFrame(wide), 50);
    const after = (key: string, shiftKey = false) => frameAfterKey(wide, frame, { key, shiftKey })!;
    expect(after('ArrowRight').x - frame.x).to.equal(16);
    expect(frame.x - after('ArrowLeft', true).x).to.be.within(159, 161);
    expect(after('ArrowDown').y).to.be.above(frame.y);
    expect(after('ArrowUp').y).to.be.below(frame.y);
    expect(after('+').width).to.be.below(frame.width);
    expect(after('-').width).to.be.above(frame.width);
    expect(frameAfterKey(wide, frame, { key: 'Tab', shiftKey: false })).to.equal(null);
  });

  it('padding adds margins and never cuts', () => {
    const canvas = paddedSize(wide);
    expect(canvas.width * 4).to.equal(canvas.height * 3);
    expect(canvas.width >= 1601 && canvas.height >= 903).to.equal(true);
  });

  it('an unreadable ratio counts as 3:4', () => {
    expect(parseRatio('16:9')).to.deep.equal({ width: 16, height: 9 });
    expect(parseRatio('tall')).to.deep.equal({ width: 3, height: 4 });
  });
});
