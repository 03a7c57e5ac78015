import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { plantedFaults } from './planted-faults.ts';
import { killPoints, pace } from './points.ts';
import { rewrite, type Edit } from './rewrite.ts';

const root = join(import.meta.dirname, '../..');
const sourceOf = ({ file }: Edit) => readFileSync(join(root, file), 'utf8');

test('every named point stands in the sources exactly once', () => {
  for (const { places } of killPoints) for (const place of places) rewrite(sourceOf(place), [place]);
});

test('what makes the rules of time run faster stands in the sources exactly once', () => {
  for (const edit of pace) rewrite(sourceOf(edit), [edit]);
});

test('every planted fault stands in the sources exactly once', () => {
  for (const edits of Object.values(plantedFaults)) for (const edit of edits) rewrite(sourceOf(edit), [edit]);
});

test('the points are K1 to K20', () => {
  const names = killPoints.map(({ name }) => name);
  assert.deepEqual(
    names,
    Array.from({ length: 20 }, (_, at) => `K${at + 1}`),
  );
});

test('a text that is missing or stands there twice is refused by name', () => {
  const edit = { file: 'server/x.ts', find: 'one();', put: 'two();' };
  assert.equal(rewrite('a one(); b', [edit]), 'a two(); b');
  assert.throws(() => rewrite('a b', [edit]), /stale edit of server\/x\.ts: "one\(\);" stands there 0 times/);
  assert.throws(() => rewrite('one(); one();', [edit]), /stands there 2 times/);
});
