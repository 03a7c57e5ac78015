import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '../..');

interface Row {
  id: string;
  fault: string;
  happens: string;
  tests: { file: string; name: string }[];
  reason: string;
}

const rows: Row[] = readFileSync(join(import.meta.dirname, 'matrix.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| F\d/.test(line))
  .map((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const [, id = '', fault = '', happens = '', proof = '', reason = '', end] = cells;
    assert.equal(end, '', `${id} has ${cells.length - 2} cells`);
    return { id, fault, happens, tests: proof.split('<br>').filter(Boolean).map(testNamed), reason };
  });

/** `file › name`, with what Markdown wants escaped given back. */
function testNamed(entry: string): { file: string; name: string } {
  const [, file, name] = /^`([^`]+)` › (.+)$/.exec(entry) ?? [];
  assert.ok(file && name, `not a test: ${entry}`);
  return { file, name: name.replaceAll(/\\(?=[\W_])/g, '') };
}

/** Whether the source declares a test of exactly this name. A backtick name is compared as it is written. */
function declares(source: string, name: string): boolean {
  const declared = source.matchAll(
    /\b(?:it|test)\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g,
  );
  return [...declared].some(
    ([, single, double, template]) => (single ?? double ?? template)!.replaceAll(/\\(.)/g, '$1') === name,
  );
}

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
    for (const { id, tests, reason } of rows) assert.ok(tests.length > 0 || reason.length > 20, id);
  });

  it('names only tests that are there', () => {
    const missing = rows.flatMap(({ id, tests }) =>
      tests
        .filter(({ file, name }) => {
          const path = join(root, file);
          return !existsSync(path) || !declares(readFileSync(path, 'utf8'), name);
        })
        .map(({ file, name }) => `${id}: ${file} › ${name}`),
    );
    assert.deepEqual(missing, []);
  });

  it('is not content with a test that has another name, or with a comment', () => {
    assert.ok(declares("test(\n  'it\\'s so', f)", "it's so"));
    for (const source of ["it('it is so, too', f)", '// it is so', "describe('it is so', f)"])
      assert.equal(declares(source, 'it is so'), false, source);
  });
});
