import { eq } from 'drizzle-orm';
import type { Database } from './database.ts';
import type { SiteRow, SiteSettings } from './schema.ts';

/** Host sites: who may mint tokens, and from which pages the widget may call. */
export function createSites({ read, tables, transaction }: Database) {
  const { sites } = tables;
  return {
    /** Creates the site or brings it to these settings. */
    async put(site: SiteSettings, now: number): Promise<SiteRow> {
      const [row] = await transaction((tx) =>
        tx
          .insert(sites)
          .values({ ...site, createdAt: now, updatedAt: now })
          .onConflictDoUpdate({ target: sites.id, set: { ...site, updatedAt: now } })
          .returning()
          .execute(),
      );
      return row!;
    },

    /** All of them: there are few, and the caller keeps them in memory. */
    list(): Promise<SiteRow[]> {
      return read.select().from(sites).execute();
    },

    async get(id: string): Promise<SiteRow | null> {
      const [row] = await read.select().from(sites).where(eq(sites.id, id));
      return row ?? null;
    },
  };
}
