/** Reads Markdown tables whose rows name the tests that prove them, and finds names that no test has. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The rows whose first cell matches, as objects; throws for a row with another number of cells. */
export function tableRows<Name extends string>(
  text: string,
  { names, first }: { names: readonly Name[]; first: RegExp },
): Record<Name, string>[] {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  return lines
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
    .filter(([id = '']) => first.test(id.trim()))
    .map((cells) => {
      assert.equal(cells.length, names.length, cells.join('|'));
      return Object.fromEntries(names.map((name, at) => [name, cells[at]!.trim()])) as Record<Name, string>;
    });
}

/** Of a cell with entries like `file › name of the test`, divided by `<br>`: those that no test is declared for. */
export function missingTests(proof: string): string[] {
  return proof
    .split('<br>')
    .filter(Boolean)
    .filter((entry) => {
      const [, file, name] = /^`([\w./-]+)` › (.+)$/.exec(entry.trim()) ?? [];
      assert.ok(file && name, `not a test: ${entry}`);
      const path = join(root, file);
      return !existsSync(path) || !declares(readFileSync(path, 'utf8'), name.replaceAll(/\\(?=[\W_])/g, ''));
    });
}

/** Whether the source declares a test of exactly this name. A name in backticks is compared as it is written. */
export function declares(source: string, name: string): boolean {
  const declared = source.matchAll(
    /\b(?:it|test)\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g,
  );
  return [...declared].some(
    ([, single, double, template]) => (single ?? double ?? template)!.replaceAll(/\\(.)/g, '$1') === name,
  );
}
