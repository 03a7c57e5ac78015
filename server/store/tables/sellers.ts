import { sql } from 'drizzle-orm';
import type { Columns } from '../columns.ts';

/** Sites and their sellers. */
export function createSellerTables(c: Columns) {
  const sites = c.table(
    'sites',
    {
      id: c.text().primaryKey(),
      name: c.text().notNull(),
      issuer: c.text().notNull(),
      audience: c.text().notNull(),
      /** Sealed with the server's SECRET; exactly one of this and `jwksUrl` is set. */
      sealedJwtSecret: c.text(),
      jwksUrl: c.text(),
      maxTokenSeconds: c.int().notNull(),
      origins: c.json<string[]>().notNull(),
      /** During a rotation tokens signed with either secret are good. */
      sealedNextJwtSecret: c.text(),
      /** SHA-256 of the key from the settings, hex; keys made in the admin are rows of `site_api_keys`. */
      apiKeyHash: c.text(),
      /** Words that no order of this site may have; compared without regard to case. */
      blockedWords: c.json<string[]>().notNull().default([]),
      /** Zero is no cap of the site's own; the server's settings hold besides. */
      sellerDailyJobs: c.int().notNull().default(0),
      sellerOpenJobs: c.int().notNull().default(0),
      siteDailyJobs: c.int().notNull().default(0),
      createdAt: c.time().notNull(),
      updatedAt: c.time().notNull(),
    },
    (t) => [
      c.uniqueIndex('sites_issuer').on(t.issuer),
      c.uniqueIndex('sites_api_key_hash').on(t.apiKeyHash),
      c.check('sites_one_key', sql`(${t.sealedJwtSecret} is null) <> (${t.jwksUrl} is null)`),
    ],
  );

  const siteApiKeys = c.table(
    'site_api_keys',
    {
      id: c.text().primaryKey(),
      siteId: c
        .text()
        .notNull()
        .references(() => sites.id),
      name: c.text().notNull(),
      /** SHA-256 of the key, hex; the key itself is shown once and kept nowhere. */
      hash: c.text().notNull(),
      /** The first letters, to tell keys apart. */
      hint: c.text().notNull(),
      createdAt: c.time().notNull(),
      revokedAt: c.time(),
    },
    (t) => [c.uniqueIndex('site_api_keys_hash').on(t.hash), c.index('site_api_keys_of_site').on(t.siteId, t.id)],
  );

  const accounts = c.table(
    'accounts',
    {
      id: c.text().primaryKey(),
      siteId: c
        .text()
        .notNull()
        .references(() => sites.id),
      /** The seller's id in the host's own words (the token's `sub`). */
      userId: c.text().notNull(),
      name: c.text(),
      locale: c.text(),
      balance: c.int().notNull(),
      createdAt: c.time().notNull(),
    },
    (t) => [
      c.uniqueIndex('accounts_site_user').on(t.siteId, t.userId),
      c.check('accounts_balance_not_negative', sql`${t.balance} >= 0`),
    ],
  );

  const uploads = c.table('uploads', {
    id: c.text().primaryKey(),
    accountId: c
      .text()
      .notNull()
      .references(() => accounts.id),
    key: c.text().notNull(),
    /** Of the upright picture. */
    width: c.int().notNull(),
    height: c.int().notNull(),
    bytes: c.int().notNull(),
    contentType: c.text().notNull(),
    sha256: c.text().notNull(),
    createdAt: c.time().notNull(),
  });

  return { sites, siteApiKeys, accounts, uploads };
}

export type SellerTables = ReturnType<typeof createSellerTables>;
