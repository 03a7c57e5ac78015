import { readFile, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
};

export type PublicFile = { bytes: Uint8Array<ArrayBuffer>; contentType: string };

export type Folder = {
  /** Names of the files that may be served, sorted; an absent folder is an empty one. */
  list(): Promise<string[]>;
  /** The file of exactly that name, or null. */
  read(name: string): Promise<PublicFile | null>;
};

/** Kinds of files a folder may hand out; everything else in it (sources, drawings) stays private. */
export const webFiles = ['.css', '.js', '.svg'];
export const photoFiles = ['.jpg', '.jpeg', '.png', '.webp'];

/**
 * Serves the files of one flat folder that end in one of `extensions`. A requested name is compared with the folder's own listing and never joined to a path before
 * it matched, so no spelling of `..` can leave the folder.
 */
export function openFolder(path: string, extensions: readonly string[]): Folder {
  async function list(): Promise<string[]> {
    const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return entries
      .filter((entry) => entry.isFile() && extensions.includes(extname(entry.name)))
      .map((entry) => entry.name)
      .toSorted();
  }
  async function read(name: string): Promise<PublicFile | null> {
    const known = (await list()).find((entry) => entry === name);
    const contentType = contentTypes[extname(name)];
    if (!known || !contentType) return null;
    return { bytes: new Uint8Array(await readFile(join(path, known))), contentType };
  }
  return { list, read };
}
