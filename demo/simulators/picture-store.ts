import { createHash } from 'node:crypto';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePicture } from './picture-maker.ts';
import type { PictureOrder } from './picture-maker.ts';

/** Makes pictures and keeps them on disk. */
export type PictureStore = {
  /** The path of the PNG. The same order gives the same file. Rejects when the reference cannot be decoded. */
  make(order: PictureOrder): Promise<string>;
};

/** Changes whenever the maker's result changes, so that pictures kept by an earlier version are not served. */
const MAKER_VERSION = 'picture-1';

/** `directory` is created when missing; finished pictures stay there and serve the next start as well. */
export function createPictureStore(directory: string): PictureStore {
  const ordered = new Map<string, Promise<string>>();
  let lastPartNumber = 0;

  async function draw(order: PictureOrder, path: string): Promise<string> {
    if (await exists(path)) return path;
    await mkdir(directory, { recursive: true });
    const partPath = `${path}.${process.pid}-${(lastPartNumber += 1)}.part`;
    await writeFile(partPath, await makePicture(order));
    await rename(partPath, path);
    return path;
  }

  return {
    make(order) {
      const path = join(directory, `${fingerprint(order)}.png`);
      const known = ordered.get(path);
      if (known) return known;
      const made = draw(order, path);
      ordered.set(path, made);
      made.catch(() => ordered.delete(path));
      return made;
    },
  };
}

function fingerprint({ prompt, width, height, reference }: PictureOrder): string {
  return createHash('sha256')
    .update([MAKER_VERSION, width, height, JSON.stringify(prompt)].join(' '))
    .update(reference ?? 'no reference')
    .digest('hex');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
