import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'kvc-spool-';
const leftoverAgeMs = 60 * 60 * 1000;

/** Lends the path of a file that does not exist yet, in a folder only we may enter; all of it is gone when `use` has ended. */
export async function withSpool<T>(use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  try {
    return await use(join(folder, 'object'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes what processes left that were killed more than an hour ago. */
export async function removeSpoolLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(tmpdir(), name);
    const facts = await stat(folder).catch(() => null);
    // Other users' leftovers in a shared folder are theirs to remove.
    if (facts && Date.now() - facts.mtimeMs > leftoverAgeMs)
      await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}
