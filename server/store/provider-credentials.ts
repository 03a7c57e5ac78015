import { and, asc, eq } from 'drizzle-orm';
import type { Database, Tx } from './database.ts';
import type { ProviderCredentialsRow } from './schema.ts';

export type CredentialsChange = Partial<
  Pick<ProviderCredentialsRow, 'label' | 'concurrency' | 'position' | 'enabled' | 'updatedAt'>
>;

/** Provider accounts besides the one of the settings. Rows stay for good: jobs name them. */
export function createProviderCredentials({ read, tables }: Database) {
  const { providerCredentials: rows } = tables;
  return {
    /** In the order in which jobs are offered to them, disabled ones too. */
    list: (): Promise<ProviderCredentialsRow[]> =>
      read.select().from(rows).orderBy(asc(rows.position), asc(rows.createdAt), asc(rows.id)).execute(),

    async get(id: string): Promise<ProviderCredentialsRow | null> {
      const [row] = await read.select().from(rows).where(eq(rows.id, id));
      return row ?? null;
    },

    /** Null when the id is taken. */
    async add(tx: Tx, row: ProviderCredentialsRow): Promise<ProviderCredentialsRow | null> {
      const [added] = await tx.insert(rows).values(row).onConflictDoNothing({ target: rows.id }).returning();
      return added ?? null;
    },

    /** Null when there is no such account, or when it changed since `expectedUpdatedAt`. */
    async change(
      tx: Tx,
      { id, set, expectedUpdatedAt }: { id: string; set: CredentialsChange; expectedUpdatedAt: number },
    ): Promise<ProviderCredentialsRow | null> {
      const [row] = await tx
        .update(rows)
        .set(set)
        .where(and(eq(rows.id, id), eq(rows.updatedAt, expectedUpdatedAt)))
        .returning();
      return row ?? null;
    },
  };
}
