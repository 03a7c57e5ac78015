/**
 * What a job is, as pure rules: its stages, who may follow whom, when to look again, how far it is. The store turns the
 * transition table into WHERE clauses, so a change that is not listed here cannot be written.
 */

export const jobKinds = ['image-to-video', 'text-to-video', 'text-to-image', 'image-to-image'] as const;
export type JobKind = (typeof jobKinds)[number];

/** Whether such a job is made from a picture of the seller. */
export const needsPicture = (kind: JobKind): boolean => kind.startsWith('image-');
/** Whether such a job makes a clip; the others make a picture. */
export const makesVideo = (kind: JobKind): boolean => kind.endsWith('-video');

export const jobStatuses = ['pending', 'processing', 'completed', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** An ended job keeps the stage it ended in; `done` is only reached by a finished clip. */
export const jobStages = ['queued', 'submitting', 'confirming', 'generating', 'saving', 'done'] as const;
export type JobStage = (typeof jobStages)[number];

export const openStatuses: readonly JobStatus[] = ['pending', 'processing'];

/** Stages that hold one of the provider's slots (or may: an unclear submit counts until it is proven absent). */
export const slotStages: readonly JobStage[] = ['submitting', 'confirming', 'generating'];

/**
 * From which stages each stage may be entered; the public stage never goes backwards. A job that the provider was too
 * busy for waits in `submitting`, and a request that is sent again after proven absence is sent from `confirming`.
 */
export const stageSources: Record<JobStage, readonly JobStage[]> = {
  queued: [],
  submitting: ['queued', 'submitting'],
  confirming: ['submitting', 'confirming'],
  generating: ['submitting', 'confirming', 'generating'],
  saving: ['generating'],
  done: ['saving'],
};

const seconds = 1000;
const minutes = 60 * seconds;

/** A POST is cut after this long. */
export const submitTimeoutMs = 30 * seconds;
/** A lease outlives every single step by a wide margin. */
export const leaseMs = 2 * minutes;
/**
 * How long after the last POST's deadline an absent task may still appear. Measured lag is near zero, but a request in
 * flight can land late (reliability sheet, section 2.4).
 */
export const absenceGraceMs = 120 * seconds;
/**
 * A callback asks for a look at once, but one task is not looked at more often than this. Five seconds kept a twentieth
 * of the finished clips from their sellers for that long, because a timed look may have come just before.
 */
export const hintSpacingMs = seconds / 2;

/** Exponential wait with jitter: 1 s, 2 s, 4 s … up to a minute, each times 0.75 to 1.25. `random` is in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  const base = Math.min(minutes, seconds * 2 ** Math.min(attempt, 10));
  return Math.round(base * (0.75 + random / 2));
}

/**
 * The next common moment to ask the provider. All jobs of an account share the same moments, so that one list call
 * answers for all of them.
 */
export function nextSweepMs(now: number, intervalMs: number): number {
  return (Math.floor(now / intervalMs) + 1) * intervalMs;
}

/** Whoever waits for minutes does not mind to hear of it so much of that later. */
const lateShare = 1 / 16;

/** When a task is looked at next that usually takes, or has by now taken, up to so long. */
export interface NextLook {
  upToMs: number;
  dueAt: number;
}

/**
 * What takes longer is looked at less often: at every moment, at every second or at every fourth, so that the moments of
 * all are shared. The last one is for whatever takes longer still.
 */
export function nextLooks(now: number, intervalMs: number): [NextLook, NextLook, NextLook] {
  const look = (wideMs: number) => ({ upToMs: wideMs / lateShare, dueAt: nextSweepMs(now, wideMs) });
  return [look(intervalMs), look(2 * intervalMs), look(4 * intervalMs)];
}

/** Which of these looks is the one at a task that usually takes, or has by now taken, so long. */
export function nextLookMs(tookMs: number, [often, seldom, seldomest]: ReturnType<typeof nextLooks>): number {
  return ([often, seldom].find(({ upToMs }) => tookMs <= upToMs) ?? seldomest).dueAt;
}

/** What a job row must tell for its progress to be known. `expectedMs` is fixed when the job is made. */
export interface ProgressFacts {
  status: JobStatus;
  stage: JobStage;
  submittedAt: number | null;
  expectedMs: number;
}

/**
 * Per cent, never backwards while time and stages go forwards. The provider reports no percentage, so the generating
 * part nears 90 along a curve that passes 70 at the expected time.
 */
export function progressOf(job: ProgressFacts, now: number): number {
  if (job.status === 'completed') return 100;
  if (job.stage === 'queued') return 0;
  if (job.stage === 'submitting' || job.stage === 'confirming') return 5;
  if (job.stage === 'saving' || job.stage === 'done') return 95;
  const elapsedMs = Math.max(0, now - (job.submittedAt ?? now));
  return Math.round(10 + 80 * (1 - 2 ** (-elapsedMs / (job.expectedMs / 2))));
}
