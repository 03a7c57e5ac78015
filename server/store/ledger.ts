import { and, asc, desc, eq, gt, gte, lt, or, sql } from 'drizzle-orm';
import { AppError } from '../errors.ts';
import type { Database, Tx } from './database.ts';
import { noOutbox, type Outbox } from './outbox.ts';
import type { LedgerKind, LedgerRow } from './schema.ts';
import { placesOf } from './statements.ts';

interface Entry {
  id: string;
  accountId: string;
  amount: number;
  jobId?: string;
  reference?: string;
  note?: string;
  actor: string;
  now: number;
}

interface LedgerPage {
  accountId?: string;
  from?: number;
  until?: number;
  /** The last entry seen. */
  after?: Pick<LedgerRow, 'createdAt' | 'id'>;
  limit: number;
}

/** Whose an entry is. */
export interface OfSeller {
  siteId: string;
  userId: string;
}

/**
 * Tokens move here and nowhere else. Every move changes the balance, appends one row and leaves word in the outbox and for
 * all nodes, in the caller's transaction.
 */
export function createLedger(database: Database, outbox: Outbox = noOutbox) {
  const { tables, read, signals, statement } = database;
  const { accounts, ledger } = tables;

  const addToBalance = statement((tx: Tx) =>
    tx
      .update(accounts)
      .set({ balance: sql`${accounts.balance} + ${sql.placeholder('amount')}` })
      .where(and(eq(accounts.id, sql.placeholder('accountId')), gte(accounts.balance, sql.placeholder('least'))))
      .returning({ balance: accounts.balance }),
  );
  const addEntry = statement((tx: Tx) => tx.insert(ledger).values(placesOf(ledger)).returning());

  async function move(tx: Tx, kind: LedgerKind, { now, amount, ...entry }: Entry): Promise<LedgerRow | null> {
    const { id, accountId, jobId = null, reference = null, note = null, actor } = entry;
    const [account] = await addToBalance(tx, { accountId, amount, least: -amount });
    if (!account) return null;
    const fields = { id, accountId, jobId, reference, note, actor, kind, amount };
    const [row] = await addEntry(tx, { ...fields, balanceAfter: account.balance, createdAt: now });
    await outbox.enqueue(tx, { event: 'balance.changed', entry: row! });
    signals.publish({ accountId, ...(jobId && { jobId }) });
    return row!;
  }

  /** Locked first, two entries of one reference meet here and not at the unique index. */
  async function lockBalance(tx: Tx, accountId: string): Promise<{ balance: number } | undefined> {
    const [account] = await tx
      .update(accounts)
      .set({ balance: sql`${accounts.balance}` })
      .where(eq(accounts.id, accountId))
      .returning({ balance: accounts.balance });
    return account;
  }

  async function byReference(
    from: Pick<Tx, 'select'>,
    { accountId, reference }: { accountId: string; reference: string },
  ): Promise<LedgerRow | null> {
    const [row] = await from
      .select()
      .from(ledger)
      .where(and(eq(ledger.accountId, accountId), eq(ledger.reference, reference)));
    return row ?? null;
  }

  return {
    /** Takes `price` for a job. Throws `AppError('insufficient_tokens', { needed, balance })`, nothing written then. */
    async debit(
      tx: Tx,
      { price, ...entry }: Omit<Entry, 'amount'> & { jobId: string; price: number },
    ): Promise<LedgerRow> {
      const row = await move(tx, 'debit', { ...entry, amount: -price });
      if (row) return row;
      const [account] = await tx.select().from(accounts).where(eq(accounts.id, entry.accountId));
      throw new AppError('insufficient_tokens', { needed: price, balance: account?.balance ?? 0 });
    },

    /**
     * Gives back what was debited for the job: that amount, never another. Call it only in the transaction that wins the
     * job's change to failed or cancelled. A second refund breaks the unique (job, kind) and with it the transaction.
     */
    async refund(
      tx: Tx,
      { jobId, ...entry }: Pick<Entry, 'id' | 'note' | 'actor' | 'now'> & { jobId: string },
    ): Promise<LedgerRow> {
      const [debit] = await tx
        .select()
        .from(ledger)
        .where(and(eq(ledger.jobId, jobId), eq(ledger.kind, 'debit')));
      if (!debit) throw new Error(`job ${jobId} has no debit to refund`);
      const row = await move(tx, 'refund', { ...entry, jobId, accountId: debit.accountId, amount: -debit.amount });
      return row!;
    },

    /** Adds tokens once per (account, reference): a repeated reference answers the first entry again. */
    async grant(tx: Tx, entry: Entry & { reference: string }): Promise<{ entry: LedgerRow; repeated: boolean }> {
      await lockBalance(tx, entry.accountId);
      const earlier = await byReference(tx, entry);
      if (earlier) return { entry: earlier, repeated: true };
      const row = await move(tx, 'grant', entry);
      if (!row) throw new AppError('not_found');
      return { entry: row, repeated: false };
    },

    /**
     * Adds or takes tokens by hand, once per (account, reference): a repeated reference answers the first entry again.
     * Throws `insufficient_tokens` when the balance would fall below zero, `not_found` without the account; nothing is
     * written then.
     */
    async correct(
      tx: Tx,
      entry: Omit<Entry, 'jobId'> & { reference: string; note: string },
    ): Promise<{ entry: LedgerRow; repeated: boolean }> {
      const account = await lockBalance(tx, entry.accountId);
      if (!account) throw new AppError('not_found');
      const earlier = await byReference(tx, entry);
      if (earlier) return { entry: earlier, repeated: true };
      const row = await move(tx, 'correction', entry);
      if (row) return { entry: row, repeated: false };
      throw new AppError('insufficient_tokens', { needed: -entry.amount, balance: account.balance });
    },

    /** The entry with this reference, null when there is none. */
    byReference: (accountId: string, reference: string) => byReference(read, { accountId, reference }),

    /**
     * Oldest first, of one account or of all; `from` and `until` bound its time. In the order of the index that leads: any
     * other would have all entries of the bounds sorted for each page, and a month of a hundred thousand jobs took five
     * seconds instead of one.
     */
    async page({ accountId, from, until, after, limit }: LedgerPage): Promise<(LedgerRow & OfSeller)[]> {
      const isByTime = accountId === undefined;
      const first = isByTime && after ? after.createdAt : from;
      const rows = await read
        .select({ entry: ledger, siteId: accounts.siteId, userId: accounts.userId })
        .from(ledger)
        .innerJoin(accounts, eq(accounts.id, ledger.accountId))
        .where(
          and(
            accountId === undefined ? undefined : eq(ledger.accountId, accountId),
            first === undefined ? undefined : gte(ledger.createdAt, first),
            until === undefined ? undefined : lt(ledger.createdAt, until),
            after &&
              (isByTime ? or(gt(ledger.createdAt, after.createdAt), gt(ledger.id, after.id)) : gt(ledger.id, after.id)),
          ),
        )
        .orderBy(...(isByTime ? [asc(ledger.createdAt)] : []), asc(ledger.id))
        .limit(limit);
      return rows.map(({ entry, ...seller }) => ({ ...entry, ...seller }));
    },

    /** Newest first; `before` is the id of the last entry seen. */
    list({ accountId, limit, before }: { accountId: string; limit: number; before?: string }): Promise<LedgerRow[]> {
      const older = before ? lt(ledger.id, before) : undefined;
      return read
        .select()
        .from(ledger)
        .where(and(eq(ledger.accountId, accountId), older))
        .orderBy(desc(ledger.id))
        .limit(limit)
        .execute();
    },

    /** Accounts whose balance is not the sum of their entries: must be empty. */
    async disagreements(): Promise<{ accountId: string; balance: number; sum: number }[]> {
      const sum = sql<string>`coalesce(sum(${ledger.amount}), 0)`;
      const rows = await read
        .select({ accountId: accounts.id, balance: accounts.balance, sum })
        .from(accounts)
        .leftJoin(ledger, eq(ledger.accountId, accounts.id))
        .groupBy(accounts.id, accounts.balance)
        .having(sql`${accounts.balance} <> ${sum}`);
      return rows.map((row) => ({ ...row, sum: Number(row.sum) }));
    },
  };
}
