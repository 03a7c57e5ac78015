import { and, eq, isNull } from 'drizzle-orm';
import type { Database, Tx } from './database.ts';
import type { JobRow, ShareRow } from './schema.ts';

/** Public links of finished results; a job has at most one that is open. */
export function createShares(database: Database) {
  const { read, tables } = database;
  const { jobs, shares } = tables;
  const isOpen = isNull(shares.endedAt);

  async function ofJob(tx: Pick<Tx, 'select'>, jobId: string): Promise<ShareRow | null> {
    const [row] = await tx
      .select()
      .from(shares)
      .where(and(eq(shares.jobId, jobId), isOpen));
    return row ?? null;
  }

  return {
    /** The job's open link, made now if there is none. */
    async open(tx: Tx, share: Omit<ShareRow, 'endedAt'>): Promise<ShareRow> {
      const [made] = await tx
        .insert(shares)
        .values({ ...share, endedAt: null })
        .onConflictDoNothing()
        .returning();
      // Neither: the open one was ended by another node in between.
      return made ?? (await ofJob(tx, share.jobId)) ?? this.open(tx, share);
    },

    /** Ends the job's link; ending none is no error. */
    async end(tx: Tx, { jobId, now }: { jobId: string; now: number }): Promise<void> {
      await tx
        .update(shares)
        .set({ endedAt: now })
        .where(and(eq(shares.jobId, jobId), isOpen))
        .returning({ id: shares.id });
    },

    /** The finished job behind an open link; null when the link or the job is gone. */
    async job(id: string): Promise<JobRow | null> {
      const [row] = await read
        .select({ job: jobs })
        .from(shares)
        .innerJoin(jobs, eq(jobs.id, shares.jobId))
        .where(and(eq(shares.id, id), isOpen, eq(jobs.status, 'completed'), isNull(jobs.deletedAt)));
      return row?.job ?? null;
    },
  };
}
