/** How far an order of many photos is, in one line. */
import type { ModeHost } from '../mode.ts';
import type { Placed } from './batch-order.ts';

/** `2 of 5 ready, 1 failed`. A job that was cancelled counts no more. */
export function progressLine({ texts }: Pick<ModeHost, 'texts'>, all: readonly Placed[]): string {
  const placed = all.filter(({ job }) => job?.status !== 'cancelled');
  const jobs = placed.flatMap(({ job }) => job ?? []);
  const failed = jobs.filter(({ status }) => status === 'failed');
  const isRefunded = failed.every(({ refunded }) => refunded);
  const ready = jobs.filter(({ status }) => status === 'completed').length;
  return [
    texts.batch.progress(ready, jobs.length),
    failed.length > 0 ? texts.batch.failed(failed.length, isRefunded) : '',
    jobs.length < placed.length ? texts.batch.notOrdered(placed.length - jobs.length) : '',
  ]
    .filter(Boolean)
    .join(', ');
}
