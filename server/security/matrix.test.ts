import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { missingTests, tableRows } from '../../.tools/proof-table.ts';

const rows = tableRows(readFileSync(join(import.meta.dirname, 'matrix.md'), 'utf8'), {
  names: ['id', 'threat', 'holds', 'proof', 'reason'],
  first: /^S\d+$/,
});

describe('the security matrix', () => {
  it('has every threat from S01 to S45 once, in order, and says what holds', () => {
    const ids = Array.from({ length: 45 }, (_, at) => `S${String(at + 1).padStart(2, '0')}`);
    assert.deepEqual(
      rows.map(({ id }) => id),
      ids,
    );
    for (const { id, threat, holds } of rows) assert.ok(threat.length > 3 && holds.length > 20, id);
  });

  it('names a test for every row, or a reason why there is none', () => {
    for (const { id, proof, reason } of rows) assert.ok(proof !== '' || reason.length > 20, id);
  });

  it('names only tests that exist', () => {
    const missing = rows.flatMap(({ id, proof }) => missingTests(proof).map((entry) => `${id}: ${entry}`));
    assert.deepEqual(missing, []);
  });
});
