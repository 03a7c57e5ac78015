import type { ProviderAccount, ProviderClient, ProviderTask } from '../providers/provider.ts';
import type { JobErrorCode } from '../errors.ts';
import type { JobRow } from '../store/schema.ts';
import { absenceGraceMs } from './job.ts';
import type { Log, Runtime } from './runtime.ts';
import type { Steps } from './steps.ts';
import { providerSaid, repeatedly } from './timeline.ts';
import { clientOf, type Submit } from './submit.ts';

const listedTasks = 500;
const lookupTimeoutMs = 15_000;

/**
 * Finds out what became of a request whose answer was lost. Found: the task is adopted. Absent for long enough and not
 * in the account's list either: only then the request may go out again, with the same id, or the job may end.
 */
export function createConfirm(parts: { runtime: Runtime; log: Log; steps: Steps; submit: Submit }) {
  const { runtime, log, steps, submit } = parts;

  async function adopt(job: JobRow, account: ProviderAccount, task: ProviderTask): Promise<void> {
    if (task.externalId !== null && task.externalId !== job.externalId) {
      log.error({ alarm: 'foreign_task', jobId: job.id, task }, 'a look-up answered with a task that is not ours');
      return steps.retryLater(job, { claimedTaskId: null });
    }
    log.info({ jobId: job.id, taskId: task.taskId }, 'task adopted');
    const told = [providerSaid('look-up', { outcome: 'found', ...task })];
    return submit.accept(job, account, { taskId: task.taskId, told });
  }

  async function confirm(job: JobRow, account: ProviderAccount, stop: AbortSignal): Promise<void> {
    const client = clientOf(account, job);
    const signal = () => AbortSignal.any([stop, runtime.deadline(lookupTimeoutMs)]);
    const lookup = await client.findByExternalId(job.externalId, signal());
    if (lookup.outcome === 'found') return adopt(job, account, lookup.task);
    if (lookup.outcome === 'untraceable') return awaitWord(job, { account, client, signal: signal() });
    const told = repeatedly(job.failures, providerSaid('look-up', lookup));
    if (lookup.outcome === 'account-blocked')
      return steps.retryLater(job, { notBefore: await steps.pauseAccount(account.id, lookup.reason), told });
    if (lookup.outcome === 'unclear') return steps.retryLater(job, { told });

    const provenAt = (job.sendDeadlineAt ?? 0) + absenceGraceMs;
    if (runtime.now() < provenAt) return steps.retryLater(job, { notAfter: provenAt, told });
    const listed = await client.listNewest?.(listedTasks, signal());
    if (listed?.outcome !== 'listed') return steps.retryLater(job);
    const task = listed.tasks.find(({ externalId }) => externalId === job.externalId);
    return task ? adopt(job, account, task) : goOnAfterAbsence(job, account, stop);
  }

  /**
   * The service knows no ids of ours, so nothing is sent again, ever: a callback may still name the task, and the service
   * must say itself that it is ours. Without such word the job ends at its deadline, when a task would have ended too.
   */
  async function awaitWord(
    job: JobRow,
    { account, client, signal }: { account: ProviderAccount; client: ProviderClient; signal: AbortSignal },
  ): Promise<void> {
    if (job.claimedTaskId !== null) {
      const claimed = await client.findByTaskId(job.claimedTaskId, signal);
      if (claimed.outcome === 'found' && claimed.task.externalId === job.externalId)
        return adopt(job, account, claimed.task);
      if (claimed.outcome === 'found') return steps.retryLater(job, { claimedTaskId: null });
      if (claimed.outcome === 'account-blocked')
        return steps.retryLater(job, { notBefore: await steps.pauseAccount(account.id, claimed.reason) });
      if (claimed.outcome === 'unclear') return steps.retryLater(job);
    }
    if (runtime.now() <= job.deadlineAt) return steps.retryLater(job, { notAfter: job.deadlineAt + 1 });
    const facts = { alarm: 'task_unaccounted', jobId: job.id, providerAccount: account.id };
    log.error(facts, 'no word of a task that may have been made; its tokens go back, look for it at the provider');
    await steps.fail(job, 'timed_out', 'the answer was lost and no callback named the task');
  }

  async function goOnAfterAbsence(job: JobRow, account: ProviderAccount, stop: AbortSignal): Promise<void> {
    if (job.errorCode) return steps.fail(job, job.errorCode as JobErrorCode, job.errorMessage ?? '');
    if (runtime.now() > job.deadlineAt) return steps.fail(job, 'timed_out', 'the provider has no such task');
    await submit.post(job, account, stop);
  }

  return confirm;
}
