import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declares, missingTests, tableRows } from './proof-table.ts';

test('a row is found by its first cell, and one with another number of cells is refused', () => {
  const read = (text: string) => tableRows(text, { names: ['id', 'says'], first: /^A\d$/ });
  assert.deepEqual(read('| Id | Says |\n| -- | ---- |\n| A1 | either \\| or |'), [{ id: 'A1', says: 'either \\| or' }]);
  assert.throws(() => read('| A1 | one | two |'));
});

test('a test is known by its exact name, not by another name or a comment', () => {
  assert.ok(declares("test(\n  'it\\'s so', f)", "it's so"));
  for (const source of ["it('it is so, too', f)", '// it is so', "describe('it is so', f)"])
    assert.equal(declares(source, 'it is so'), false, source);
});

test('a proof whose test or file is gone is told', () => {
  const own = '`.tools/proof-table.test.ts` › a proof whose test or file is gone is told';
  assert.deepEqual(missingTests(`${own}<br>${own}, too<br>\`gone.ts\` › it was`), [
    `${own}, too`,
    '`gone.ts` › it was',
  ]);
});
