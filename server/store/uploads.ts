import { and, eq, inArray, sql } from 'drizzle-orm';
import { createRecent } from '../recent.ts';
import type { Database, Reader } from './database.ts';
import type { UploadRow } from './schema.ts';

const knownUploads = 10_000;

/** Pictures as they were uploaded; the bytes are in the blob store. */
export function createUploads({ read, tables, transaction, statement }: Database) {
  const { uploads } = tables;
  const ofAccount = statement((db: Reader) =>
    db
      .select()
      .from(uploads)
      .where(and(eq(uploads.id, sql.placeholder('id')), eq(uploads.accountId, sql.placeholder('accountId')))),
  );
  /** An upload never changes. */
  const known = createRecent<UploadRow>(knownUploads);

  return {
    async insert(row: UploadRow): Promise<UploadRow> {
      const [inserted] = await transaction((tx) => tx.insert(uploads).values(row).returning().execute());
      known.set(row.id, inserted!);
      return inserted!;
    },

    /** Null for a missing upload and for another seller's alike. */
    async get(accountId: string, id: string): Promise<UploadRow | null> {
      const earlier = known.get(id);
      if (earlier) return earlier.accountId === accountId ? earlier : null;
      const [row] = await ofAccount(read, { accountId, id });
      if (row) known.set(id, row);
      return row ?? null;
    },

    /** In at most one query and no set order; for rows that were found under their owner's account already. */
    async getMany(ids: string[]): Promise<UploadRow[]> {
      const wanted = [...new Set(ids)];
      const found = wanted.map((id) => known.get(id)).filter((row) => row !== undefined);
      if (found.length === wanted.length) return found;
      const missing = wanted.filter((id) => !known.get(id));
      const rows = await read.select().from(uploads).where(inArray(uploads.id, missing));
      for (const row of rows) known.set(row.id, row);
      return [...found, ...rows];
    },
  };
}
