import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { KieRefusal } from './kie-answers.ts';
import { KieTaskFailure } from './kie-pictures.ts';
import type { KieFailure } from './kie-pictures.ts';
import type { ResultShape } from './kie-results.ts';
import { stepsFor, stepTo } from './kie-steps.ts';
import type { KieState, KieTimings, Step } from './kie-steps.ts';
import type { Markers } from './markers.ts';
import type { Fields } from './simulator-http.ts';
import { createTimeline } from './task-timeline.ts';

/** What a checked create request asks for. */
export type KieIntent = {
  model: string;
  input: Fields;
  prompt: string;
  callBackUrl: string | null;
  markers: Markers;
  credits: number;
  shape: ResultShape;
  /** Fetches the pictures and gives the way to the result's file; rejects with KieTaskFailure. */
  begin: () => Promise<() => Promise<string>>;
};

/** One task; `steps` are the changes that are still to come, soonest first. */
export type KieTask = Omit<KieIntent, 'begin'> & {
  id: string;
  /** The part of the result's address that nobody can guess. */
  fileName: string;
  state: KieState;
  failure: KieFailure | null;
  createdAtMs: number;
  completedAtMs: number | null;
  steps: Step[];
  resultReady: boolean;
  /** Settles when the pictures were fetched, well or not. */
  fetched: Promise<void>;
  /** Gives the path of the result; the first call may start the making. */
  filePath: () => Promise<string>;
  /** How often a query named this task, a query reported success, and somebody downloaded the result. */
  reads: number;
  successReports: number;
  downloads: number;
};

/** The wording was never recorded; code and state are the vendor's. */
const BROKEN_RESULT: KieFailure = { failCode: '500', failMsg: 'Internal Error, Please try again later.' };

/** What the store needs from outside. */
export type KieStoreParts = KieTimings & {
  clock: () => number;
  keepsTime: boolean;
  credits: number;
  concurrency: number;
  /** Whether a task waits for its result; otherwise the result is made at the first download. */
  makesAtOnce: boolean;
  onEnd: (task: KieTask) => void;
};

/** All tasks of the account, newest last. */
export type KieTaskStore = ReturnType<typeof createKieTaskStore>;

/** Keeps tasks and credits in memory, counts creates and slots, and moves every task through its states. */
export function createKieTaskStore(parts: KieStoreParts) {
  const tasks = new Map<string, KieTask>();
  let credits = parts.credits;
  const timeline = createTimeline<Step, KieTask>({
    clock: parts.clock,
    keepsTime: parts.keepsTime,
    take(task, step) {
      task.state = step.state;
      if (step.state !== 'success' && step.state !== 'fail') return 'open';
      task.completedAtMs = step.atMs;
      task.failure = step.failure;
      if (step.failure) credits += task.credits;
      parts.onEnd(task);
      return 'over';
    },
  });

  async function work(task: KieTask, begin: KieIntent['begin'], fetched: () => void): Promise<void> {
    const make = await begin().finally(fetched);
    task.filePath = make;
    if (!parts.makesAtOnce) return;
    const path = await make();
    task.filePath = () => Promise.resolve(path);
  }

  return {
    /** Throws KieRefusal: 402 without the credits, 429 without a free slot. */
    create({ begin, ...intent }: KieIntent): KieTask {
      timeline.advance();
      if (intent.credits > credits) throw new KieRefusal(402);
      if (timeline.open().size >= parts.concurrency) throw new KieRefusal(429);
      credits -= intent.credits;
      const { promise, resolve } = Promise.withResolvers<void>();
      const task = newTask(intent, { ...parts, fetched: promise });
      tasks.set(task.id, task);
      timeline.add(task, { making: work(task, begin, resolve), failed: (problem) => failStep(problem, parts.clock()) });
      return task;
    },
    findById: (id: string) => tasks.get(id) ?? null,
    oldestFirst: () => [...tasks.values()],
    credits: () => credits,
    setCredits(amount: number): void {
      credits = amount;
    },
    /** Applies every step that is due. */
    advance: timeline.advance,
    /** Waits for the pictures of a task whose result is due, so that a query never sees a half-fetched task. */
    async settle(task: KieTask): Promise<void> {
      const [next] = task.steps;
      if (next?.needsResult && next.atMs <= parts.clock() && !task.resultReady) {
        await task.fetched;
        await nextTurn();
      }
      timeline.advance();
    },
    close: timeline.close,
  };
}

function failStep(problem: unknown, atMs: number): Step {
  return stepTo('fail', { atMs, failure: problem instanceof KieTaskFailure ? problem.failure : BROKEN_RESULT });
}

type Start = KieTimings & { clock: () => number; fetched: Promise<void> };

function newTask(intent: Omit<KieIntent, 'begin'>, start: Start): KieTask {
  const nowMs = start.clock();
  return {
    ...intent,
    id: randomBytes(16).toString('hex'),
    fileName: `${nowMs}-${randomBytes(6).toString('hex')}.${intent.shape.extension}`,
    state: 'waiting',
    failure: null,
    createdAtMs: nowMs,
    completedAtMs: null,
    steps: stepsFor(intent.markers, { nowMs, ...start }),
    resultReady: false,
    fetched: start.fetched,
    filePath: () => Promise.reject(new Error('The pictures are not fetched yet.')),
    reads: 0,
    successReports: 0,
    downloads: 0,
  };
}
