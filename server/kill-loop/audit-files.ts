import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { probeClip } from '../media/clip.ts';
import { leftoverAgeMs } from './points.ts';
import type { Rows } from './rows.ts';

/** What lies in the blob folder, beside the rows. */
export function createFileAudit(folder: string) {
  const proven = new Set<string>();
  const unfinished = join(folder, '.tmp');

  async function clipFault({ key, bytes, sha256 }: { key: string; bytes: number; sha256: string }) {
    const path = join(folder, key);
    const content = await readFile(path).catch(() => null);
    if (!content) return `the clip ${key} is missing`;
    if (content.length !== bytes) return `the clip ${key} has ${content.length} bytes, its row says ${bytes}`;
    if (createHash('sha256').update(content).digest('hex') !== sha256) return `the clip ${key} has another digest`;
    return (await probeClip(path)) ? null : `the clip ${key} is no whole MP4`;
  }

  async function sizeOf(key: string): Promise<number | null> {
    return stat(join(folder, key)).then(
      ({ size }) => size,
      () => null,
    );
  }

  return {
    /** Every clip is read and probed once; with `again` all of them. */
    async faults({ jobs, uploads }: Rows, again = false): Promise<string[]> {
      const faults: (string | null)[] = [];
      for (const { video, still, status } of jobs) {
        if (!video || status !== 'completed' || (proven.has(video.key) && !again)) continue;
        faults.push(await clipFault(video));
        if (still && (await sizeOf(still.key)) !== still.bytes) faults.push(`the still ${still.key} is not as stored`);
        proven.add(video.key);
      }
      for (const { key } of uploads) {
        if (proven.has(key) && !again) continue;
        if ((await sizeOf(key)) === null) faults.push(`the picture ${key} is missing`);
        proven.add(key);
      }
      return faults.filter((fault) => fault !== null);
    },

    /** Temporary files that a server started at that moment should have cleared away. */
    async leftovers(startedAtMs: number): Promise<string[]> {
      const faults: string[] = [];
      for (const name of await readdir(unfinished).catch(() => [])) {
        const facts = await stat(join(unfinished, name)).catch(() => null);
        if (facts && startedAtMs - facts.mtimeMs > leftoverAgeMs)
          faults.push(`the temporary file ${name} was left ${startedAtMs - facts.mtimeMs} ms before this start`);
      }
      return faults;
    },

    /** Files that no row names: not wrong, but lost room. */
    async strays({ jobs, uploads }: Rows): Promise<string[]> {
      const named = new Set([
        ...uploads.map(({ key }) => key),
        ...jobs.flatMap(({ video, still }) => [video?.key, still?.key]),
      ]);
      const all = await readdir(folder, { recursive: true, withFileTypes: true });
      return all
        .filter((entry) => entry.isFile() && !entry.parentPath.includes('.tmp'))
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .filter((key) => !named.has(key));
    },
  };
}

export type FileAudit = ReturnType<typeof createFileAudit>;
