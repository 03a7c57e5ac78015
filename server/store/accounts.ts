import { and, asc, desc, eq, gt, lt, sql } from 'drizzle-orm';
import type { Database, Reader, Tx } from './database.ts';
import type { AccountRow } from './schema.ts';
import { holdsText } from './text-search.ts';

export interface Seller {
  siteId: string;
  userId: string;
  name?: string;
  locale?: string;
}

/** Sellers, one account per (site, user id). */
export function createAccounts(database: Database) {
  const { read, tables } = database;
  const { accounts } = tables;
  const byId = database.statement((db: Reader) =>
    db
      .select()
      .from(accounts)
      .where(eq(accounts.id, sql.placeholder('id'))),
  );
  const bySeller = database.statement((db: Reader) =>
    db
      .select()
      .from(accounts)
      .where(and(eq(accounts.siteId, sql.placeholder('siteId')), eq(accounts.userId, sql.placeholder('userId')))),
  );

  async function find(siteId: string, userId: string): Promise<AccountRow | null> {
    return (await bySeller(read, { siteId, userId }))[0] ?? null;
  }

  return {
    find,

    async get(id: string): Promise<AccountRow | null> {
      return (await byId(read, { id }))[0] ?? null;
    },

    /** The seller's account, made with a balance of zero when it is new; name and locale follow the newest token. */
    async ensure(seller: Seller, { id, now }: { id: string; now: number }): Promise<AccountRow> {
      const known = await find(seller.siteId, seller.userId);
      const same =
        known && (seller.name ?? known.name) === known.name && (seller.locale ?? known.locale) === known.locale;
      if (same) return known;
      return database.transaction((tx) => this.ensureIn(tx, seller, { id, now }));
    },

    async ensureIn(tx: Tx, seller: Seller, { id, now }: { id: string; now: number }): Promise<AccountRow> {
      const [row] = await tx
        .insert(accounts)
        .values({ ...seller, id, balance: 0, createdAt: now })
        .onConflictDoUpdate({
          target: [accounts.siteId, accounts.userId],
          set: {
            name: seller.name ?? sql`${accounts.name}`,
            locale: seller.locale ?? sql`${accounts.locale}`,
          },
        })
        .returning();
      return row!;
    },

    /** By id, oldest first; `after` is the id of the last one seen. */
    list({ limit, after }: { limit: number; after?: string }): Promise<AccountRow[]> {
      return read
        .select()
        .from(accounts)
        .where(after ? gt(accounts.id, after) : undefined)
        .orderBy(asc(accounts.id))
        .limit(limit)
        .execute();
    },

    /** Newest first; those whose user id or name holds `query`, all for an empty one. `before` is the last id seen. */
    search({ query, limit, before }: { query: string; limit: number; before?: string }): Promise<AccountRow[]> {
      const holds = query ? holdsText(database, [accounts.userId, accounts.name], query) : undefined;
      return read
        .select()
        .from(accounts)
        .where(and(before ? lt(accounts.id, before) : undefined, holds))
        .orderBy(desc(accounts.id))
        .limit(limit)
        .execute();
    },
  };
}
