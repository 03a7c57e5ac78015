import { statfs } from 'node:fs/promises';
import type { BlobStore } from '../media/blobs.ts';
import type { Finding } from './finding.ts';

const lowBytes = 1_000_000_000;

/** Whether a small object can be written, read back and removed. */
export async function checkStorage({ blobs }: { blobs: BlobStore }): Promise<Finding> {
  await blobs.check();
  return { id: 'storage', state: 'ok', text: 'Pictures and clips can be written and read.' };
}

/** Room on the disk of a folder; less than a gigabyte is a warning. */
export async function checkFreeSpace(folder: string): Promise<Finding> {
  const id = 'free-space';
  const { bavail, bsize } = await statfs(folder);
  const text = `${((bavail * bsize) / 1e9).toFixed(1)} GB free under ${folder}.`;
  if (bavail * bsize >= lowBytes) return { id, state: 'ok', text };
  return { id, state: 'warning', text, remedy: 'Make room: without it no upload, clip or job can be stored.' };
}

/** Whether the provider can call us. */
export function checkPublicAddress(publicUrl: string): Finding {
  const id = 'public-address';
  if (publicUrl.startsWith('https:'))
    return { id, state: 'ok', text: `${publicUrl} is https: the provider is given callback addresses.` };
  return {
    id,
    state: 'warning',
    text: `${publicUrl} is not https: no callbacks are asked for, pictures travel inside the request. Polling alone works.`,
    remedy: 'Set PUBLIC_URL to the https address under which the internet reaches this server.',
  };
}
