import { and, desc, eq, isNull, ne, sql } from 'drizzle-orm';
import type { Database, Reader, Tx } from './database.ts';
import type { SiteApiKeyRow, SiteRow, SiteSettings } from './schema.ts';

/** What may change of a site; `updatedAt` is its version. */
export type SiteChange = Partial<Omit<SiteRow, 'id' | 'createdAt'>> & Pick<SiteRow, 'updatedAt'>;

/** How much a site's sellers may order by the site's own caps; zero is no cap. */
export type SiteCaps = Pick<SiteRow, 'sellerDailyJobs' | 'sellerOpenJobs' | 'siteDailyJobs'>;

/** Host sites: who may mint tokens, and from which pages the widget may call. */
export function createSites({ read, tables, transaction, statement }: Database) {
  const { accounts, siteApiKeys: apiKeys, sites } = tables;
  const { sellerDailyJobs, sellerOpenJobs, siteDailyJobs } = sites;
  const capsOfAccount = statement((db: Reader) =>
    db
      .select({ sellerDailyJobs, sellerOpenJobs, siteDailyJobs })
      .from(accounts)
      .innerJoin(sites, eq(sites.id, accounts.siteId))
      .where(eq(accounts.id, sql.placeholder('accountId'))),
  );

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

    /** Null when the id exists. The caller has looked whether the issuer is free. */
    async add(tx: Tx, site: SiteSettings, now: number): Promise<SiteRow | null> {
      const row = { ...site, createdAt: now, updatedAt: now };
      const [made] = await tx.insert(sites).values(row).onConflictDoNothing({ target: sites.id }).returning();
      return made ?? null;
    },

    /** Null when there is no such site, or when it changed since `expectedUpdatedAt`. */
    async change(
      tx: Tx,
      { id, set, expectedUpdatedAt }: { id: string; set: SiteChange; expectedUpdatedAt: number },
    ): Promise<SiteRow | null> {
      const [row] = await tx
        .update(sites)
        .set(set)
        .where(and(eq(sites.id, id), eq(sites.updatedAt, expectedUpdatedAt)))
        .returning();
      return row ?? null;
    },

    /** Whether another site than `exceptId` has this issuer. */
    async hasIssuer(tx: Tx, { issuer, exceptId }: { issuer: string; exceptId: string }): Promise<boolean> {
      const [row] = await tx
        .select({ id: sites.id })
        .from(sites)
        .where(and(eq(sites.issuer, issuer), ne(sites.id, exceptId)));
      return row !== undefined;
    },

    /** All of them: there are few, and the caller keeps them in memory. */
    list(): Promise<SiteRow[]> {
      return read.select().from(sites).execute();
    },

    async get(id: string): Promise<SiteRow | null> {
      const [row] = await read.select().from(sites).where(eq(sites.id, id));
      return row ?? null;
    },

    /** The caps of an account's site. */
    async capsOf(tx: Reader, accountId: string): Promise<SiteCaps> {
      return (await capsOfAccount(tx, { accountId }))[0]!;
    },

    /** API keys of all sites that were not revoked. */
    liveApiKeys(): Promise<Pick<SiteApiKeyRow, 'siteId' | 'hash'>[]> {
      const { siteId, hash } = apiKeys;
      return read.select({ siteId, hash }).from(apiKeys).where(isNull(apiKeys.revokedAt)).execute();
    },

    /** A site's API keys, newest first, the revoked ones too. */
    apiKeys(siteId: string): Promise<SiteApiKeyRow[]> {
      return read.select().from(apiKeys).where(eq(apiKeys.siteId, siteId)).orderBy(desc(apiKeys.id)).execute();
    },

    async addApiKey(tx: Tx, row: SiteApiKeyRow): Promise<void> {
      await tx.insert(apiKeys).values(row).returning();
    },

    /** Null when the site has no such key, or when it is revoked already. */
    async revokeApiKey(
      tx: Tx,
      { siteId, id, now }: { siteId: string; id: string; now: number },
    ): Promise<SiteApiKeyRow | null> {
      const [row] = await tx
        .update(apiKeys)
        .set({ revokedAt: now })
        .where(and(eq(apiKeys.id, id), eq(apiKeys.siteId, siteId), isNull(apiKeys.revokedAt)))
        .returning();
      return row ?? null;
    },
  };
}
