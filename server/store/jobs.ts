import { and, desc, eq, exists, gt, gte, inArray, isNull, lt, lte, or, sql, type SQL } from 'drizzle-orm';
import { stageSources, type JobKind, type JobStage } from '../jobs/job.ts';
import type { Database, Reader, Tx } from './database.ts';
import { createJobEvents, type Happened, type JobEvents } from './job-events.ts';
import { isOpenJob, openStages } from './open-jobs.ts';
import { noOutbox, type Outbox } from './outbox.ts';
import type { JobRow } from './schema.ts';
import { placesOf } from './statements.ts';
import { createUsageDays, type UsageDays } from './usage-days.ts';
import { holdsText } from './text-search.ts';

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

export interface JobListQuery {
  accountId: string;
  limit: number;
  before?: string;
  kind?: JobKind;
  groupId?: string;
  /** Only variants of this job. */
  parentId?: string;
  /** Words of the prompt or title, without regard to case. */
  words?: string;
}

/** What the operator looks for; every part given must fit. */
export interface JobSearch {
  /** A job id or its first eight characters, an external id, a task id of the provider, a seller's id or account id. */
  query?: string;
  status?: JobRow['status'];
  presetId?: string;
  siteId?: string;
  /** Created at or after. */
  from?: number;
  /** Created before. */
  until?: number;
  before?: string;
  limit: number;
}

const wholeId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** A site with no more sellers is listed seller by seller, each by the index of his jobs. */
const fewSellers = 30;
const idStart = /^[0-9a-f]{8}$/;

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
  const { read, tables, signals, statement } = database;
  const { accounts, jobs } = tables;
  const isOpen = isOpenJob(tables);
  const notDeleted = isNull(jobs.deletedAt);
  /** Written out, as the partial index says it. */
  const lostOnes = sql`${jobs.status} in ('failed', 'cancelled')`;
  /**
   * A comparison for which no index is taken: of several filters only the narrowest may lead the search. PostgreSQL still
   * knows how many rows it fits, which it does not of a sum of words.
   */
  const isWord = (column: typeof jobs.status | typeof jobs.presetId, word: string) =>
    sql`(${column} = ${word}) is true`;

  const byId = statement((db: Reader) =>
    db
      .select()
      .from(jobs)
      .where(eq(jobs.id, sql.placeholder('id'))),
  );
  const ofAccount = statement((db: Reader) =>
    db
      .select()
      .from(jobs)
      .where(and(eq(jobs.id, sql.placeholder('id')), eq(jobs.accountId, sql.placeholder('accountId')), notDeleted)),
  );

  const byKey = statement((db: Reader) =>
    db
      .select()
      .from(jobs)
      .where(and(eq(jobs.accountId, sql.placeholder('accountId')), eq(jobs.idempotencyKey, sql.placeholder('key')))),
  );
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

  /** Every lookup goes by an index. Answers which jobs are meant; undefined says that nothing can be. */
  async function meantBy(query: string): Promise<SQL | undefined> {
    const given = query.toLowerCase();
    const found: SQL[] = [];
    if (wholeId.test(given)) found.push(eq(jobs.id, given), eq(jobs.accountId, given));
    if (idStart.test(given))
      found.push(
        and(
          gte(jobs.id, `${given}-0000-0000-0000-000000000000`),
          lte(jobs.id, `${given}-ffff-ffff-ffff-ffffffffffff`),
        )!,
      );
    const task = await read
      .select({ id: jobs.id })
      .from(jobs)
      .where(
        or(
          eq(jobs.externalId, query),
          and(inArray(jobs.providerAccount, await providerAccounts()), eq(jobs.providerTaskId, query)),
        ),
      )
      .limit(2);
    found.push(...task.map(({ id }) => eq(jobs.id, id)));
    const siteIds = (await read.select({ id: tables.sites.id }).from(tables.sites)).map(({ id }) => id);
    const sellers = await read
      .select({ id: accounts.id })
      .from(accounts)
      .where(and(inArray(accounts.siteId, siteIds), eq(accounts.userId, query)));
    // One by one: with a single seller the index gives his jobs in their order.
    found.push(...sellers.map(({ id }) => eq(jobs.accountId, id)));
    return or(...found);
  }

  /** In the order of times, then ids. */
  async function isOlderThan(id: string): Promise<SQL | undefined> {
    const [job] = await read.select({ createdAt: jobs.createdAt }).from(jobs).where(eq(jobs.id, id));
    if (!job) return lt(jobs.id, id);
    return and(lte(jobs.createdAt, job.createdAt), or(lt(jobs.createdAt, job.createdAt), lt(jobs.id, id)));
  }

  /** Null for a site with more than a few. */
  async function fewSellersOf(siteId: string): Promise<string[] | null> {
    const sellers = await read
      .select({ id: accounts.id })
      .from(accounts)
      .where(eq(accounts.siteId, siteId))
      .limit(fewSellers + 1);
    return sellers.length > fewSellers ? null : sellers.map(({ id }) => id);
  }

  /** The names in the rows, one step of the index each instead of a walk over all tasks. */
  async function providerAccounts(): Promise<string[]> {
    const names: string[] = [];
    for (let last = ''; ; last = names.at(-1)!) {
      const [next] = await read
        .select({ name: sql<string | null>`min(${jobs.providerAccount})` })
        .from(jobs)
        .where(gt(jobs.providerAccount, last));
      if (!next?.name) return names;
      names.push(next.name);
    }
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

    async byIdempotencyKey(db: Reader, accountId: string, key: string): Promise<JobRow | null> {
      return (await byKey(db, { accountId, key }))[0] ?? null;
    },

    /** For the worker and the admin: any seller's job, deleted ones too. */
    async get(id: string): Promise<JobRow | null> {
      return (await byId(read, { id }))[0] ?? null;
    },

    /** Null for a missing, a deleted and another seller's job alike. */
    async getOwn(accountId: string, id: string): Promise<JobRow | null> {
      return (await ofAccount(read, { accountId, id }))[0] ?? null;
    },

    /** Newest first; `before` is the id of the last job seen. */
    list({ accountId, limit, before, kind, groupId, parentId, words }: JobListQuery): Promise<JobRow[]> {
      return read
        .select()
        .from(jobs)
        .where(
          and(
            eq(jobs.accountId, accountId),
            notDeleted,
            before ? lt(jobs.id, before) : undefined,
            kind ? eq(jobs.kind, kind) : undefined,
            groupId ? eq(jobs.groupId, groupId) : undefined,
            parentId ? eq(jobs.parentId, parentId) : undefined,
            words ? holdsText(database, [jobs.prompt, jobs.title], words) : undefined,
          ),
        )
        .orderBy(desc(jobs.id))
        .limit(limit)
        .execute();
    },

    /** The seller's open jobs, newest first. */
    open(accountId: string): Promise<JobRow[]> {
      return read
        .select()
        .from(jobs)
        .where(and(isOpen, inArray(jobs.stage, openStages), eq(jobs.accountId, accountId), notDeleted))
        .orderBy(desc(jobs.id))
        .limit(100)
        .execute();
    },

    /**
     * The seller's jobs that changed after `since`, oldest change first: what a stream has missed. Of very many the
     * newest, for of those nobody has heard.
     */
    async changedSince(accountId: string, since: number): Promise<JobRow[]> {
      const newest = await read
        .select()
        .from(jobs)
        .where(and(eq(jobs.accountId, accountId), gt(jobs.updatedAt, since), notDeleted))
        .orderBy(desc(jobs.updatedAt))
        .limit(500);
      return newest.toReversed();
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

    /** Newest first, over all sellers of one site, each with whose it is; deleted ones left out. */
    listOfSite({
      siteId,
      userId,
      limit,
      before,
    }: {
      siteId: string;
      userId?: string;
      limit: number;
      before?: string;
    }): Promise<{ job: JobRow; userId: string }[]> {
      return read
        .select({ job: jobs, userId: accounts.userId })
        .from(jobs)
        .innerJoin(accounts, eq(accounts.id, jobs.accountId))
        .where(
          and(
            eq(accounts.siteId, siteId),
            userId === undefined ? undefined : eq(accounts.userId, userId),
            notDeleted,
            before ? lt(jobs.id, before) : undefined,
          ),
        )
        .orderBy(desc(jobs.id))
        .limit(limit)
        .execute();
    },

    /** Newest first, over all sellers, deleted ones too, for the admin; `before` is the id of the last job seen. */
    async listAll({ query, status, presetId, siteId, from, until, before, limit }: JobSearch): Promise<JobRow[]> {
      const meant = query === undefined ? undefined : await meantBy(query);
      if (query !== undefined && meant === undefined) return [];
      const isOfDays = from !== undefined || until !== undefined;
      const hasLead = meant !== undefined || isOfDays;
      const isLost = status === 'failed' || status === 'cancelled';
      const isStillOpen = status === 'pending' || status === 'processing';
      const statusLeads = !hasLead && (isLost || isStillOpen);
      const isByTime = isOfDays && meant === undefined;
      const filters = and(
        before === undefined ? undefined : isByTime ? await isOlderThan(before) : lt(jobs.id, before),
        presetId === undefined ? undefined : isWord(jobs.presetId, presetId),
        from === undefined ? undefined : gte(jobs.createdAt, from),
        until === undefined ? undefined : lt(jobs.createdAt, until),
      );
      const isOfStatus = status === undefined ? undefined : isWord(jobs.status, status);
      const found = (where: SQL | undefined) =>
        read
          .select()
          .from(jobs)
          .where(where)
          // A day's jobs in the order of their index: by their ids PostgreSQL would walk all that came later.
          .orderBy(...(isByTime ? [desc(jobs.createdAt)] : []), desc(jobs.id))
          .limit(limit)
          .execute();

      if (siteId !== undefined && !hasLead) {
        const sellers = await fewSellersOf(siteId);
        if (sellers) {
          const lists = await Promise.all(sellers.map((id) => found(and(eq(jobs.accountId, id), filters, isOfStatus))));
          return lists
            .flat()
            .toSorted((a, b) => (a.id < b.id ? 1 : -1))
            .slice(0, limit);
        }
      }
      // Asked row by row from the newest on: a list of the site's sellers would make SQLite fetch and sort all their jobs.
      const isOfSite = exists(
        read
          .select({ id: accounts.id })
          .from(accounts)
          .where(and(eq(accounts.id, jobs.accountId), eq(accounts.siteId, siteId ?? ''))),
      );
      const isMeant = and(
        meant,
        filters,
        siteId === undefined ? undefined : isOfSite,
        statusLeads && isLost ? and(lostOnes, eq(jobs.status, status)) : isOfStatus,
        statusLeads && isStillOpen ? and(isOpen, inArray(jobs.stage, openStages)) : undefined,
        presetId !== undefined && !hasLead && !statusLeads ? eq(jobs.presetId, presetId) : undefined,
      );
      if (!statusLeads || isLost) return found(isMeant);
      // By a sum of words, which no index has: open jobs are few, and must not be looked for among all.
      const byId = desc(sql`${jobs.id} || ''`);
      return read.select().from(jobs).where(isMeant).orderBy(byId).limit(limit).execute();
    },
  };
}
