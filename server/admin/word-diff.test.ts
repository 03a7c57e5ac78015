import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordDiff, type DiffPart } from './word-diff.ts';

const marks = { same: '', removed: '-', added: '+' };
const shown = (before: string, after: string) =>
  wordDiff(before, after)
    .map(({ kind, text }) => (kind === 'same' ? text : `[${marks[kind]}${text}]`))
    .join('');
const textOf = (parts: DiffPart[], without: DiffPart['kind']) =>
  parts.flatMap(({ kind, text }) => (kind === without ? [] : [text])).join('');

test('what changed is marked word by word, what stayed is not', () => {
  assert.equal(
    shown('Slow orbit in soft light.', 'Slow push in soft warm light.'),
    'Slow [-orbit][+push] in soft[+ warm] light.',
  );
  assert.equal(shown('Тихий свет', 'Тёплый свет'), '[-Тихий][+Тёплый] свет');
  assert.equal(shown('a, b', 'a b'), 'a[-,] b');
  assert.equal(shown('one two, three end', 'four five, six end'), '[-one two, three][+four five, six] end');
});

test('equal texts, and texts that begin or end, have no needless parts', () => {
  assert.deepEqual(wordDiff('same text', 'same text'), [{ kind: 'same', text: 'same text' }]);
  assert.deepEqual(wordDiff('', ''), []);
  assert.deepEqual(wordDiff('', 'new'), [{ kind: 'added', text: 'new' }]);
  assert.deepEqual(wordDiff('old', ''), [{ kind: 'removed', text: 'old' }]);
});

test('the parts make both texts again, to the letter', () => {
  const words = ['slow', 'orbit', ' ', '\n', ',', '😀', 'е', '1'];
  const textFrom = (seed: number) =>
    Array.from({ length: seed % 23 }, (_, at) => words[(seed * 7 + at * at * (seed % 5)) % words.length]).join('');
  for (let seed = 1; seed < 400; seed++) {
    const [before, after] = [textFrom(seed), textFrom(seed * 3 + 1)];
    const parts = wordDiff(before, after);
    assert.equal(textOf(parts, 'added'), before);
    assert.equal(textOf(parts, 'removed'), after);
  }
});

test('two texts of the greatest length that have nothing in common are compared soon', () => {
  for (const words of [990, 1250]) {
    const [before, after] = ['a '.repeat(words), 'b,'.repeat(words)];
    const started = performance.now();
    const parts = wordDiff(before, after);
    assert.ok(performance.now() - started < 1000);
    assert.equal(textOf(parts, 'added'), before);
    assert.equal(textOf(parts, 'removed'), after);
  }
});
