import type { FileHandle } from 'node:fs/promises';

/** More than any honest clip has; a file of nothing but tiny boxes is not read to its end. */
const maxBoxes = 2000;
const headerBytes = 16;

/**
 * The types of the top-level boxes of an ISO media file (ISO/IEC 14496-12 section 4.2), in order. Null when they do not fill the
 * file to the byte, which is how a cut file shows. A last box "to the end of the file" (size 0) cannot show it: null too.
 */
export async function readBoxTypes(file: FileHandle): Promise<string[] | null> {
  const { size: fileBytes } = await file.stat();
  const header = Buffer.alloc(headerBytes);
  const types: string[] = [];
  let at = 0;
  while (at < fileBytes && types.length < maxBoxes) {
    const { bytesRead } = await file.read(header, 0, headerBytes, at);
    const size = bytesRead >= 8 ? boxBytes(header.subarray(0, bytesRead)) : 0;
    if (size === 0 || at + size > fileBytes) return null;
    types.push(header.toString('latin1', 4, 8));
    at += size;
  }
  return at === fileBytes && at > 0 ? types : null;
}

/** Zero for a header that cannot be. */
function boxBytes(header: Buffer): number {
  const size = header.readUInt32BE(0);
  if (size !== 1) return size >= 8 ? size : 0;
  const large = header.length >= headerBytes ? Number(header.readBigUInt64BE(8)) : 0;
  return large >= headerBytes ? large : 0;
}
