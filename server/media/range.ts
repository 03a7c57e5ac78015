import type { ByteRange } from './blobs.ts';

/**
 * Reads a `Range` header for an object of `bytes` bytes (RFC 9110 sections 14.1.2 and 14.2).
 * `whole` is answered where the RFC lets the header be ignored: none, not understood, another unit, several ranges.
 * `unsatisfiable` asks for status 416. A range given back lies inside the object.
 */
export function parseRange(header: string | undefined, bytes: number): ByteRange | 'whole' | 'unsatisfiable' {
  const found = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '');
  const [, first, last] = found ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'whole';
  if (first === '') {
    const suffix = Number(last);
    if (suffix === 0) return 'unsatisfiable';
    // An empty object has no byte that Content-Range could name.
    return bytes === 0 ? 'whole' : { start: Math.max(0, bytes - suffix), end: bytes - 1 };
  }
  const start = Number(first);
  const end = last === '' ? Infinity : Number(last);
  if (end < start) return 'whole';
  return start >= bytes ? 'unsatisfiable' : { start, end: Math.min(end, bytes - 1) };
}
