import { sql, type SQL } from 'drizzle-orm';
import { jobStages } from '../jobs/job.ts';
import type { Tables } from './schema.ts';

/** Jobs that have not ended. Written out, because SQLite uses a partial index only when its condition is in the query's own text. */
export function isOpenJob({ jobs }: Pick<Tables, 'jobs'>): SQL {
  return sql`${jobs.status} in ('pending', 'processing')`;
}

/** The stages of open jobs: with them named, one seller's open jobs are found by the partial index that starts with the stage. */
export const openStages = jobStages.filter((stage) => stage !== 'done');
