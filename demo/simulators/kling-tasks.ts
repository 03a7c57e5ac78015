import type { ClipOrder } from './clip-encoder.ts';
import { durationText } from './clip-orders.ts';
import { invalid, KlingRefusal } from './kling-answers.ts';
import type { Markers } from './markers.ts';
import type { PictureOrder } from './picture-maker.ts';
import { createTimeline } from './task-timeline.ts';
import type { TimedStep } from './task-timeline.ts';

/** Legacy words; the new standard says `succeeded`. `paused` exists only on demand (`[[sim:unknown-status]]`). */
export type TaskStatus = 'submitted' | 'processing' | 'paused' | 'succeed' | 'failed';

/** What is sold: packs, slots and the filter of `POST /tasks` know these two apart. */
export type Product = 'video' | 'image';

/** What is made for a task: one clip or several pictures. */
export type ResultOrder = { kind: 'clip'; clip: ClipOrder } | { kind: 'pictures'; pictures: PictureOrder[] };

/** What a checked create request asks for. */
export type TaskIntent = {
  generation: 'legacy' | 'new';
  family: 'image2video' | 'text2video' | 'image';
  product: Product;
  /** One name per model version; slots are counted by it. */
  modelVersion: string;
  /** How many slots the task holds: one for a clip, one for each picture. */
  slots: number;
  /** Whether the clip has a sound track, and whether several shots were allowed; always false for pictures. */
  sound: boolean;
  multiShot: boolean;
  prompt: string;
  markers: Markers;
  externalId: string | null;
  callbackUrl: string | null;
  watermark: boolean;
  /** Billing units, as the decimal string that the answers carry. */
  units: string;
  order: ResultOrder;
};

/** One file of a result. `path` makes it at the first call; `duration` is that of a clip, as Kling writes it. */
export type ResultFile = { id: string; type: 'mp4' | 'png'; duration: string | null; path: () => Promise<string> };

/** One task; `steps` are the status changes that are still to come, soonest first. */
export type Task = Omit<TaskIntent, 'order'> & {
  id: string;
  status: TaskStatus;
  statusMessage: string;
  createdAtMs: number;
  updatedAtMs: number;
  steps: Step[];
  results: ResultFile[];
  /** Whether the result is made, or need not be yet. */
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
  /** Slots per model version of each product. */
  concurrency: Record<Product, number>;
  /** The products that are paid for. */
  packs: readonly Product[];
  /** Whether a task waits for its result; otherwise each file is made at its first download. */
  makesAtOnce: boolean;
  film: (order: ClipOrder) => Promise<string>;
  draw: (order: PictureOrder) => Promise<string>;
  onStatusChange: (task: Task) => void;
};

/** All tasks of the account, newest last. */
export type TaskStore = ReturnType<typeof createTaskStore>;

/** Keeps tasks in memory, counts the slots and moves every task through its statuses. */
export function createTaskStore(parts: TaskStoreParts) {
  const tasks: Task[] = [];
  const byId = new Map<string, Task>();
  const byExternalId = new Map<string, Task>();
  const concurrency = { ...parts.concurrency };
  let packs = new Set(parts.packs);
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

  /** Once the files are there, nothing holds the bytes of the picture that was sent. */
  async function makeNow(task: Task): Promise<void> {
    const paths = await Promise.all(task.results.map((result) => result.path()));
    for (const [index, result] of task.results.entries()) result.path = () => Promise.resolve(paths[index]!);
  }

  function busySlots({ product, modelVersion }: TaskIntent): number {
    const alike = [...timeline.open()].filter((task) => task.product === product && task.modelVersion === modelVersion);
    return alike.reduce((sum, task) => sum + task.slots, 0);
  }

  return {
    /**
     * Throws KlingRefusal: 1201 when the external id is taken, 1102 when the product has no pack, 1303 when the model
     * version has not enough free slots.
     */
    create(intent: TaskIntent): Task {
      timeline.advance();
      if (intent.externalId !== null && byExternalId.has(intent.externalId)) {
        throw invalid(`External_task_id ${intent.externalId} already exists`);
      }
      if (!packs.has(intent.product)) throw new KlingRefusal(1102);
      if (busySlots(intent) + intent.slots > concurrency[intent.product]) throw new KlingRefusal(1303);
      const task = newTask(intent, parts);
      tasks.push(task);
      byId.set(task.id, task);
      if (task.externalId !== null) byExternalId.set(task.externalId, task);
      const failed = () => stepTo('failed', { atMs: parts.clock(), message: WRONG_SHAPE });
      timeline.add(task, parts.makesAtOnce ? { making: makeNow(task), failed } : undefined);
      return task;
    },
    findById: (id: string) => byId.get(id) ?? null,
    findByExternalId: (externalId: string) => byExternalId.get(externalId) ?? null,
    newestFirst: () => tasks.toReversed(),
    /** Applies every status change that is due. */
    advance: timeline.advance,
    slots: (product: Product) => concurrency[product],
    setConcurrency(slots: number, product: Product = 'video') {
      concurrency[product] = slots;
    },
    packs: (): Product[] => [...packs],
    setPacks(products: readonly Product[]) {
      packs = new Set(products);
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
  const { order, ...kept } = intent;
  const nowMs = parts.clock();
  return {
    ...kept,
    id: newTaskId(nowMs),
    status: 'submitted',
    statusMessage: '',
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    steps: stepsFor(intent.markers, nowMs, parts),
    results: resultFiles(order, parts),
    resultReady: !parts.makesAtOnce,
    reads: 0,
    successReports: 0,
    downloads: 0,
  };
}

function resultFiles(order: ResultOrder, { film, draw }: TaskStoreParts): ResultFile[] {
  if (order.kind === 'pictures') {
    return order.pictures.map((picture) => ({
      id: crypto.randomUUID(),
      type: 'png',
      duration: null,
      path: () => draw(picture),
    }));
  }
  const { clip } = order;
  return [{ id: crypto.randomUUID(), type: 'mp4', duration: durationText(clip), path: () => film(clip) }];
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
