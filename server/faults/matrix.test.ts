import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { missingTests, tableRows } from '../../.tools/proof-table.ts';

const rows = tableRows(readFileSync(join(import.meta.dirname, 'matrix.md'), 'utf8'), {
  names: ['id', 'fault', 'happens', 'proof', 'reason'],
  first: /^F\d+$/,
});

describe('the fault matrix', () => {
  it('has every fault from F01 to F48 once, in order, and says what happens', () => {
    const ids = Array.from({ length: 48 }, (_, index) => `F${String(index + 1).padStart(2, '0')}`);
    assert.deepEqual(
      rows.map(({ id }) => id),
      ids,
    );
    for (const { id, fault, happens } of rows) assert.ok(fault !== '' && happens.length > 15, id);
  });

  it('names for every fault a test, or the reason why there is none', () => {
    for (const { id, proof, reason } of rows) assert.ok(proof !== '' || reason.length > 20, id);
  });

  it('names only tests that are there', () => {
    const missing = rows.flatMap(({ id, proof }) => missingTests(proof).map((entry) => `${id}: ${entry}`));
    assert.deepEqual(missing, []);
  });
});
