/** Tells the host page what became of a job. */
import type { Job } from '../server/contract.ts';
import type { AnyCode } from './api-error.ts';
import { emit } from './events.ts';
import { isEnded } from './job-state.ts';

/** Why a failed job failed. */
export const failureOf = (job: Job): AnyCode => job.error?.code ?? 'provider_failed';

/** Sends the one event that fits the job's new state; a cancelled job has none of its own. */
export function tellOfJob(host: EventTarget, job: Job): void {
  const { video, image } = job;
  const result = video ?? (image && { ...image, posterUrl: image.url, seconds: 0 });
  if (job.status === 'completed' && result) {
    emit(host, 'cover-completed', { job, ...result });
  } else if (job.status === 'failed') {
    emit(host, 'cover-failed', { job, refunded: job.receipt.refunded, code: failureOf(job) });
  } else if (!isEnded(job)) {
    const { stage, progress, queuePosition, estimate } = job;
    emit(host, 'cover-progress', { job, stage, progress, queuePosition, estimate });
  }
}
