import type { ClipOrder } from './clip-encoder.ts';
import { invalid, KlingRefusal } from './kling-answers.ts';
import type { Markers } from './kling-markers.ts';

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
  clipReady: boolean;
  /** How often a query named this task, a query reported success, and somebody downloaded the result. */
  reads: number;
  successReports: number;
  downloads: number;
};

type Step = { atMs: number; status: TaskStatus; message: string };

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
  const open = new Set<Task>();
  const timers = new Set<NodeJS.Timeout>();
  let concurrency = parts.concurrency;

  function applyDueSteps(task: Task, nowMs: number): void {
    for (let step = task.steps[0]; step && step.atMs <= nowMs; step = task.steps[0]) {
      if (step.status === 'succeed' && !task.clipReady) return;
      task.steps.shift();
      task.status = step.status;
      task.statusMessage = step.message;
      task.updatedAtMs = step.atMs;
      if (task.steps.length === 0 && isTerminal(task.status)) open.delete(task);
      parts.onStatusChange(task);
    }
  }

  function advance(): void {
    const nowMs = parts.clock();
    for (const task of open) applyDueSteps(task, nowMs);
  }

  /** A timer may fire a millisecond before the clock gets there; then it is set again. */
  function wakeAt(atMs: number): void {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        if (parts.clock() < atMs) wakeAt(atMs);
        else advance();
      },
      Math.max(atMs - parts.clock(), 1),
    );
    timer.unref();
    timers.add(timer);
  }

  function startFilming(task: Task): void {
    const settle = (lastStep: Step | null) => {
      const nowMs = parts.clock();
      if (lastStep) task.steps = [lastStep];
      for (const step of task.steps) if (step.status === 'succeed') step.atMs = Math.max(step.atMs, nowMs);
      task.clipReady = true;
      advance();
    };
    const undecodable = () => settle({ atMs: parts.clock(), status: 'failed', message: WRONG_SHAPE });
    const ready = (path: string) => {
      // From here on nothing holds the bytes of the picture.
      task.clipPath = () => Promise.resolve(path);
      settle(null);
    };
    task.clipPath().then(ready, undecodable);
  }

  return {
    /** Throws KlingRefusal: 1201 when the external id is taken, 1303 when the model version has no free slot. */
    create(intent: TaskIntent): Task {
      advance();
      if (intent.externalId !== null && byExternalId.has(intent.externalId)) {
        throw invalid(`External_task_id ${intent.externalId} already exists`);
      }
      const busy = [...open].filter((task) => task.modelVersion === intent.modelVersion).length;
      if (busy >= concurrency) throw new KlingRefusal(1303);
      const task = newTask(intent, parts);
      tasks.push(task);
      byId.set(task.id, task);
      if (task.externalId !== null) byExternalId.set(task.externalId, task);
      open.add(task);
      if (parts.keepsTime) for (const step of task.steps) wakeAt(step.atMs);
      if (parts.filmsAtOnce) startFilming(task);
      return task;
    },
    findById: (id: string) => byId.get(id) ?? null,
    findByExternalId: (externalId: string) => byExternalId.get(externalId) ?? null,
    newestFirst: () => tasks.toReversed(),
    /** Applies every status change that is due. */
    advance,
    slots: () => concurrency,
    setConcurrency(slots: number) {
      concurrency = slots;
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      open.clear();
    },
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
    clipReady: !parts.filmsAtOnce,
    reads: 0,
    successReports: 0,
    downloads: 0,
  };
}

function stepsFor(markers: Markers, nowMs: number, timings: TaskTimings): Step[] {
  const pace = markers.has('slow') ? 10 : 1;
  const startsAtMs = nowMs + timings.submittedMs * pace;
  const endsAtMs = startsAtMs + timings.processingMs * pace;
  const started: Step = { atMs: startsAtMs, status: 'processing', message: '' };
  if (markers.has('fail')) return [{ atMs: startsAtMs, status: 'failed', message: RISK_CONTROL }];
  if (markers.has('never')) return [started];
  if (markers.has('fail-later')) return [started, { atMs: endsAtMs, status: 'failed', message: RISK_CONTROL }];
  if (markers.has('fail-shape')) return [started, { atMs: endsAtMs, status: 'failed', message: WRONG_SHAPE }];
  if (markers.has('unknown-status')) {
    const middleMs = startsAtMs + (timings.processingMs * pace) / 2;
    return [
      started,
      { atMs: middleMs, status: 'paused', message: '' },
      { atMs: endsAtMs, status: 'succeed', message: '' },
    ];
  }
  return [started, { atMs: endsAtMs, status: 'succeed', message: '' }];
}
