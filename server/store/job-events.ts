import { and, asc, count, eq } from 'drizzle-orm';
import { alongside, type Database, type Tx } from './database.ts';
import type { JobEventRow } from './schema.ts';
import { placesOf } from './statements.ts';

/** What may stand in a job's timeline. */
export const jobEventKinds = ['created', 'stage', 'provider', 'callback', 'operator', 'ended'] as const;
export type JobEventKind = (typeof jobEventKinds)[number];

/** Something that happened to a job, before it is redacted and written. */
export interface Happened {
  kind: JobEventKind;
  detail: Record<string, unknown>;
}

/** What keeping a timeline needs. */
export interface Timeline {
  /** Ids that sort by time. */
  newId(): string;
  /** Takes out what must not be kept: credentials, signed addresses, endless words. Every row goes through it. */
  redact(detail: Happened['detail']): Happened['detail'];
}

/** A provider that calls back without end fills no disk. */
const maxCallbacks = 50;

/** The timelines of jobs: appended in the transaction of what happened. Without `timeline` nothing is written. */
export function createJobEvents({ read, tables, statement }: Database, timeline?: Timeline) {
  const { jobEvents, jobs } = tables;
  const insertOne = statement((tx: Tx) =>
    tx.insert(jobEvents).values(placesOf(jobEvents)).returning({ id: jobEvents.id }),
  );

  async function append(tx: Tx, at: number, happened: readonly (Happened & { jobId: string })[]): Promise<void> {
    if (!timeline || happened.length === 0) return;
    const rows = happened.map(({ jobId, kind, detail }) => ({
      id: timeline.newId(),
      jobId,
      at,
      kind,
      detail: timeline.redact(detail),
    }));
    const [first] = rows;
    const insertAll = () => tx.insert(jobEvents).values(rows).returning({ id: jobEvents.id }).execute();
    await alongside(rows.length === 1 ? insertOne(tx, first!) : insertAll());
  }

  return {
    /** Of jobs that exist, in the order given. */
    append,

    /** One row for each callback, fifty at most for one job; none for a job that does not exist. */
    async callback(tx: Tx, { jobId, at, detail }: { jobId: string; at: number; detail: Happened['detail'] }) {
      if (!timeline) return;
      const [job] = await tx.select({ id: jobs.id }).from(jobs).where(eq(jobs.id, jobId));
      const [earlier] = await tx
        .select({ rows: count() })
        .from(jobEvents)
        .where(and(eq(jobEvents.jobId, jobId), eq(jobEvents.kind, 'callback')));
      if (job && Number(earlier!.rows) < maxCallbacks) await append(tx, at, [{ jobId, kind: 'callback', detail }]);
    },

    /** Oldest first. */
    list({ jobId, limit }: { jobId: string; limit: number }): Promise<JobEventRow[]> {
      return read
        .select()
        .from(jobEvents)
        .where(eq(jobEvents.jobId, jobId))
        .orderBy(asc(jobEvents.id))
        .limit(limit)
        .execute();
    },
  };
}

export type JobEvents = ReturnType<typeof createJobEvents>;
