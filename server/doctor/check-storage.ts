import { statfs } from 'node:fs/promises';
import type { BlobStore } from '../media/blobs.ts';
import type { Finding } from './finding.ts';
import { told } from './told.ts';

const lowBytes = 1_000_000_000;

/** Whether a small object can be written, read back and removed. */
export async function checkStorage({ blobs }: { blobs: BlobStore }): Promise<Finding> {
  await blobs.check();
  return told('storage', 'ok', (words) => words.storageWell());
}

/** Room on the disk of a folder; less than a gigabyte is a warning. */
export async function checkFreeSpace(folder: string): Promise<Finding> {
  const id = 'free-space';
  const { bavail, bsize } = await statfs(folder);
  const gigabytes = ((bavail * bsize) / 1e9).toFixed(1);
  if (bavail * bsize >= lowBytes) return told(id, 'ok', (words) => words.space(gigabytes, folder));
  return told(id, 'warning', (words) => words.spaceLow(gigabytes, folder));
}

/** Whether the provider can call us. */
export function checkPublicAddress(publicUrl: string): Finding {
  const id = 'public-address';
  if (publicUrl.startsWith('https:')) return told(id, 'ok', (words) => words.publicHttps(publicUrl));
  return told(id, 'warning', (words) => words.publicHttp(publicUrl));
}
