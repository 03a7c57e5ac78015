import { and, desc, eq, gt, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { JobKind } from '../jobs/job.ts';
import type { Database, Reader } from './database.ts';
import { isOpenJob, openStages } from './open-jobs.ts';
import type { JobRow } from './schema.ts';
import { placeOf } from './statements.ts';
import { holdsText } from './text-search.ts';

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

/** Reads of one job, of a seller's jobs and of a site's. */
export function createJobLookups(database: Database) {
  const { read, tables, statement } = database;
  const { accounts, jobs } = tables;
  const isOpen = isOpenJob(tables);
  const notDeleted = isNull(jobs.deletedAt);

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
  // Asked by every event stream that opens: thousands within seconds after a restart.
  const openOf = statement((db: Reader) =>
    db
      .select()
      .from(jobs)
      .where(and(isOpen, inArray(jobs.stage, openStages), eq(jobs.accountId, sql.placeholder('accountId')), notDeleted))
      .orderBy(desc(jobs.id))
      .limit(100),
  );
  const changedOf = statement((db: Reader) =>
    db
      .select()
      .from(jobs)
      .where(
        and(
          eq(jobs.accountId, sql.placeholder('accountId')),
          gt(jobs.updatedAt, placeOf(jobs.updatedAt, 'since')),
          notDeleted,
        ),
      )
      .orderBy(desc(jobs.updatedAt))
      .limit(500),
  );

  return {
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
    open: (accountId: string): Promise<JobRow[]> => openOf(read, { accountId }),

    /**
     * The seller's jobs that changed after `since`, oldest change first: what a stream has missed. Of very many the
     * newest, for of those nobody has heard.
     */
    async changedSince(accountId: string, since: number): Promise<JobRow[]> {
      return (await changedOf(read, { accountId, since })).toReversed();
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
  };
}
