import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { missingTests, tableRows } from '../.tools/proof-table.ts';
import { customProperties, parts } from '../widget/face.ts';

const rows = tableRows(readFileSync(join(import.meta.dirname, 'peers.md'), 'utf8'), {
  names: ['id', 'feature', 'uppy', 'uploadcare', 'mux', 'stripe', 'ours', 'proof'],
  first: /^W\d+$/,
});

describe('the table of peers', () => {
  it('says nothing of us without a test that is there', () => {
    assert.equal(rows.length, 21);
    for (const { id, proof } of rows) assert.ok(proof !== '', id);
    const missing = rows.flatMap(({ id, proof }) => missingTests(proof).map((entry) => `${id}: ${entry}`));
    assert.deepEqual(missing, []);
  });

  it('counts parts and custom properties as they are', () => {
    const oursOf = (id: string) => rows.find((row) => row.id === id)!.ours;
    assert.match(oursOf('W3'), new RegExp(`^${Object.keys(parts).length},`));
    assert.match(oursOf('W4'), new RegExp(`^${Object.keys(customProperties).length},`));
  });
});
