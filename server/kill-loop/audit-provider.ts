import type { KlingSimulator } from '../../demo/simulators/kling.ts';
import type { Rows } from './rows.ts';

/** What ends a job although its clip was made: the clip was wrong, or could not be had. */
const endsAfterSuccess = ['result_rejected', 'result_lost'];

/** What was bought at the provider, beside the jobs. Answers sentences. */
export function createProviderAudit(kling: KlingSimulator) {
  let lastLine: unknown;

  /** Requests since the last call. */
  function newLines() {
    const lines = kling.log.slice(lastLine ? kling.log.lastIndexOf(lastLine as (typeof kling.log)[number]) + 1 : 0);
    lastLine = kling.log.at(-1);
    return lines;
  }

  return {
    /** A second purchase was tried: the provider held the task already when the request came again. */
    repeatedPurchases: (): string[] =>
      newLines()
        .filter(({ method, path, code }) => method === 'POST' && path === '/v1/videos/image2video' && code === 1201)
        .filter(({ externalId }) => externalId !== null && taskNames().has(externalId))
        .map(({ externalId }) => `${externalId} was posted again although the provider held its task`),

    faults({ jobs }: Rows): string[] {
      const faults: string[] = [];
      const tasks = Map.groupBy(kling.tasks(), ({ externalId }) => externalId ?? '');
      const byExternalId = new Map(jobs.map((job) => [job.external_id, job]));
      for (const [externalId, bought] of tasks) {
        if (bought.length > 1) faults.push(`${externalId} was bought ${bought.length} times`);
        if (!byExternalId.has(externalId)) faults.push(`a task was bought for ${externalId}, which is no job`);
      }
      for (const job of jobs) {
        const task = tasks.get(job.external_id)?.[0];
        if (job.status === 'cancelled' && kling.postsFor(job.external_id) > 0)
          faults.push(`the cancelled job ${job.id} was sent to the provider`);
        if (job.status === 'completed' && task?.status !== 'succeed')
          faults.push(`job ${job.id} is completed, its task is ${task?.status ?? 'missing'}`);
        if (job.provider_task_id !== null && job.provider_task_id !== task?.id)
          faults.push(`job ${job.id} knows the task ${job.provider_task_id}, the provider knows ${task?.id}`);
        const isLate = endsAfterSuccess.includes(job.error_code ?? '');
        if (job.status === 'failed' && task && task.status !== 'failed' && !isLate)
          faults.push(`job ${job.id} was refunded (${job.error_code}), its task is ${task.status}`);
      }
      return faults;
    },
  };

  function taskNames(): Set<string | null> {
    return new Set(kling.tasks().map(({ externalId }) => externalId));
  }
}

export type ProviderAudit = ReturnType<typeof createProviderAudit>;
