import { inArray } from 'drizzle-orm';
import type { Database } from './database.ts';

/** Which rows own which files of the blob store. */
export function createFiles({ read, tables }: Database) {
  const { jobs, uploads } = tables;
  return {
    /** The keys among these that a row names: uploads by their id, stills and results by their job's. A linked result has no file. */
    async owned(candidates: { key: string; rowId: string }[]): Promise<Set<string>> {
      const ids = candidates.map(({ rowId }) => rowId);
      const pictures = await read.select({ key: uploads.key }).from(uploads).where(inArray(uploads.id, ids));
      const files = { still: jobs.still, video: jobs.video, image: jobs.image };
      const made = await read.select(files).from(jobs).where(inArray(jobs.id, ids));
      const kept = made.flatMap(({ still, video, image }) => [still, ...[video, image].filter((one) => !one?.link)]);
      return new Set([...pictures, ...kept.filter((one) => one !== null)].map(({ key }) => key));
    },
  };
}
