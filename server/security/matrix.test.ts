import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '../..');
const names = ['id', 'threat', 'holds', 'proof', 'reason'] as const;

/** The table's rows, without its head. */
function rowsOf(text: string): Record<(typeof names)[number], string>[] {
  const lines = text.split('\n').filter((line) => /^\| +S\d/.test(line));
  return lines.map((line) => {
    const cells = line.split(/(?<!\\)\|/).slice(1, -1);
    assert.equal(cells.length, names.length, line);
    return Object.fromEntries(names.map((name, at) => [name, cells[at]!.trim()])) as ReturnType<typeof rowsOf>[number];
  });
}

/** `file › name`, as the table names a test. */
function testsIn(proof: string): { file: string; name: string }[] {
  return proof
    .split('<br>')
    .filter(Boolean)
    .map((entry) => {
      const [, file, name] = /^`([\w./-]+)` › (.+)$/.exec(entry.trim()) ?? [];
      assert.ok(file && name, `not a test: ${entry}`);
      return { file, name: name.replaceAll('\\', '') };
    });
}

/** Whether a test of exactly this name is declared in the text, in whatever quotes. */
function declares(text: string, name: string): boolean {
  const spelled = ["'", '"', '`'].map((quote) => quote + name.replaceAll(quote, `\\${quote}`) + quote);
  return [...text.matchAll(/\b(?:it|test)\(\s*/g)].some(({ 0: call, index }) =>
    spelled.some((literal) => text.startsWith(literal, index + call.length)),
  );
}

const rows = rowsOf(readFileSync(join(import.meta.dirname, 'matrix.md'), 'utf8'));

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
    const missing = rows
      .flatMap(({ id, proof }) => testsIn(proof).map((test) => ({ id, ...test })))
      .filter(({ file, name }) => {
        const path = join(root, file);
        return !existsSync(path) || !declares(readFileSync(path, 'utf8'), name);
      });
    assert.deepEqual(missing, []);
  });

  it('would miss a test that is gone, renamed, or only spoken of', () => {
    assert.ok(declares("it(\n    'it\\'s here', () => {})", "it's here"));
    for (const text of ["it('it is here too', f)", "// 'it is here'", "describe('it is here', f)"])
      assert.equal(declares(text, 'it is here'), false, text);
  });
});
