import { Counter, Histogram, type Registry } from 'prom-client';
import type { JobRow } from '../store/schema.ts';

/** Counts the jobs that this process brought to an end, and times those that were completed. */
export function createJobEnds(registry: Registry, now: () => number): (job: JobRow) => void {
  const registers = [registry];
  const ended = new Counter({
    name: 'covers_jobs_ended_total',
    help: 'Jobs that were completed or failed; `error` is empty for completed ones',
    labelNames: ['kind', 'provider', 'error'] as const,
    registers,
  });
  const took = new Histogram({
    name: 'covers_job_seconds',
    help: 'From the order to the finished file',
    labelNames: ['kind'] as const,
    buckets: [15, 30, 60, 120, 240, 480, 960, 1920],
    registers,
  });
  return ({ kind, provider, status, errorCode, createdAt }) => {
    ended.inc({ kind, provider, error: errorCode ?? '' });
    if (status === 'completed') took.observe({ kind }, (now() - createdAt) / 1000);
  };
}
