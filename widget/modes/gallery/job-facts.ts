/** What cards and the larger view say of a job. Pure. */
import type { Job } from '../../../server/contract.ts';
import { failureOf } from '../../job-news.ts';
import type { ModeHost } from '../mode.ts';

type Result = NonNullable<Job['image']>;
type Words = Pick<ModeHost, 'texts' | 'common' | 'language'>;

/** The finished clip or picture, also when its address has ended. */
export const resultOf = (job: Job): Result | undefined =>
  job.status === 'completed' ? (job.video ?? job.image) : undefined;

/**
 * Whether there was a result but its address has ended. The server's word alone: the clock of this machine may be wrong,
 * and an address that ends while it is shown fails to load, which makes the job be read again.
 */
export const isExpired = (job: Job): boolean => resultOf(job)?.expired === true;

/** Whether there is something to show, download and use. */
export const isShowable = (job: Job): boolean => resultOf(job) !== undefined && !isExpired(job);

export const isClip = (job: Job): boolean => job.kind.endsWith('-video');

/** Whether it waits in the queue and may be cancelled. */
export const isWaiting = (job: Job): boolean => job.status === 'pending' && job.stage === 'queued';

/** The state in a few words: `Queued: 3`, `In progress 40 %`. */
export function badgeText(words: Words, job: Job): string {
  if (isWaiting(job) && job.queuePosition) return words.texts.gallery.queued(job.queuePosition);
  const state = stateText(words, job);
  return job.status === 'processing' ? `${state} ${job.progress} %` : state;
}

/** The state without what changes from second to second: for names, whose changes are said. */
export const stateText = ({ texts, common }: Words, job: Job): string =>
  isExpired(job) ? texts.gallery.expired : common.status[job.status];

/** Why there is nothing to show, and what came back; undefined for a job that is well. */
export function verdict(host: Words & Pick<ModeHost, 'errorText'>, job: Job): string | undefined {
  const { texts, common } = host;
  if (isExpired(job)) return texts.gallery.expiredWhy;
  if (job.status === 'cancelled') return common.refund(job.receipt.refunded);
  if (job.status !== 'failed') return undefined;
  return `${host.errorText(failureOf(job))} ${common.refund(job.receipt.refunded)}`;
}

/** `19 Nov, 12:00`. */
export const when = (language: string, time: string): string =>
  new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(
    new Date(time),
  );

/** Length and quality as ordered: `5 s · 720p`; empty when neither is known. */
export function shortFacts({ common, session }: Pick<ModeHost, 'common' | 'session'>, job: Job): string {
  const seconds = job.video?.seconds ?? job.seconds;
  const quality = session.presets.find((preset) => preset.id === job.presetId)?.quality;
  return [seconds ? common.seconds(Math.round(seconds)) : '', quality].filter(Boolean).join(' · ');
}
