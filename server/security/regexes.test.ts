/** Every pattern in the server's sources against long hostile texts: none may take more than linear time (ReDoS). */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';

const root = join(import.meta.dirname, '../..');
const limitMs = 50;

/** Patterns that only ever see what the operator wrote, or an already short text. Anything else must be linear. */
const exempt = new Map([
  ['server/providers/kling-http.ts \\/+$', 'KLING_API_BASE: read once from the environment'],
  ['server/providers/kie-http.ts \\/+$', 'KIE_API_BASE and KIE_UPLOAD_BASE: read once from the environment'],
  ['server/foundation.ts \\/\\/.*@', 'DATABASE_URL: read once from the environment'],
  ['server/config.ts \\/+$', 'PUBLIC_URL and KLING_API_BASE: read once from the environment'],
]);

interface Pattern {
  path: string;
  regex: RegExp;
}

/** Read by the compiler's own parser, so that a slash in a string or a division is not taken for a pattern. */
function patternsOf(path: string): Pattern[] {
  const found: Pattern[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const flags = node.text.slice(end + 1);
      found.push({ path, regex: new RegExp(node.text.slice(1, end), flags.includes('g') ? flags : `${flags}g`) });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest));
  return found;
}

const sources = globSync('server/**/*.ts', { cwd: root })
  .filter(
    (path) => !/\.(test|suite)\.ts$|testing\.ts$|\/(simulation|kill-loop|security|bench|scale|nodes)\//.test(path),
  )
  .toSorted();

/** Runs of what patterns repeat, with an end that makes them give up, behind a beginning that lets this one start. */
function hostileTexts(regex: RegExp, length: number): string[] {
  const units = [
    ' ',
    '\t',
    '\n',
    'a',
    'A',
    '0',
    '.',
    ',',
    ';',
    '-',
    '_',
    '/',
    '\\',
    '=',
    ':',
    '"',
    "'",
    '<',
    '[',
    '%',
    '(',
    '\u00e4',
  ];
  const pairs = [
    'a ',
    'a.',
    'a-',
    'a,',
    'a;',
    ' ;',
    '0.',
    '/a',
    '..',
    '\\"',
    'a=',
    '{{',
    '[[',
    '&#',
    '\ud83d\ude00',
    'sim:',
    'kvc-',
  ];
  const literal = /^\^?((?:\\[/.()[\]{}^$*+?|-]|[\w /:=<>"'&;,@#%~`!-])*)/.exec(regex.source)?.[1] ?? '';
  const beginnings = new Set(['', literal.replace(/\\(.)/g, '$1'), 'a', '/', '"']);
  const fill = (unit: string) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
  return [...units, ...pairs].flatMap((unit) =>
    [...beginnings].flatMap((beginning) => ['', '!'].map((end) => beginning + fill(unit) + end)),
  );
}

/** Time of the processor, not of the clock, and the best of three: other work on the machine is not the pattern's. */
function millisecondsOf(regex: RegExp, text: string): number {
  let best = Infinity;
  for (let attempt = 0; attempt < 3 && best > limitMs / 2; attempt++) {
    const before = process.cpuUsage();
    text.replace(regex, '');
    best = Math.min(best, process.cpuUsage(before).user / 1000);
  }
  return best;
}

/** Each text short first: what grows faster than its text shows there, before it can hold up the whole test. */
function slowTextFor(regex: RegExp): string | null {
  const sizes = [4_000, 32_000].map((length) => hostileTexts(regex, length));
  for (const at of sizes[0]!.keys())
    for (const texts of sizes) {
      const ms = millisecondsOf(regex, texts[at]!);
      if (ms > limitMs)
        return `${ms.toFixed()} ms for ${JSON.stringify(texts[at]!.slice(0, 30))}… of ${texts[at]!.length}`;
    }
  return null;
}

describe('patterns', () => {
  const patterns = sources.flatMap(patternsOf);

  it('take no more than linear time for 32 kB of anything', () => {
    assert.ok(patterns.length > 40, String(patterns.length));
    const unique = new Map(patterns.map(({ path, regex }) => [`${path} ${regex.source}`, regex]));
    const slow = [...unique]
      .filter(([name]) => !exempt.has(name))
      .map(([name, regex]) => [name, slowTextFor(regex)])
      .filter(([, text]) => text !== null);
    assert.deepEqual(slow, []);
    for (const name of exempt.keys()) assert.ok(unique.has(name), `${name} is gone: so should its exemption be`);
  });

  it('the search sees a pattern that takes quadratic time', () => {
    assert.match(slowTextFor(/\s+$/g)!, /ms for/);
    assert.ok(patternsOf('server/http/auth.ts').some(({ regex }) => regex.source.startsWith('^bearer')));
  });
});
