import type { ProviderAccount, ProviderTask } from '../providers/provider.ts';
import type { JobErrorCode } from '../errors.ts';
import type { JobRow } from '../store/schema.ts';
import { absenceGraceMs } from './job.ts';
import type { Log, Runtime } from './runtime.ts';
import type { Steps } from './steps.ts';
import { providerSaid, repeatedly } from './timeline.ts';
import type { Submit } from './submit.ts';

const listedTasks = 500;
const lookupTimeoutMs = 15_000;

/**
 * Finds out what became of a request whose answer was lost. Found: the task is adopted. Absent for long enough and not
 * in the account's list either: only then the request may go out again, with the same id, or the job may end.
 */
export function createConfirm(parts: { runtime: Runtime; log: Log; steps: Steps; submit: Submit }) {
  const { runtime, log, steps, submit } = parts;

  async function adopt(job: JobRow, task: ProviderTask): Promise<void> {
    if (task.externalId !== null && task.externalId !== job.externalId) {
      log.error({ alarm: 'foreign_task', jobId: job.id, task }, 'a look-up answered with a task that is not ours');
      return steps.retryLater(job);
    }
    log.info({ jobId: job.id, taskId: task.taskId }, 'task adopted');
    return submit.accept(job, task.taskId, [providerSaid('look-up', { outcome: 'found', ...task })]);
  }

  async function confirm(job: JobRow, account: ProviderAccount, stop: AbortSignal): Promise<void> {
    const signal = () => AbortSignal.any([stop, runtime.deadline(lookupTimeoutMs)]);
    const lookup = await account.client.findByExternalId(job.externalId, signal());
    if (lookup.outcome === 'found') return adopt(job, lookup.task);
    const told = repeatedly(job.failures, providerSaid('look-up', lookup));
    if (lookup.outcome === 'account-blocked')
      return steps.retryLater(job, { notBefore: await steps.pauseAccount(account.id, lookup.reason), told });
    if (lookup.outcome === 'unclear') return steps.retryLater(job, { told });

    const provenAt = (job.sendDeadlineAt ?? 0) + absenceGraceMs;
    if (runtime.now() < provenAt) return steps.retryLater(job, { notAfter: provenAt, told });
    const listed = await account.client.listNewest(listedTasks, signal());
    if (listed.outcome !== 'listed') return steps.retryLater(job);
    const task = listed.tasks.find(({ externalId }) => externalId === job.externalId);
    return task ? adopt(job, task) : goOnAfterAbsence(job, account, stop);
  }

  async function goOnAfterAbsence(job: JobRow, account: ProviderAccount, stop: AbortSignal): Promise<void> {
    if (job.errorCode) return steps.fail(job, job.errorCode as JobErrorCode, job.errorMessage ?? '');
    if (runtime.now() > job.deadlineAt) return steps.fail(job, 'timed_out', 'the provider has no such task');
    await submit.post(job, account, stop);
  }

  return confirm;
}
