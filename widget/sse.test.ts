import { expect } from '@open-wc/testing';
import { createParser } from 'eventsource-parser';
import { createReader } from './sse.ts';

const streams = [
  'event: job\nid: 7\ndata: {"a":1}\n\n',
  ': comment\n\nid: 8\nevent: balance\ndata: 1\ndata: 2\n\n',
  'data:no space\r\n\r\ndata:  two spaces\r\rdata\n\n',
  'event: only a name\n\nretry: 500\nunknown: x\nid\ndata: после\n\ndata: never ended\n',
  'id: a\0b\ndata: x:y: z\n\n\n\ndata: last\r\n\r\n',
];

function readBoth(pieces: string[]) {
  const ours: unknown[] = [];
  const theirs: unknown[] = [];
  const feed = createReader(({ event, data }) => ours.push([event, data]));
  const parser = createParser({ onEvent: ({ event, data }) => theirs.push([event ?? 'message', data]) });
  for (const piece of pieces) {
    feed(piece);
    parser.feed(piece);
  }
  return { ours, theirs };
}

describe('event stream reader', () => {
  it('reads what eventsource-parser reads, wherever the bytes are split', () => {
    for (const stream of streams) {
      for (let cut = 0; cut <= stream.length; cut += 1) {
        const { ours, theirs } = readBoth([stream.slice(0, cut), stream.slice(cut)].filter(Boolean));
        expect(ours, `${JSON.stringify(stream)} cut at ${cut}`).to.deep.equal(theirs);
      }
      const { ours, theirs } = readBoth([...stream]);
      expect(ours, `${JSON.stringify(stream)} by characters`).to.deep.equal(theirs);
    }
  });

  it('remembers the last id for the next connection', () => {
    const ids: string[] = [];
    const feed = createReader(({ id }) => ids.push(id));
    feed('id: 5\ndata: a\n\ndata: b\n\nid: 6\ndata: c\n\n');
    expect(ids).to.deep.equal(['5', '5', '6']);
  });
});
