import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAnswerReader } from './answer-reader.ts';
import { byTurns, median, quantile, ratioOf } from './figures.ts';
import { shown, spreadOf } from './goal.ts';
import { goals } from './goals/goals.ts';
import { heavyPicture } from './heavy-picture.ts';
import { markdownTable } from './table.ts';

describe('the figures of the benchmark', () => {
  it('the median is the middle value, whatever their order, and of an even number the upper one', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([100, 20, 3, 10]), 20);
    assert.throws(() => median([]));
  });

  it('a quantile is a value that was measured', () => {
    const values = Array.from({ length: 100 }, (_, n) => n + 1);
    assert.equal(quantile(values, 0.99), 100);
    assert.equal(quantile(values, 0.5), 51);
    assert.equal(quantile([7], 0.99), 7);
  });

  it('a ratio compares each round with its neighbour, so that a slow moment of the machine is no difference', () => {
    assert.deepEqual(ratioOf({ ours: [50, 5, 52], floor: [100, 10, 100] }), { median: 0.5, low: 0.5, high: 0.52 });
    assert.throws(() => ratioOf({ ours: [1], floor: [1, 2] }));
  });

  it('rounds are taken by turns, each beginning with another one, and the first is not counted', async () => {
    const taken: string[] = [];
    const measure = (name: string) => async () => taken.push(name);
    const figures = await byTurns(3, { ours: measure('a'), floor: measure('b') });
    assert.deepEqual(taken, ['a', 'b', 'a', 'b', 'b', 'a', 'a', 'b']);
    assert.deepEqual(figures, { ours: [3, 6, 7], floor: [4, 5, 8] });
  });

  it('are shown with as many digits as they are worth', () => {
    assert.deepEqual([shown(1234.5), shown(12.34), shown(0.126, 'ms')], ['1,235', '12.3', '0.13 ms']);
    assert.equal(spreadOf([3, 1, 2]), '1.00–3.00');
  });
});

describe('the table of the benchmark', () => {
  it('says of each row whether its goal is met, missed or not compared, and why', () => {
    const row = { what: 'w', figure: 'f', floor: 'l', ratio: 'r', spread: 's', goal: 'g' };
    const table = markdownTable([
      { ...row, id: 'P1', met: true },
      { ...row, id: 'P2', met: false },
      { ...row, id: 'P3', met: null, note: 'no compiler' },
    ]);
    assert.match(table, /\| P1 \|.*\| yes \|\n\| P2 \|.*\| \*\*no\*\* \|\n\| P3 \|.*\| – \|\n\n- P3: no compiler$/);
  });

  it('has every goal of facts/performance.md once, in its order', () => {
    const ids = goals.map(({ id }) => id);
    assert.deepEqual(ids, ['P1', 'P2', 'P3', 'P4', 'P4b', ...Array.from({ length: 9 }, (_, n) => `P${n + 5}`)]);
  });
});

describe('the load generator', () => {
  const answers = (...pieces: string[]) => {
    const told: [number, string][] = [];
    const read = createAnswerReader((status, text) => told.push([status, text.slice(-4)]));
    for (const piece of pieces) read(Buffer.from(piece));
    return told;
  };

  it('counts an answer once its last byte is there', () => {
    assert.deepEqual(answers('HTTP/1.1 200 OK\r\ncontent-le', 'ngth: 4\r\n\r\nab'), []);
    assert.deepEqual(answers('HTTP/1.1 201 OK\r\nContent-Length: 4\r\n\r\nab', 'cd'), [[201, 'abcd']]);
    assert.deepEqual(answers('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n'), []);
    assert.equal(answers('HTTP/1.1 500 X\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n', '0\r\n\r\n').length, 1);
  });

  it('weighs a picture as told without making it another', async () => {
    const picture = await heavyPicture(1_000_000);
    assert.ok(Math.abs(picture.length - 1_000_000) < 10);
    assert.equal(picture.readUInt16BE(0), 0xffd8);
  });
});
