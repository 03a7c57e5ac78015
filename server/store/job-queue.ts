import { and, asc, desc, eq, gte, inArray, lte, ne, or, sql } from 'drizzle-orm';
import { slotStages, type JobStage, type NextLook } from '../jobs/job.ts';
import type { Database, Reader, Tx } from './database.ts';
import { isOpenJob } from './open-jobs.ts';
import type { JobRow, ProviderAccountRow } from './schema.ts';
import { placesOf } from './statements.ts';

export interface QueuedJob {
  id: string;
  accountId: string;
}

export interface Claim {
  stages: readonly JobStage[];
  now: number;
  limit: number;
  leaseMs: number;
  /** At most this many of jobs whose last claim was never given back. Left out: no limit. */
  maxAbandoned?: number;
}

/** What an account must be able to make. */
export type JobSort = Pick<JobRow, 'provider' | 'kind' | 'model'>;

/** What a look must know of a job that the provider works on; many of them are read at once. */
export type TaskAtProvider = Pick<
  JobRow,
  'id' | 'fence' | 'stage' | 'failures' | 'kind' | 'model' | 'providerTaskId' | 'submittedAt' | 'deadlineAt'
>;

/** Jobs at one provider account, at most `limit`, and when they are looked at next. */
export interface Look {
  providerAccount: string;
  now: number;
  limit: number;
  next: readonly [NextLook, NextLook, NextLook];
}

/** How many finished jobs an estimate looks back over, of all lengths. */
const recentJobs = 50;

/** Which job is next: claims, slots and the fair turn between sellers. */
export function createJobQueue(database: Database) {
  const { read, tables, skipLocked } = database;
  const { jobs, providerAccounts } = tables;
  const isOpen = isOpenJob(tables);
  const isQueued = and(eq(jobs.stage, 'queued'), isOpen);
  const isUnsent = (now: number) =>
    and(isOpen, eq(jobs.stage, 'submitting'), eq(jobs.sends, 0), lte(jobs.leaseUntil, now));
  const holdsSlot = and(inArray(jobs.stage, [...slotStages]), isOpen);

  // Asked in every round of every idle worker.
  const isDueNow = and(isOpen, lte(jobs.dueAt, sql.placeholder('now')), lte(jobs.leaseUntil, sql.placeholder('now')));
  const dueWork = database.statement((db: Reader) =>
    db
      .selectDistinct({ stage: jobs.stage, providerAccount: jobs.providerAccount })
      .from(jobs)
      .where(and(ne(jobs.stage, 'queued'), isDueNow)),
  );
  // For these no index is taken, or SQLite sorts all that is at the provider to find the part that is due.
  const isAtProvider = and(
    sql`(${jobs.stage} = 'generating') is true`,
    sql`(${jobs.providerAccount} = ${sql.placeholder('providerAccount')}) is true`,
    isDueNow,
  );
  /** What took no longer than so, or will not. */
  const isUpTo = (expectedMs: string, since: string) =>
    and(lte(jobs.expectedMs, sql.placeholder(expectedMs)), gte(jobs.submittedAt, sql.placeholder(since)));
  const time = (name: string) => sql`cast(${sql.placeholder(name)} as bigint)`;
  const nextLook = sql`case when ${isUpTo('often', 'oftenSince')} then ${time('oftenAt')}
    when ${isUpTo('seldom', 'seldomSince')} then ${time('seldomAt')} else ${time('seldomestAt')} end`;
  const taken = database.statement((tx: Tx) =>
    tx
      .update(jobs)
      .set({ dueAt: nextLook, checkedAt: time('now') })
      .where(
        and(
          inArray(
            jobs.id,
            skipLocked(
              tx
                .select({ id: jobs.id })
                .from(jobs)
                .where(isAtProvider)
                .orderBy(asc(jobs.dueAt))
                .limit(sql.placeholder('limit')),
            ),
          ),
          isAtProvider,
        ),
      )
      .returning({
        id: jobs.id,
        fence: jobs.fence,
        stage: jobs.stage,
        failures: jobs.failures,
        kind: jobs.kind,
        model: jobs.model,
        providerTaskId: jobs.providerTaskId,
        submittedAt: jobs.submittedAt,
        deadlineAt: jobs.deadlineAt,
      }),
  );
  const sortOf = { provider: jobs.provider, kind: jobs.kind, model: jobs.model };
  const isOneOf = (sorts: readonly JobSort[]) =>
    or(
      ...sorts.map(({ provider, kind, model }) =>
        and(eq(jobs.provider, provider), eq(jobs.kind, kind), eq(jobs.model, model)),
      ),
    );
  const accountRows = database.statement((db: Reader) => db.select().from(providerAccounts));
  const lockedAccount = database.statement((tx: Tx) => {
    const given = placesOf(providerAccounts, ['id', 'updatedAt']);
    return tx
      .insert(providerAccounts)
      .values({ ...given, pausedUntil: 0 })
      .onConflictDoUpdate({ target: providerAccounts.id, set: { updatedAt: given.updatedAt } })
      .returning();
  });
  // By a sum of words, which no index has: by the account's name SQLite would walk every task that it ever had.
  const account = sql<string | null>`${jobs.providerAccount} || ''`;
  const slotsHeld = database.statement((db: Reader) =>
    db
      .select({ account, held: sql<number>`count(*)`.mapWith(Number) })
      .from(jobs)
      .where(holdsSlot)
      .groupBy(account),
  );
  const anyQueued = database.statement((db: Reader) => db.select({ id: jobs.id }).from(jobs).where(isQueued).limit(1));
  const queuedSorts = database.statement((db: Reader) => db.selectDistinct(sortOf).from(jobs).where(isQueued));
  const expiredQueued = database.statement((db: Reader) =>
    db
      .select()
      .from(jobs)
      .where(and(isQueued, lte(jobs.deadlineAt, sql.placeholder('now'))))
      .limit(sql.placeholder('limit')),
  );

  return {
    /**
     * Takes jobs of these stages that are due, with a lease and a new fence. Another node's lease is respected until it
     * ends. A job is at most one claim's.
     */
    async claimDue(tx: Tx, { stages, now, limit, leaseMs, maxAbandoned = limit }: Claim): Promise<JobRow[]> {
      const isDue = and(isOpen, inArray(jobs.stage, [...stages]), lte(jobs.dueAt, now), lte(jobs.leaseUntil, now));
      const due = await skipLocked(
        tx
          .select({ id: jobs.id, leaseUntil: jobs.leaseUntil })
          .from(jobs)
          .where(isDue)
          .orderBy(asc(jobs.dueAt))
          .limit(limit),
      );
      let abandoned = 0;
      const ids = due.filter(({ leaseUntil }) => leaseUntil === 0 || ++abandoned <= maxAbandoned).map(({ id }) => id);
      if (ids.length === 0) return [];
      return tx
        .update(jobs)
        .set({ leaseUntil: now + leaseMs, fence: sql`${jobs.fence} + 1` })
        .where(and(inArray(jobs.id, ids), isDue))
        .returning();
    },

    /** Locks the provider account's row, so that two nodes never count its slots at the same time. */
    async lockAccount(tx: Tx, id: string, now: number): Promise<ProviderAccountRow> {
      return (await lockedAccount(tx, { id, updatedAt: now }))[0]!;
    },

    async pauseAccount(
      tx: Tx,
      { id, until, reason, now }: { id: string; until: number; reason: string | null; now: number },
    ) {
      const set = { pausedUntil: until, pauseReason: reason, updatedAt: now };
      await tx
        .insert(providerAccounts)
        .values({ id, ...set })
        .onConflictDoUpdate({ target: providerAccounts.id, set })
        .returning();
    },

    /** Jobs of this provider account of which not a byte was sent, and that nobody has in hand, are due now. */
    async wakeUnsent(tx: Tx, { providerAccount, now }: { providerAccount: string; now: number }): Promise<void> {
      await tx
        .update(jobs)
        .set({ dueAt: now })
        .where(and(isUnsent(now), eq(jobs.providerAccount, providerAccount)))
        .returning({ id: jobs.id });
    },

    /** Jobs that wait at these provider accounts, with nothing sent and in nobody's hands; the oldest first. */
    unsent(
      tx: Pick<Tx, 'select'>,
      { of, sorts, limit, now }: { of: string[]; sorts: readonly JobSort[]; limit: number; now: number },
    ) {
      return tx
        .select({ id: jobs.id, providerAccount: jobs.providerAccount })
        .from(jobs)
        .where(and(isUnsent(now), inArray(jobs.providerAccount, of), isOneOf(sorts)))
        .orderBy(asc(jobs.id))
        .limit(limit)
        .execute();
    },

    /** What the jobs are that `unsent` would offer. */
    unsentSorts: ({ of, now }: { of: string[]; now: number }): Promise<JobSort[]> =>
      read
        .selectDistinct(sortOf)
        .from(jobs)
        .where(and(isUnsent(now), inArray(jobs.providerAccount, of)))
        .execute(),

    providerAccounts: (): Promise<ProviderAccountRow[]> => accountRows(read),

    /** The tasks that each account holds. */
    async slotsUsedByAccount(db: Reader): Promise<Map<string | null, number>> {
      return new Map((await slotsHeld(db)).map(({ account, held }) => [account, held]));
    },

    async slotsUsed(tx: Reader, providerAccount: string): Promise<number> {
      return (await this.slotsUsedByAccount(tx)).get(providerAccount) ?? 0;
    },

    /**
     * The queue in its fair order: a seller's n-th waiting job has turn n plus the seller's jobs that already hold a
     * slot; equal turns go by age. So one seller's hundred jobs stand behind everybody else's first. With `sorts`: only
     * jobs of these.
     */
    waiting(tx: Pick<Tx, 'select'>, limit: number, sorts?: readonly JobSort[]): Promise<QueuedJob[]> {
      const held = tx
        .select({ accountId: jobs.accountId, held: sql<number>`count(*)`.as('held') })
        .from(jobs)
        .where(holdsSlot)
        .groupBy(jobs.accountId)
        .as('held_slots');
      const turn = sql`coalesce(${held.held}, 0) + row_number() over (partition by ${jobs.accountId} order by ${jobs.id})`;
      return tx
        .select({ id: jobs.id, accountId: jobs.accountId })
        .from(jobs)
        .leftJoin(held, eq(held.accountId, jobs.accountId))
        .where(and(isQueued, sorts && isOneOf(sorts)))
        .orderBy(turn, asc(jobs.id))
        .limit(limit)
        .execute();
    },

    /** Where something is due, so that an idle worker writes nothing. */
    due: (now: number): Promise<{ stage: JobStage; providerAccount: string | null }[]> => dueWork(read, { now }),

    /**
     * Takes jobs at the provider that are due for a look and notes at once when the next one is: about those that simply
     * go on nothing more is written. No lease and no new fence, because a look does nothing at the provider: of two nodes
     * the first one's news counts, by the stage and the fence, and a look that a dead node owes comes with the next one.
     */
    takeLooks(tx: Tx, { providerAccount, now, limit, next }: Look): Promise<TaskAtProvider[]> {
      const [often, seldom, seldomest] = next;
      return taken(tx, {
        providerAccount,
        now,
        limit,
        often: often.upToMs,
        oftenSince: now - often.upToMs,
        oftenAt: often.dueAt,
        seldom: seldom.upToMs,
        seldomSince: now - seldom.upToMs,
        seldomAt: seldom.dueAt,
        seldomestAt: seldomest.dueAt,
      });
    },

    hasWaiting: async (): Promise<boolean> => (await anyQueued(read)).length > 0,

    /** What the queued jobs are; few, whatever the length of the queue. */
    waitingSorts: (): Promise<JobSort[]> => queuedSorts(read),

    /** Queued jobs whose time is up. */
    expired: ({ now, limit }: { now: number; limit: number }): Promise<JobRow[]> => expiredQueued(read, { now, limit }),

    /** The provider answers about these jobs again: their next fault is a first one. */
    async forgetFailures(tx: Tx, ids: string[]): Promise<void> {
      await tx
        .update(jobs)
        .set({ failures: 0 })
        .where(and(inArray(jobs.id, ids), eq(jobs.stage, 'generating'), isOpen))
        .returning({ id: jobs.id });
    },

    /** How long the last finished results of this length took at the provider, in milliseconds; null when there are none. */
    async recentDurationMs({ provider, seconds }: Pick<JobRow, 'provider' | 'seconds'>): Promise<number | null> {
      const recent = await read
        .select({ provider: jobs.provider, seconds: jobs.seconds, from: jobs.submittedAt, to: jobs.succeededAt })
        .from(jobs)
        .where(eq(jobs.status, 'completed'))
        .orderBy(desc(jobs.id))
        .limit(recentJobs);
      const took = recent
        .filter((job) => job.provider === provider && job.seconds === seconds && job.from && job.to)
        .map((job) => job.to! - job.from!);
      if (took.length === 0) return null;
      const sorted = took.toSorted((a, b) => a - b);
      // Start and end may be two nodes' clocks, which may disagree; progress divides by this.
      return Math.max(1_000, sorted[Math.floor(sorted.length / 2)]!);
    },
  };
}
