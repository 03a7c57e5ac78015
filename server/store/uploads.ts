import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database, Reader } from './database.ts';
import type { UploadRow } from './schema.ts';

/** Pictures as they were uploaded; the bytes are in the blob store. */
export function createUploads({ read, tables, transaction, statement }: Database) {
  const { uploads } = tables;
  const ofAccount = statement((db: Reader) =>
    db
      .select()
      .from(uploads)
      .where(and(eq(uploads.id, sql.placeholder('id')), eq(uploads.accountId, sql.placeholder('accountId')))),
  );
  return {
    async insert(row: UploadRow): Promise<UploadRow> {
      const [inserted] = await transaction((tx) => tx.insert(uploads).values(row).returning().execute());
      return inserted!;
    },

    /** Null for a missing upload and for another seller's alike. */
    async get(accountId: string, id: string): Promise<UploadRow | null> {
      return (await ofAccount(read, { accountId, id }))[0] ?? null;
    },

    /** In one query and no set order; for rows that were found under their owner's account already. */
    async getMany(ids: string[]): Promise<UploadRow[]> {
      if (ids.length === 0) return [];
      return read.select().from(uploads).where(inArray(uploads.id, ids)).execute();
    },
  };
}
