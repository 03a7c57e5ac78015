/** Pure rules about jobs as the widget sees them. */
import type { Job, JobStage } from '../server/contract.ts';

const stageOrder: readonly JobStage[] = ['queued', 'submitting', 'confirming', 'generating', 'saving', 'done'];
const statusOrder = { pending: 0, processing: 1, completed: 2, failed: 2, cancelled: 2 };

/** True once nothing more will happen to the job. */
export const isEnded = (job: Job): boolean => statusOrder[job.status] === 2;

/**
 * The newer of two views of one job. Answers, events and polls overtake each other on the way: an older view never
 * replaces a newer one, and stage and progress never go backwards. An equally old view wins, for its fresher media URLs.
 */
export function mergeJob(known: Job | undefined, incoming: Job): Job {
  if (!known) return incoming;
  if (incoming.updatedAt < known.updatedAt || statusOrder[incoming.status] < statusOrder[known.status]) return known;
  if (isEnded(incoming)) return incoming;
  const later = stageOrder.indexOf(incoming.stage) < stageOrder.indexOf(known.stage) ? known : incoming;
  return { ...incoming, stage: later.stage, progress: Math.max(known.progress, incoming.progress) };
}

/** Whether a seller would see a difference in the progress block. */
export const hasMoved = (before: Job | undefined, after: Job): boolean =>
  !before ||
  before.status !== after.status ||
  before.stage !== after.stage ||
  before.progress !== after.progress ||
  before.queuePosition !== after.queuePosition;

/** Newest first, one entry an id. */
export function withJob(jobs: readonly Job[], job: Job): Job[] {
  const others = jobs.filter((other) => other.id !== job.id);
  return [...others, job].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}
