import { and, between, eq, min, sql } from 'drizzle-orm';
import type { Database, Tx } from './database.ts';
import type { JobRow } from './schema.ts';
import { countDay, dayOf, hashPrompt, type DayCount } from './usage-count.ts';

/**
 * A day is added up this long after its end. Every change of a job that comes after the day marks it, so this only has
 * to be longer than two nodes' clocks disagree and than a transaction takes.
 */
const settleMs = 3_600_000;
const insertAtOnce = 500;

export interface Read {
  job: JobRow;
  views: number;
  downloads: number;
}

/**
 * The totals of past UTC days, so that nobody counts their jobs again. A day's row has a version: a change of one of the
 * day's jobs after the day makes it grow in the change's own transaction, and totals hold only while they are of this
 * version. Views and downloads, which come for months, are added to totals that hold.
 *
 * The row is a lock too, taken after the rows of jobs and before those of totals: whoever counts and whoever changes a
 * job of the day pass it one after the other, on all nodes.
 */
export function createUsageDays({ read, tables, transaction }: Database) {
  const { accounts, jobs, usageDays, usagePrompts, usageTotals } = tables;

  /** Makes the day's row when there is none, changes it so and holds it until the transaction ends. */
  async function hold(tx: Tx, day: number, set: 'nothing' | 'changed' | 'reads') {
    const { version, countedVersion } = usageDays;
    const grown = sql`${version} + 1`;
    const stillCounted = sql`case when ${countedVersion} = ${version} then ${version} + 1 else ${countedVersion} end`;
    const changes = {
      nothing: { version: sql`${version}` },
      changed: { version: grown },
      reads: { version: grown, countedVersion: stillCounted },
    };
    const [row] = await tx
      .insert(usageDays)
      .values({ day, version: 0, countedVersion: null })
      .onConflictDoUpdate({ target: usageDays.day, set: changes[set] })
      .returning();
    return row!;
  }

  async function write(tx: Tx, { day, version, counted }: { day: number; version: number; counted: DayCount }) {
    await tx.delete(usageTotals).where(eq(usageTotals.day, day)).returning({ number: usageTotals.number });
    await tx.delete(usagePrompts).where(eq(usagePrompts.day, day)).returning({ jobs: usagePrompts.jobs });
    const totals = counted.groups.map((group, number) => ({ ...group, number }));
    for (let at = 0; at < totals.length; at += insertAtOnce)
      await tx
        .insert(usageTotals)
        .values(totals.slice(at, at + insertAtOnce))
        .returning({ number: usageTotals.number });
    const prompts = counted.prompts.map((prompt) => ({ ...prompt, day }));
    for (let at = 0; at < prompts.length; at += insertAtOnce)
      await tx
        .insert(usagePrompts)
        .values(prompts.slice(at, at + insertAtOnce))
        .returning({ jobs: usagePrompts.jobs });
    await tx.update(usageDays).set({ countedVersion: version }).where(eq(usageDays.day, day)).returning();
  }

  async function addReads(tx: Tx, { job, views, downloads }: Read): Promise<void> {
    const siteId = tx.select({ id: accounts.siteId }).from(accounts).where(eq(accounts.id, job.accountId));
    const ofDay = (rows: typeof usageTotals | typeof usagePrompts) =>
      and(eq(rows.day, dayOf(job.createdAt)), eq(rows.siteId, sql`(${siteId})`), eq(rows.presetId, job.presetId));
    const more = (rows: typeof usageTotals | typeof usagePrompts) => ({
      views: sql`${rows.views} + ${views}`,
      downloads: sql`${rows.downloads} + ${downloads}`,
    });
    const { provider, model, mode, seconds, sound, status } = usageTotals;
    await tx
      .update(usageTotals)
      .set(more(usageTotals))
      .where(
        and(
          ofDay(usageTotals),
          and(eq(provider, job.provider), eq(model, job.model), eq(mode, job.mode)),
          and(eq(seconds, job.seconds), eq(sound, job.sound), eq(status, job.status)),
        ),
      )
      .returning({ number: usageTotals.number });
    await tx
      .update(usagePrompts)
      .set(more(usagePrompts))
      .where(and(ofDay(usagePrompts), eq(usagePrompts.promptHash, hashPrompt(job.prompt))))
      .returning({ jobs: usagePrompts.jobs });
  }

  /** Days of this span, its ends included, whose totals hold. */
  async function counted(first: number, last: number): Promise<number[]> {
    const rows = await read
      .select({ day: usageDays.day })
      .from(usageDays)
      .where(and(between(usageDays.day, first, last), eq(usageDays.countedVersion, usageDays.version)));
    return rows.map(({ day }) => day);
  }

  return {
    /** To be called in the transaction that changed what usage counts of this job. */
    async changed(tx: Tx, job: Pick<JobRow, 'createdAt'>, now: number): Promise<void> {
      if (dayOf(job.createdAt) !== dayOf(now)) await hold(tx, dayOf(job.createdAt), 'changed');
    },

    /** To be called in the transaction that wrote these views and downloads to their jobs. */
    async wereRead(tx: Tx, reads: Read[], now: number): Promise<void> {
      const late = reads.filter(({ job }) => dayOf(job.createdAt) !== dayOf(now));
      const byDay = Map.groupBy(late, ({ job }) => dayOf(job.createdAt));
      for (const [day, ofDay] of [...byDay].toSorted(([a], [b]) => a - b)) {
        const { version, countedVersion } = await hold(tx, day, 'reads');
        if (version === countedVersion) for (const one of ofDay) await addReads(tx, one);
      }
    },

    counted,

    /** The day of the first job of all; null when there is none. */
    async first(): Promise<number | null> {
      const [row] = await read.select({ at: min(jobs.createdAt) }).from(jobs);
      return row?.at == null ? null : dayOf(Number(row.at));
    },

    /** The last day that may be added up at this moment. */
    lastClosed: (now: number): number => dayOf(now - settleMs) - 1,

    /** Days of this span, its ends included, that have no totals that hold; newest first. */
    async waiting(first: number, last: number): Promise<number[]> {
      const holding = new Set(await counted(first, last));
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => last - n).filter(
        (day) => !holding.has(day),
      );
    },

    /**
     * Adds a day up and keeps its totals. The jobs are read before the day is held, with pauses, so that nobody waits
     * meanwhile; when one of them changed since, they are read once more with the day held.
     */
    async addUp(day: number, pause: () => Promise<void>): Promise<void> {
      const before = await transaction((tx) => hold(tx, day, 'nothing'));
      const counted = await countDay(read, tables, { day, pause });
      await pause();
      await transaction(async (tx) => {
        const { version } = await hold(tx, day, 'nothing');
        const isAsBefore = version === before.version;
        await write(tx, { day, version, counted: isAsBefore ? counted : await countDay(tx, tables, { day }) });
      });
    },
  };
}

export type UsageDays = ReturnType<typeof createUsageDays>;
