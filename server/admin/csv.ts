import { Readable } from 'node:stream';

/** What a spreadsheet would take for a formula, also behind spaces; the full-width signs count for some of them. */
const formula = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/;

/**
 * One line of a table (RFC 4180: every text quoted, quotes doubled, CRLF at the end). A text that would be run as a
 * formula gets an apostrophe in front; numbers stay numbers.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: string | number | null): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = formula.test(cell) ? `'${cell}` : cell;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** A download that is read page by page, as fast as the browser takes it, so that memory does not grow with its length. */
export function csvAnswer(fileName: string, lines: AsyncIterable<string>): Response {
  const body = Readable.toWeb(Readable.from(withByteOrderMark(lines), { objectMode: false }));
  return new Response(body as unknown as ReadableStream, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${fileName}"`,
    },
  });
}

/** Without it Excel reads UTF-8 as the machine's old code page. */
async function* withByteOrderMark(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  yield Buffer.from('\uFEFF');
  for await (const text of lines) yield Buffer.from(text);
}
