import { and, eq, inArray, isNull, lte, sql, type SQL } from 'drizzle-orm';
import { stageSources, type JobStage } from '../jobs/job.ts';
import type { Database, Tx } from './database.ts';
import { createJobEvents, type Happened, type JobEvents } from './job-events.ts';
import { isOpenJob } from './open-jobs.ts';
import { noOutbox, type Outbox } from './outbox.ts';
import type { JobRow } from './schema.ts';
import { placesOf } from './statements.ts';
import { createUsageDays, type UsageDays } from './usage-days.ts';

/** Columns a step of the worker may write; stage and status have their own arguments. */
export type JobFacts = Partial<
  Pick<
    JobRow,
    | 'dueAt'
    | 'leaseUntil'
    | 'failures'
    | 'providerAccount'
    | 'providerTaskId'
    | 'sends'
    | 'sendDeadlineAt'
    | 'submittedAt'
    | 'checkedAt'
    | 'still'
    | 'resultUrl'
    | 'succeededAt'
    | 'video'
    | 'image'
    | 'claimedTaskId'
    | 'errorCode'
    | 'errorMessage'
    | 'completedAt'
  >
>;

export interface JobChange {
  id: string;
  now: number;
  /** Only while this claim is the newest one. Left out where the stage itself is guard enough. */
  fence?: number;
  set?: JobFacts;
  /** What led to it, for the job's timeline. */
  told?: readonly Happened[];
}

interface StepTerms {
  from: readonly JobStage[] | undefined;
  also?: Partial<JobRow>;
}

/** So many more views and downloads of a job's clip. */
export interface JobReads {
  id: string;
  views: number;
  downloads: number;
}

/**
 * Job rows. A row changes only through `advance`, `note` and `end`, whose WHERE clauses are the transition table of
 * `jobs/job.ts`: null means that the right to make this change was lost, and nothing was written.
 * One that is done or has failed leaves word in the outbox, every change a row in its timeline; every move is told to all
 * nodes.
 */
export function createJobs(
  database: Database,
  outbox: Outbox = noOutbox,
  events: JobEvents = createJobEvents(database),
  usageDays: Pick<UsageDays, 'changed' | 'wereRead'> = createUsageDays(database),
) {
  const { tables, signals, statement } = database;
  const { jobs } = tables;
  const isOpen = isOpenJob(tables);
  const notDeleted = isNull(jobs.deletedAt);
  const insertNew = statement((tx: Tx) =>
    tx
      .insert(jobs)
      .values(placesOf(jobs))
      .onConflictDoNothing({ target: [jobs.accountId, jobs.idempotencyKey] })
      .returning({ id: jobs.id }),
  );

  async function update(tx: Tx, guard: SQL | undefined, set: object): Promise<JobRow | null> {
    const [row] = await tx.update(jobs).set(set).where(guard).returning();
    return row ?? null;
  }

  const isOwned = (fence: number | undefined) =>
    and(
      eq(jobs.id, sql.placeholder('ofId')),
      isOpen,
      fence === undefined ? undefined : eq(jobs.fence, sql.placeholder('ofFence')),
    );
  const steps = new Map<string, ReturnType<typeof makeStep>>();
  const makeStep = (columns: string[], where: SQL | undefined) =>
    statement((tx: Tx) =>
      tx
        .update(jobs)
        .set({ ...placesOf(jobs, columns), version: sql`${jobs.version} + 1` })
        .where(where)
        .returning(),
    );

  /** Changes an open job that is still in one of these stages; each shape of a change is built once. */
  async function step(tx: Tx, { id, now, fence, set }: JobChange, { from, also }: StepTerms): Promise<JobRow | null> {
    const written: Record<string, unknown> = { ...set, ...also, updatedAt: now };
    const columns = Object.keys(written).filter((name) => written[name] !== undefined);
    const shape = [fence === undefined, from, columns].join();
    const isThere = from && inArray(jobs.stage, [...from]);
    const run = steps.get(shape) ?? makeStep(columns, and(isOwned(fence), isThere));
    steps.set(shape, run);
    const [row] = await run(tx, { ...written, ofId: id, ofFence: fence });
    return row ?? null;
  }

  async function tell(tx: Tx, job: JobRow | null, { now, told = [] }: JobChange, last?: Happened): Promise<void> {
    const happened = last ? [...told, last] : told;
    if (!job) return;
    await usageDays.changed(tx, job, now);
    const rows = happened.map((one) => ({ ...one, jobId: job.id }));
    await events.append(tx, now, rows);
  }

  /** Every node hears of the job once it is committed: whoever listens for its seller, and workers that stand idle. */
  function announce(job: JobRow | null): JobRow | null {
    if (job) signals.publish({ accountId: job.accountId, jobId: job.id });
    return job;
  }

  return {
    /** Null when the account already used this idempotency key. */
    async insert(tx: Tx, row: JobRow): Promise<JobRow | null> {
      const [inserted] = await insertNew(tx, { ...row });
      if (!inserted) return null;
      const { id: jobId, createdAt, presetId, presetRevision, tokensCost, parentId } = row;
      const detail = { presetId, revision: presetRevision, tokensCost, ...(parentId !== null && { parentId }) };
      await events.append(tx, createdAt, [{ jobId, kind: 'created', detail }]);
      return announce(row);
    },

    /** Moves an open job to `stage` from one that may precede it. */
    async advance(tx: Tx, stage: JobStage, change: JobChange): Promise<JobRow | null> {
      const status = stage === 'done' ? 'completed' : 'processing';
      const job = await step(tx, change, { from: stageSources[stage], also: { stage, status } });
      await tell(tx, job, change, { kind: 'stage', detail: { stage } });
      if (job && stage === 'done') await outbox.enqueue(tx, { event: 'job.completed', job, now: change.now });
      return announce(job);
    },

    /** Writes facts of an open job without moving it. `stage` guards where it must still be. */
    async note(tx: Tx, stage: JobStage, change: JobChange): Promise<JobRow | null> {
      const job = await step(tx, change, { from: [stage] });
      await tell(tx, job, change);
      return job;
    },

    /**
     * Hands an open job to another provider account, as long as nothing of it was sent and nobody has it in hand. Whoever
     * had it before, and only stood still, loses it by the fence.
     */
    async transfer(
      tx: Tx,
      { id, from, to, now }: { id: string; from: string; to: string; now: number },
    ): Promise<JobRow | null> {
      const isUnsent = and(eq(jobs.stage, 'submitting'), eq(jobs.sends, 0), isNull(jobs.providerTaskId));
      const isFree = and(eq(jobs.providerAccount, from), lte(jobs.leaseUntil, now));
      const job = await update(tx, and(eq(jobs.id, id), isOpen, isUnsent, isFree), {
        providerAccount: to,
        dueAt: now,
        leaseUntil: 0,
        failures: 0,
        updatedAt: now,
        version: sql`${jobs.version} + 1`,
        fence: sql`${jobs.fence} + 1`,
      });
      await tell(tx, job, { id, now }, { kind: 'stage', detail: { stage: 'submitting', providerAccount: to } });
      return announce(job);
    },

    /** Adds to how often clips were looked at and saved; no change of the jobs that anybody is told of. */
    async countReads(tx: Tx, { reads, now }: { reads: JobReads[]; now: number }): Promise<void> {
      const counted = [];
      for (const { id, ...more } of reads.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
        const added = {
          views: sql`${jobs.views} + ${more.views}`,
          downloads: sql`${jobs.downloads} + ${more.downloads}`,
        };
        const job = await update(tx, eq(jobs.id, id), added);
        if (job) counted.push({ job, ...more });
      }
      await usageDays.wereRead(tx, counted, now);
    },

    /** Ends an open job without a result. The caller refunds in the same transaction, and only when a row came back. */
    async end(
      tx: Tx,
      status: 'failed' | 'cancelled',
      change: JobChange & { from?: readonly JobStage[] },
    ): Promise<JobRow | null> {
      const also = { status, completedAt: change.now };
      const job = await step(tx, change, { from: change.from, also });
      const refunded = job?.tokensCost;
      const because = job?.errorCode ? { errorCode: job.errorCode } : {};
      await tell(tx, job, change, { kind: 'ended', detail: { status, ...because, refunded } });
      if (job && status === 'failed') await outbox.enqueue(tx, { event: 'job.failed', job, now: change.now });
      return announce(job);
    },

    /** Hides an ended job; its row and its ledger entries stay. */
    softDelete(tx: Tx, { accountId, id, now }: { accountId: string; id: string; now: number }): Promise<JobRow | null> {
      const ended = inArray(jobs.status, ['completed', 'failed', 'cancelled']);
      return update(tx, and(eq(jobs.id, id), eq(jobs.accountId, accountId), ended, notDeleted), {
        deletedAt: now,
        updatedAt: now,
      });
    },

    /** A callback claims that this task is the job's. Noted while the job looks for its task, and looked into at once. */
    async claim(tx: Tx, { id, taskId, now }: { id: string; taskId: string; now: number }): Promise<JobRow | null> {
      const isSearching = and(inArray(jobs.stage, ['submitting', 'confirming']), isNull(jobs.providerTaskId));
      const job = await update(tx, and(eq(jobs.id, id), isOpen, isSearching), {
        claimedTaskId: taskId,
        dueAt: sql`case when ${jobs.stage} = 'confirming' and ${jobs.dueAt} > ${now} then ${now} else ${jobs.dueAt} end`,
      });
      return announce(job);
    },

    /**
     * Makes a job at the provider due now, or as soon as `spacingMs` have passed since the last look: a callback is only
     * a hint, and many callbacks are one look.
     */
    async hint(tx: Tx, { id, now, spacingMs }: { id: string; now: number; spacingMs: number }): Promise<JobRow | null> {
      const soonest = sql`coalesce(${jobs.checkedAt}, 0) + ${spacingMs}`;
      const wanted = sql`case when ${soonest} > ${now} then ${soonest} else ${now} end`;
      const job = await update(tx, and(eq(jobs.id, id), eq(jobs.stage, 'generating'), isOpen), {
        dueAt: sql`case when ${wanted} < ${jobs.dueAt} then ${wanted} else ${jobs.dueAt} end`,
      });
      return announce(job);
    },

    /**
     * The provider is known to hold this open job's task: look it up now instead of sending again. Null when the job
     * ended, knows its task already or is in a worker's hands.
     */
    async adopt(tx: Tx, { id, now }: { id: string; now: number }): Promise<JobRow | null> {
      const isFree = and(isNull(jobs.providerTaskId), lte(jobs.leaseUntil, now));
      const sends = sql`case when ${jobs.sends} = 0 then 1 else ${jobs.sends} end`;
      return announce(await update(tx, and(eq(jobs.id, id), isOpen, isFree), { dueAt: now, sends }));
    },
  };
}
