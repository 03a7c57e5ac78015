/** The events the host page may listen to. All bubble and cross shadow roots. */
import type { Job, JobStage, Session } from '../server/contract.ts';
import type { AnyCode, Facts } from './api-error.ts';

type Video = NonNullable<Job['video']>;

/** `detail` by event name. */
export interface CoverEventDetails {
  /** The session is loaded, the widget can be used. */
  'cover-ready': { session: Session };
  /** The server took the order and debited the price. */
  'cover-created': { job: Job; balance: number };
  /** Stage, percentage or place in the queue of an open job changed. */
  'cover-progress': { job: Job; stage: JobStage } & Pick<Job, 'progress' | 'queuePosition' | 'estimate'>;
  /**
   * The video is stored; every URL is absolute. Media URLs are signed and end after an hour or two: keep `job.id`. For a
   * picture (`job.image`) the poster is the picture itself and `seconds` is 0.
   */
  'cover-completed': { job: Job } & Video;
  /** The job failed; `refunded` is how many tokens came back. */
  'cover-failed': { job: Job; refunded: number; code: AnyCode };
  'balance-changed': { balance: number };
  /** The seller pressed "use this video". `preventDefault()` keeps the widget from confirming it by itself. */
  'cover-chosen': { job: Job } & Video;
  /** A fault the seller was told about. */
  'cover-error': { code: AnyCode; facts: Facts };
}

export type CoverEventName = keyof CoverEventDetails;

/** Dispatches a typed event; false when a listener called `preventDefault()` on `cover-chosen`. */
export function emit<Name extends CoverEventName>(
  host: EventTarget,
  name: Name,
  detail: CoverEventDetails[Name],
): boolean {
  const cancelable = name === 'cover-chosen';
  return host.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }));
}

declare global {
  interface HTMLElementEventMap extends CoverEventMap {}
  interface DocumentEventMap extends CoverEventMap {}
}

/** For `addEventListener` in typed host code. */
export type CoverEventMap = { [Name in CoverEventName]: CustomEvent<CoverEventDetails[Name]> };
