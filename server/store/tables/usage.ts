import type { JobStatus } from '../../jobs/job.ts';
import type { Columns } from '../columns.ts';
import type { ProviderName, TookCounts } from '../shapes.ts';

/** Past days, added up. */
export function createUsageTables(c: Columns) {
  const usageDays = c.table('usage_days', {
    /** Whole UTC days since 1970. */
    day: c.int().primaryKey(),
    /** Grows with every change of a job of the day that comes after the day. */
    version: c.int().notNull(),
    /** The version that the totals are of; they hold while it is the day's own. */
    countedVersion: c.int(),
  });

  const usageTotals = c.table(
    'usage_totals',
    {
      day: c.int().notNull(),
      /** Of the row within its day. */
      number: c.int().notNull(),
      siteId: c.text().notNull(),
      presetId: c.text().notNull(),
      provider: c.text<ProviderName>().notNull(),
      model: c.text().notNull(),
      mode: c.text().notNull(),
      seconds: c.int().notNull(),
      sound: c.bool().notNull(),
      status: c.text<JobStatus>().notNull(),
      jobs: c.int().notNull(),
      tokensSold: c.int().notNull(),
      tokensRefunded: c.int().notNull(),
      clips: c.int().notNull(),
      waitedMs: c.int().notNull(),
      views: c.int().notNull(),
      downloads: c.int().notNull(),
      took: c.json<TookCounts>().notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.day, t.number] })],
  );

  const usagePrompts = c.table(
    'usage_prompts',
    {
      day: c.int().notNull(),
      siteId: c.text().notNull(),
      presetId: c.text().notNull(),
      /** SHA-256 of the prompt, hex: a prompt may be longer than PostgreSQL takes into an index. */
      promptHash: c.text().notNull(),
      prompt: c.text().notNull(),
      jobs: c.int().notNull(),
      views: c.int().notNull(),
      downloads: c.int().notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.day, t.siteId, t.presetId, t.promptHash] })],
  );

  return { usageDays, usageTotals, usagePrompts };
}
