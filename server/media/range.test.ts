import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRange } from './range.ts';

const huge = '9'.repeat(400);
const rows: [header: string | undefined, bytes: number, expected: ReturnType<typeof parseRange>][] = [
  [undefined, 100, 'whole'],
  ['', 100, 'whole'],
  ['bytes=0-', 100, { start: 0, end: 99 }],
  ['bytes=0-0', 100, { start: 0, end: 0 }],
  ['bytes=10-19', 100, { start: 10, end: 19 }],
  ['BYTES=10-19', 100, { start: 10, end: 19 }],
  ['bytes= 10-19 ', 100, { start: 10, end: 19 }],
  ['bytes=99-99', 100, { start: 99, end: 99 }],
  ['bytes=0-100', 100, { start: 0, end: 99 }],
  [`bytes=5-${huge}`, 100, { start: 5, end: 99 }],
  ['bytes=100-', 100, 'unsatisfiable'],
  ['bytes=100-200', 100, 'unsatisfiable'],
  [`bytes=${huge}-`, 100, 'unsatisfiable'],
  ['bytes=-1', 100, { start: 99, end: 99 }],
  ['bytes=-100', 100, { start: 0, end: 99 }],
  [`bytes=-${huge}`, 100, { start: 0, end: 99 }],
  ['bytes=-0', 100, 'unsatisfiable'],
  ['bytes=0-', 0, 'unsatisfiable'],
  ['bytes=-5', 0, 'whole'],
  ['bytes=5-4', 100, 'whole'],
  ['bytes=-', 100, 'whole'],
  ['bytes=', 100, 'whole'],
  ['bytes', 100, 'whole'],
  ['bytes=a-b', 100, 'whole'],
  ['bytes=1.5-3', 100, 'whole'],
  ['bytes=0x1-3', 100, 'whole'],
  ['bytes=--5', 100, 'whole'],
  ['bytes=1-2-3', 100, 'whole'],
  ['bytes =0-1', 100, 'whole'],
  ['items=0-1', 100, 'whole'],
  ['xbytes=0-1', 100, 'whole'],
  ['bytes=0-1,5-6', 100, 'whole'],
  [`bytes=${Array(1000).fill('0-99').join(',')}`, 100, 'whole'],
];

for (const [header, bytes, expected] of rows)
  test(`Range ${JSON.stringify(header)?.slice(0, 40)} of ${bytes} bytes is ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(parseRange(header, bytes), expected);
  });
