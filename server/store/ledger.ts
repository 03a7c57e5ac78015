import { and, desc, eq, gte, lt, sql } from 'drizzle-orm';
import { AppError } from '../errors.ts';
import type { Database, Tx } from './database.ts';
import { noOutbox, type Outbox } from './outbox.ts';
import type { LedgerKind, LedgerRow } from './schema.ts';

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

/**
 * Tokens move here and nowhere else. Every move changes the balance, appends one row and leaves word in the outbox, in
 * the caller's transaction.
 */
export function createLedger(database: Database, outbox: Outbox = noOutbox) {
  const { tables, read } = database;
  const { accounts, ledger } = tables;

  async function move(tx: Tx, kind: LedgerKind, { now, amount, ...entry }: Entry): Promise<LedgerRow | null> {
    const [account] = await tx
      .update(accounts)
      .set({ balance: sql`${accounts.balance} + ${amount}` })
      .where(and(eq(accounts.id, entry.accountId), gte(accounts.balance, -amount)))
      .returning({ balance: accounts.balance });
    if (!account) return null;
    const [row] = await tx
      .insert(ledger)
      .values({ ...entry, kind, amount, balanceAfter: account.balance, createdAt: now })
      .returning();
    await outbox.enqueue(tx, { event: 'balance.changed', entry: row! });
    return row!;
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
      const sameReference = and(eq(ledger.accountId, entry.accountId), eq(ledger.reference, entry.reference));
      // The balance row is locked first, so that two grants of one reference meet here and not at the unique index.
      await tx
        .update(accounts)
        .set({ balance: sql`${accounts.balance}` })
        .where(eq(accounts.id, entry.accountId))
        .returning();
      const [earlier] = await tx.select().from(ledger).where(sameReference);
      if (earlier) return { entry: earlier, repeated: true };
      const row = await move(tx, 'grant', entry);
      if (!row) throw new AppError('not_found');
      return { entry: row, repeated: false };
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
