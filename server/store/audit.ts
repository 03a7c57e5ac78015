import { and, asc, desc, eq, gt, inArray, isNull, lt, lte, ne, notInArray, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { Database } from './database.ts';
import type { JobRow } from './schema.ts';

/** Something in the books that cannot be: whose, of which job, and what in plain words. */
export interface LedgerFault {
  accountId: string;
  jobId?: string;
  text: string;
}

/** A page takes a few milliseconds: an account brings all its entries, a job at most two. */
const accountsPerPage = 100;
const jobsPerPage = 1_000;
const maxFaults = 100;

/** What must be true of the rows, asked of the rows. Reads only. */
export function createAudit(database: Database) {
  const { read, tables } = database;
  const { accounts, jobs, ledger } = tables;
  /** Written out, because SQLite uses a partial index only when its condition is in the query's own text. */
  const isOpen = sql`${jobs.status} in ('pending', 'processing')`;

  /** Walks a table by its ids, a page at a time, and lets others run between two pages: SQLite reads in this thread. */
  async function inPages(
    { table, pageSize }: { table: typeof accounts | typeof jobs; pageSize: number },
    faultsBetween: (after: string, last: string) => Promise<LedgerFault[]>,
  ): Promise<LedgerFault[]> {
    const faults: LedgerFault[] = [];
    for (let after = ''; faults.length < maxFaults;) {
      const ids = read
        .select({ id: table.id })
        .from(table)
        .where(gt(table.id, after))
        .orderBy(asc(table.id))
        .limit(pageSize)
        .as('page');
      const [page] = await read.select({ last: sql<string | null>`max(${ids.id})` }).from(ids);
      if (!page?.last) break;
      faults.push(...(await faultsBetween(after, page.last)));
      after = page.last;
      await new Promise(setImmediate);
    }
    return faults;
  }

  async function balanceFaults(after: string, last: string): Promise<LedgerFault[]> {
    const sum = sql<string>`coalesce(sum(${ledger.amount}), 0)`;
    const rows = await read
      .select({ accountId: accounts.id, balance: accounts.balance, sum })
      .from(accounts)
      .leftJoin(ledger, eq(ledger.accountId, accounts.id))
      .where(and(gt(accounts.id, after), lte(accounts.id, last)))
      .groupBy(accounts.id, accounts.balance)
      .having(sql`${accounts.balance} <> ${sum} or ${accounts.balance} < 0`);
    return rows.map(({ accountId, balance, sum }) => ({
      accountId,
      text: `the balance is ${balance}, the entries add up to ${Number(sum)}`,
    }));
  }

  /** One debit of the job's price on the job's account; one refund of it when the job ended without a clip, else none. */
  async function jobFaults(after: string, last: string): Promise<LedgerFault[]> {
    const [debit, refund] = [alias(ledger, 'debit'), alias(ledger, 'refund')];
    const wasLost = inArray(jobs.status, ['failed', 'cancelled']);
    const isDebitWrong = or(
      isNull(debit.id),
      ne(debit.amount, sql`-${jobs.tokensCost}`),
      ne(debit.accountId, jobs.accountId),
    );
    const isRefundWrong = or(
      and(wasLost, isNull(refund.id)),
      and(notInArray(jobs.status, ['failed', 'cancelled']), sql`${refund.id} is not null`),
      ne(refund.amount, jobs.tokensCost),
      ne(refund.accountId, jobs.accountId),
    );
    const rows = await read
      .select({
        id: jobs.id,
        accountId: jobs.accountId,
        status: jobs.status,
        price: jobs.tokensCost,
        debited: debit.amount,
        refunded: refund.amount,
      })
      .from(jobs)
      .leftJoin(debit, and(eq(debit.jobId, jobs.id), eq(debit.kind, 'debit')))
      .leftJoin(refund, and(eq(refund.jobId, jobs.id), eq(refund.kind, 'refund')))
      .where(and(gt(jobs.id, after), lte(jobs.id, last), or(isDebitWrong, isRefundWrong)));
    return rows.map(({ id, accountId, status, price, debited, refunded }) => ({
      accountId,
      jobId: id,
      text: `a ${status} job of ${price} tokens has ${amountOf(debited, 'debit')} and ${amountOf(refunded, 'refund')}`,
    }));
  }

  /** Entries that belong to a job by their kind and name none. */
  async function strayEntries(): Promise<LedgerFault[]> {
    const rows = await read
      .select({ id: ledger.id, accountId: ledger.accountId, kind: ledger.kind })
      .from(ledger)
      .where(and(isNull(ledger.jobId), inArray(ledger.kind, ['debit', 'refund'])))
      .limit(maxFaults);
    return rows.map(({ id, accountId, kind }) => ({ accountId, text: `the ${kind} ${id} belongs to no job` }));
  }

  return {
    /**
     * Where the books contradict themselves, a hundred at most; empty when all is well. Each balance is the sum of its
     * entries and not negative; each job has its debit, and its refund exactly when it ended without a clip.
     */
    async ledgerFaults(): Promise<LedgerFault[]> {
      const ofBalances = await inPages({ table: accounts, pageSize: accountsPerPage }, balanceFaults);
      const ofJobs = await inPages({ table: jobs, pageSize: jobsPerPage }, jobFaults);
      return [...ofBalances, ...ofJobs, ...(await strayEntries())].slice(0, maxFaults);
    },

    /** Open jobs whose deadline passed before `moment`, the oldest deadline first. */
    overdue(moment: number): Promise<JobRow[]> {
      return read
        .select()
        .from(jobs)
        .where(and(isOpen, lt(jobs.deadlineAt, moment)))
        .orderBy(asc(jobs.deadlineAt))
        .limit(maxFaults)
        .execute();
    },

    /** Jobs past our queue that were due, and free to be taken, before `moment`. */
    abandoned(moment: number): Promise<JobRow[]> {
      return read
        .select()
        .from(jobs)
        .where(and(isOpen, ne(jobs.stage, 'queued'), lt(jobs.dueAt, moment), lt(jobs.leaseUntil, moment)))
        .orderBy(asc(jobs.dueAt))
        .limit(maxFaults)
        .execute();
    },

    /** Jobs whose clip was ready at the provider before `moment` and is not stored yet. */
    unsaved(moment: number): Promise<JobRow[]> {
      return read
        .select()
        .from(jobs)
        .where(and(isOpen, eq(jobs.stage, 'saving'), lt(jobs.succeededAt, moment)))
        .limit(maxFaults)
        .execute();
    },

    /** The newest completed jobs that their sellers still see. */
    newestCompleted(limit: number): Promise<JobRow[]> {
      return read
        .select()
        .from(jobs)
        .where(and(eq(jobs.status, 'completed'), isNull(jobs.deletedAt)))
        .orderBy(desc(jobs.id))
        .limit(limit)
        .execute();
    },

    /** Those of these external ids that belong to a job, with the job. */
    async byExternalIds(externalIds: string[]): Promise<Map<string, JobRow>> {
      if (externalIds.length === 0) return new Map();
      const rows = await read.select().from(jobs).where(inArray(jobs.externalId, externalIds));
      return new Map(rows.map((job) => [job.externalId, job]));
    },
  };
}

function amountOf(amount: number | null, kind: 'debit' | 'refund'): string {
  return amount === null ? `no ${kind}` : `a ${kind} of ${Math.abs(amount)}`;
}
