/** A change that comes to a task; one that needs the result waits until the result is made. */
export type TimedStep = { atMs: number; needsResult: boolean };

/** What a timeline moves: `steps` are the changes still to come, soonest first. */
export type Timed<Step extends TimedStep> = { steps: Step[]; resultReady: boolean };

/** The open tasks of one simulator on their way. */
export type Timeline<Step extends TimedStep, Task extends Timed<Step>> = ReturnType<typeof createTimeline<Step, Task>>;

/**
 * Takes tasks through their steps. `keepsTime` sets timers; without it the caller moves a clock of its own and calls
 * `advance`. `take` applies one step; a task stays open (and keeps its slot) until `take` has said 'over'.
 */
export function createTimeline<Step extends TimedStep, Task extends Timed<Step>>(parts: {
  clock: () => number;
  keepsTime: boolean;
  take: (task: Task, step: Step) => 'open' | 'over';
}) {
  const open = new Set<Task>();
  const timers = new Set<NodeJS.Timeout>();

  function applyDueSteps(task: Task, nowMs: number): void {
    for (let step = task.steps[0]; step && step.atMs <= nowMs; step = task.steps[0]) {
      if (step.needsResult && !task.resultReady) return;
      task.steps.shift();
      if (parts.take(task, step) === 'over') open.delete(task);
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

  function settle(task: Task, lastStep: Step | null): void {
    const nowMs = parts.clock();
    if (lastStep) task.steps = [lastStep];
    for (const step of task.steps) if (step.needsResult) step.atMs = Math.max(step.atMs, nowMs);
    task.resultReady = true;
    advance();
  }

  return {
    /** `making` is the result on its way; when it rejects, the step of `failed` is all that is left to the task. */
    add(task: Task, result?: { making: Promise<unknown>; failed: (problem: unknown) => Step }): void {
      open.add(task);
      if (parts.keepsTime) for (const step of task.steps) wakeAt(step.atMs);
      result?.making.then(
        () => settle(task, null),
        (problem: unknown) => settle(task, result.failed(problem)),
      );
    },
    open: (): ReadonlySet<Task> => open,
    /** Applies every step that is due. */
    advance,
    close(): void {
      for (const timer of timers) clearTimeout(timer);
      open.clear();
    },
  };
}
