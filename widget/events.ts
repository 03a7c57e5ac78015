/** The events the host page may listen to. All bubble and cross shadow roots. */
import type { Job, JobStage, Session } from '../server/contract.ts';
import type { AnyCode, Facts } from './api-error.ts';

type Video = NonNullable<Job['video']>;

/** `detail` by event name, each on one line, from which the types for consumers are made. What each event means: face.ts. */
export interface CoverEventDetails {
  'cover-ready': { session: Session };
  'cover-created': { job: Job; balance: number };
  'cover-progress': { job: Job; stage: JobStage } & Pick<Job, 'progress' | 'queuePosition' | 'estimate'>;
  'cover-completed': { job: Job } & Video;
  'cover-failed': { job: Job; refunded: number; code: AnyCode };
  'balance-changed': { balance: number };
  'cover-chosen': { job: Job } & Video;
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
