/**
 * Reads a text/event-stream (WHATWG HTML, section 9.2, read 2026-11-20) as far as our server uses it. Our own thirty
 * lines because the library costs 1.5 kB of a 24 kB budget; sse.test.ts holds them against that library.
 */

/** One dispatched event; `id` is the last one seen, also from earlier events. */
export interface StreamEvent {
  event: string;
  data: string;
  id: string;
}

/** Feed it text in any pieces; `onEvent` is called for each complete event that carries data. */
export function createReader(onEvent: (event: StreamEvent) => void): (text: string) => void {
  let rest = '';
  let id = '';
  let event = '';
  let data: string[] = [];
  const readLine = (line: string) => {
    const [, field, value = ''] = /^([^:]*)(?::[ ]?([^]*))?$/.exec(line)!;
    if (line === '') {
      if (data.length > 0) onEvent({ event: event || 'message', data: data.join('\n'), id });
      event = '';
      data = [];
    } else if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
  };
  return (text) => {
    // A carriage return at the end may be half of a pair; it waits for the next piece.
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    lines.forEach(readLine);
  };
}
