import type { ClipOrder } from './clip-encoder.ts';
import { invalid, KlingRefusal } from './kling-answers.ts';
import type { Markers } from './markers.ts';
import { createTimeline } from './task-timeline.ts';
import type { TimedStep } from './task-timeline.ts';

/** Legacy words; the new standard says `succeeded`. `paused` exists only on demand (`[[sim:unknown-status]]`). */
export type TaskStatus = 'submitted' | 'processing' | 'paused' | 'succeed' | 'failed';

/** What a checked create request asks for. */
export type TaskIntent = {
  generation: 'legacy' | 'new';
  family: 'image2video' | 'text2video';
  /** One name per model version; slots are counted by it. */
  modelVersion: string;
  prompt: string;
  markers: Markers;
  externalId: string | null;
  callbackUrl: string | null;
  watermark: boolean;
  /** Billing units, as the decimal string that the answers carry. */
  units: string;
  clip: ClipOrder;
};

/** One task; `steps` are the status changes that are still to come, soonest first. */
export type Task = Omit<TaskIntent, 'clip'> & {
  id: string;
  videoId: string;
  status: TaskStatus;
  statusMessage: string;
  createdAtMs: number;
  updatedAtMs: number;
  steps: Step[];
  /** The size and length of the result; the picture's bytes are not kept here. */
  clipShape: Omit<ClipOrder, 'picture'>;
  /** Gives the path of the MP4; the first call may start the filming. */
  clipPath: () => Promise<string>;
  /** Whether the clip is made, or need not be yet. */
  resultReady: boolean;
  /** How often a query named this task, a query reported success, and somebody downloaded the result. */
  reads: number;
  successReports: number;
  downloads: number;
};

type Step = TimedStep & { status: TaskStatus; message: string };

const RISK_CONTROL = 'Failure to pass the risk control system';
const WRONG_SHAPE =
  'The resolution or aspect ratio of the input image is invalid. Please ensure it meets the required specifications.';

/** How long a task waits and works, in milliseconds. */
export type TaskTimings = { submittedMs: number; processingMs: number };

/** What the store needs from outside. */
export type TaskStoreParts = TaskTimings & {
  clock: () => number;
  /** True when the store sets its own timers; false when the caller moves a clock of its own and calls `advance`. */
  keepsTime: boolean;
  concurrency: number;
  /** Whether a task waits for its clip; otherwise the clip is made at the first download. */
  filmsAtOnce: boolean;
  film: (order: ClipOrder) => Promise<string>;
  onStatusChange: (task: Task) => void;
};

/** All tasks of the account, newest last. */
export type TaskStore = ReturnType<typeof createTaskStore>;

/** Keeps tasks in memory, counts the slots and moves every task through its statuses. */
export function createTaskStore(parts: TaskStoreParts) {
  const tasks: Task[] = [];
  const byId = new Map<string, Task>();
  const byExternalId = new Map<string, Task>();
  let concurrency = parts.concurrency;
  const timeline = createTimeline<Step, Task>({
    clock: parts.clock,
    keepsTime: parts.keepsTime,
    take(task, step) {
      task.status = step.status;
      task.statusMessage = step.message;
      task.updatedAtMs = step.atMs;
      parts.onStatusChange(task);
      return task.steps.length === 0 && isTerminal(task.status) ? 'over' : 'open';
    },
  });

  /** Once the clip is there, nothing holds the bytes of the picture. */
  async function filmNow(task: Task): Promise<void> {
    const path = await task.clipPath();
    task.clipPath = () => Promise.resolve(path);
  }

  return {
    /** Throws KlingRefusal: 1201 when the external id is taken, 1303 when the model version has no free slot. */
    create(intent: TaskIntent): Task {
      timeline.advance();
      if (intent.externalId !== null && byExternalId.has(intent.externalId)) {
        throw invalid(`External_task_id ${intent.externalId} already exists`);
      }
      const busy = [...timeline.open()].filter((task) => task.modelVersion === intent.modelVersion).length;
      if (busy >= concurrency) throw new KlingRefusal(1303);
      const task = newTask(intent, parts);
      tasks.push(task);
      byId.set(task.id, task);
      if (task.externalId !== null) byExternalId.set(task.externalId, task);
      const failed = () => stepTo('failed', { atMs: parts.clock(), message: WRONG_SHAPE });
      timeline.add(task, parts.filmsAtOnce ? { making: filmNow(task), failed } : undefined);
      return task;
    },
    findById: (id: string) => byId.get(id) ?? null,
    findByExternalId: (externalId: string) => byExternalId.get(externalId) ?? null,
    newestFirst: () => tasks.toReversed(),
    /** Applies every status change that is due. */
    advance: timeline.advance,
    slots: () => concurrency,
    setConcurrency(slots: number) {
      concurrency = slots;
    },
    close: timeline.close,
  };
}

/** `succeed` and `failed` are final. */
export function isTerminal(status: TaskStatus): boolean {
  return status === 'succeed' || status === 'failed';
}

let lastTaskNumber = 0;

/** Nineteen digits, as the vendor's: a client that reads it as a number loses the end of it. */
function newTaskId(nowMs: number): string {
  lastTaskNumber += 1;
  return String(BigInt(nowMs) * 1_000_000n + BigInt((lastTaskNumber * 7919) % 1_000_000));
}

function newTask(intent: TaskIntent, parts: TaskStoreParts): Task {
  const { clip, ...kept } = intent;
  const nowMs = parts.clock();
  const { picture: _picture, ...clipShape } = clip;
  return {
    ...kept,
    id: newTaskId(nowMs),
    videoId: crypto.randomUUID(),
    status: 'submitted',
    statusMessage: '',
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    steps: stepsFor(intent.markers, nowMs, parts),
    clipShape,
    clipPath: () => parts.film(clip),
    resultReady: !parts.filmsAtOnce,
    reads: 0,
    successReports: 0,
    downloads: 0,
  };
}

function stepsFor(markers: Markers, nowMs: number, timings: TaskTimings): Step[] {
  const pace = markers.has('slow') ? 10 : 1;
  const startsAtMs = nowMs + timings.submittedMs * pace;
  const endsAtMs = startsAtMs + timings.processingMs * pace;
  const started = stepTo('processing', { atMs: startsAtMs });
  if (markers.has('fail')) return [stepTo('failed', { atMs: startsAtMs, message: RISK_CONTROL })];
  if (markers.has('never')) return [started];
  if (markers.has('fail-later')) return [started, stepTo('failed', { atMs: endsAtMs, message: RISK_CONTROL })];
  if (markers.has('fail-shape')) return [started, stepTo('failed', { atMs: endsAtMs, message: WRONG_SHAPE })];
  const success = stepTo('succeed', { atMs: endsAtMs });
  if (markers.has('unknown-status')) {
    const middleMs = startsAtMs + (timings.processingMs * pace) / 2;
    return [started, stepTo('paused', { atMs: middleMs }), success];
  }
  return [started, success];
}

function stepTo(status: TaskStatus, { atMs, message = '' }: { atMs: number; message?: string }): Step {
  return { atMs, status, message, needsResult: status === 'succeed' };
}
