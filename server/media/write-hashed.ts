import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../errors.ts';
import type { BlobFacts, Source } from './blobs.ts';
import { giveBack } from './give-back.ts';

/** Half as fast again as the stream default for a 10 MB upload (`facts/performance.md` section 4). */
const writeBufferBytes = 1024 * 1024;

/**
 * Writes `source` into an open file and hashes it on the way, with one buffer of fixed size, so that memory does not grow
 * with the source or with its chunks. Throws `AppError('upload_too_large')` past `maxBytes`, and whatever `source` throws.
 */
export async function writeHashed(handle: FileHandle, source: Source, maxBytes: number): Promise<BlobFacts> {
  const pending = Buffer.allocUnsafe(writeBufferBytes);
  try {
    return await writeThrough(pending, { handle, source, maxBytes });
  } finally {
    giveBack(pending);
  }
}

async function writeThrough(
  pending: Buffer,
  { handle, source, maxBytes }: { handle: FileHandle; source: Source; maxBytes: number },
): Promise<BlobFacts> {
  const hash = createHash('sha256');
  let used = 0;
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new AppError('upload_too_large', { maxBytes });
    hash.update(chunk);
    for (let taken = 0; taken < chunk.length;) {
      const piece = chunk.subarray(taken, taken + pending.length - used);
      pending.set(piece, used);
      used += piece.length;
      taken += piece.length;
      if (used === pending.length) {
        await writeAll(handle, pending);
        used = 0;
      }
    }
  }
  await writeAll(handle, pending.subarray(0, used));
  return { bytes, sha256: hash.digest('hex') };
}

/** A single write may be short (disk nearly full). `writeFile` would write half a megabyte at a time. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += (await handle.write(bytes, written)).bytesWritten;
}

/** No room to write: the disk is full, a quota is used up, or it may only be read. */
export function isFull(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && /^(ENOSPC|EDQUOT|EROFS)$/.test(String(fault.code));
}
