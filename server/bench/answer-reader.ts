const headEnd = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');

/**
 * Reads answers from the bytes of one connection, where one request is under way at a time, and tells of each once its
 * last byte is there. Only what benchmarks meet: a known length or chunks.
 */
export function createAnswerReader(told: (status: number, head: string) => void): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);

  return function read(bytes) {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const at = rest.indexOf(headEnd);
    if (at < 0) return;
    const head = rest.toString('latin1', 0, at);
    const bodyAt = at + headEnd.length;
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    const isWhole =
      length === undefined
        ? !/\r\ntransfer-encoding: *chunked/i.test(head) || rest.subarray(-lastChunk.length).equals(lastChunk)
        : rest.length >= bodyAt + Number(length);
    if (!isWhole) return;
    const whole = rest.toString('latin1', 0, Math.min(rest.length, bodyAt + 300));
    rest = Buffer.alloc(0);
    told(Number(head.slice(9, 12)), whole);
  };
}
