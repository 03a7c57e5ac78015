import type { ProviderAccount, ProviderClient, ProviderTask } from '../providers/provider.ts';
import type { TaskAtProvider } from '../store/job-queue.ts';
import type { Store } from '../store/store.ts';
import type { Happened } from '../store/job-events.ts';
import { absenceGraceMs, backoffMs } from './job.ts';
import type { Log, Runtime } from './runtime.ts';
import { providerSaid, repeatedly } from './timeline.ts';
import type { Steps } from './steps.ts';

/** The largest page of a list. */
const listedTasks = 500;
const sweepTimeoutMs = 30_000;
const singleReadsPerSweep = 20;
const readsAtOnce = 8;
/** Far above what the provider lets us hold; after it every state is told once more. */
const maxStatesKnown = 50_000;
/** How many rows one statement writes. */
const rowsAtOnce = 500;

/** Who is asked. */
interface Asked {
  account: ProviderAccount;
  client: ProviderClient;
}

interface SweepParts {
  store: Store;
  runtime: Runtime;
  log: Log;
  steps: Steps;
  pollIntervalMs: number;
}

/**
 * Asks an account about all its due jobs at once, and moves those whose fate is known. About the others nothing is
 * written: when they are looked at next was noted when they were taken.
 */
export function createSweep({ store, runtime, log, steps, pollIntervalMs }: SweepParts) {
  /** The last state of each task, so that only a change is told. What a new process forgets is told twice. */
  const lastStates = new Map<string, ProviderTask['state']>();
  const untold: (Happened & { jobId: string })[] = [];

  /** Looks at jobs that one client of the account answers for. */
  async function sweep(jobs: TaskAtProvider[], asked: Asked, stop: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([stop, runtime.deadline(sweepTimeoutMs)]);
    const goingOn = asked.client.listNewest
      ? await sweepListed(jobs, asked, signal)
      : await sweepUnlisted(jobs, asked, signal);
    await noteGoingOn(goingOn);
  }

  /** One list for many; single reads for one job and for the few that the list does not show. */
  async function sweepListed(jobs: TaskAtProvider[], asked: Asked, signal: AbortSignal): Promise<TaskAtProvider[]> {
    const listed = jobs.length > 1 ? await listTasks(jobs.length, asked, signal) : new Map<string, ProviderTask>();
    if (!listed) return [];
    const goingOn: TaskAtProvider[] = [];
    let reads = 0;
    for (const job of jobs) {
      const task = listed.get(job.providerTaskId!);
      const mayRead = task || reads++ < singleReadsPerSweep;
      const goesOn = task
        ? isNoNews(job, task) || (await file(job, task))
        : !mayRead || (await askAlone(job, asked, signal));
      if (goesOn) goingOn.push(job);
      else lastStates.delete(job.id);
    }
    return goingOn;
  }

  const isNoNews = (job: TaskAtProvider, { state }: ProviderTask) =>
    (state === 'waiting' || state === 'running') && lastStates.get(job.id) === state;

  /** A service without a list: every job by itself, a few at a time. */
  async function sweepUnlisted(jobs: TaskAtProvider[], asked: Asked, signal: AbortSignal): Promise<TaskAtProvider[]> {
    const goingOn: TaskAtProvider[] = [];
    for (let at = 0; at < jobs.length; at += readsAtOnce)
      await Promise.all(
        jobs.slice(at, at + readsAtOnce).map(async (job) => {
          if (await askAlone(job, asked, signal)) goingOn.push(job);
          else lastStates.delete(job.id);
        }),
      );
    return goingOn;
  }

  /** Null when the list gives no answer now: then nobody is asked one by one either. */
  async function listTasks(
    wanted: number,
    { account, client }: Asked,
    signal: AbortSignal,
  ): Promise<Map<string, ProviderTask> | null> {
    const answer = await client.listNewest!(Math.ceil(wanted / listedTasks) * listedTasks, signal);
    if (answer.outcome === 'listed') {
      const tasks = new Map<string, ProviderTask>();
      for (const task of answer.tasks) tasks.set(task.taskId, task);
      return tasks;
    }
    if (answer.outcome === 'account-blocked') await steps.pauseAccount(account.id, answer.reason);
    log.warn({ providerAccount: account.id, ...answer }, 'the list of tasks gave no answer');
    return null;
  }

  /** True when the job simply goes on. */
  async function askAlone(job: TaskAtProvider, { account, client }: Asked, signal: AbortSignal): Promise<boolean> {
    const answer = await client.findByTaskId(job.providerTaskId!, signal);
    const told = repeatedly(job.failures, providerSaid('look-up', answer));
    switch (answer.outcome) {
      case 'found':
        return file(job, answer.task);
      case 'account-blocked':
        await steps.retryLater(job, { notBefore: await steps.pauseAccount(account.id, answer.reason), told });
        return false;
      case 'absent':
        // A new task may be missing from look-ups for a while.
        if (runtime.now() > Math.max(job.deadlineAt, (job.submittedAt ?? 0) + absenceGraceMs))
          await steps.fail(job, 'timed_out', 'the provider lost the task', told);
        else await steps.retryLater(job, { notBefore: runtime.now() + pollIntervalMs, told });
        return false;
      case 'untraceable':
      case 'unclear':
        await steps.retryLater(job, { notBefore: runtime.now() + backoffMs(job.failures, runtime.random()), told });
        return false;
    }
  }

  async function file(job: TaskAtProvider, task: ProviderTask): Promise<boolean> {
    if (task.state === 'failed') {
      const errorCode = task.because === 'content' ? 'content_refused' : 'provider_failed';
      await steps.fail(job, errorCode, task.reason, [providerSaid('look-up', task)]);
      return false;
    }
    if (task.state === 'succeeded' && task.resultUrl) {
      await steps.advance(job, 'saving', {
        resultUrl: task.resultUrl,
        succeededAt: runtime.now(),
        told: [providerSaid('look-up', task)],
      });
      return false;
    }
    if (task.state === 'unknown' || task.state === 'succeeded')
      log.error(
        { alarm: 'unknown_provider_state', jobId: job.id, task },
        'the provider reports a state we have no row for',
      );
    noteState(job, task);
    return true;
  }

  /** Told at the end of the sweep, all in one write. */
  function noteState(job: TaskAtProvider, task: ProviderTask): void {
    if (lastStates.get(job.id) === task.state) return;
    if (lastStates.size >= maxStatesKnown) lastStates.clear();
    lastStates.set(job.id, task.state);
    untold.push({ ...providerSaid('look-up', task), jobId: job.id });
  }

  async function noteGoingOn(jobs: TaskAtProvider[]): Promise<void> {
    const now = runtime.now();
    const answeredAgain = jobs.filter(({ failures }) => failures > 0).map(({ id }) => id);
    for (let at = 0; at < answeredAgain.length; at += rowsAtOnce) {
      const ids = answeredAgain.slice(at, at + rowsAtOnce);
      await store.transaction((tx) => store.queue.forgetFailures(tx, ids));
    }
    while (untold.length > 0) {
      const told = untold.splice(0, rowsAtOnce);
      await store.transaction((tx) => store.jobEvents.append(tx, now, told));
    }
  }

  return sweep;
}
