import { z } from 'zod';
import { klingOrder } from './kling-bodies.ts';
import { ask, createTask, listTasks, maxPageSize } from './kling-calls.ts';
import type { KlingSend } from './kling-http.ts';
import { readNewTask } from './kling-replies.ts';
import type { ListOutcome, LookupOutcome, ProviderClient, ProviderTask } from './provider.ts';

/**
 * Tasks of Kling's new API, where the model stands in the path and one query serves all of them. It takes an API key
 * only (authentication page, captured 2026-09-20). Its methods never reject.
 */
export function createKlingNew(send: KlingSend): Required<ProviderClient> {
  return {
    submit: (request, signal) => createTask(send, { ...klingOrder('new', request), idField: 'id', signal }),
    findByExternalId: (externalId, signal) =>
      lookUp(send, {
        query: 'external_task_ids',
        id: externalId,
        isAsked: (task) => [externalId, null].includes(task.externalId),
        signal,
      }),
    findByTaskId: (taskId, signal) =>
      lookUp(send, { query: 'task_ids', id: taskId, isAsked: (task) => task.taskId === taskId, signal }),
    listNewest: (limit, signal) => listNewest(send, limit, signal),
  };
}

interface LookUp {
  query: 'task_ids' | 'external_task_ids';
  id: string;
  isAsked(task: ProviderTask): boolean;
  signal: AbortSignal;
}

/** `data` is an array in which unknown ids are simply missing (measured 2026-09-20). */
async function lookUp(send: KlingSend, { query, id, isAsked, signal }: LookUp): Promise<LookupOutcome> {
  // A comma would make two ids of one.
  if (id === '' || id.includes(',')) return { outcome: 'unclear', reason: `"${id}" is no task id.` };
  const answer = await ask(send, { path: `/tasks?${query}=${encodeURIComponent(id)}`, signal });
  if (answer.outcome !== 'answered') return answer;
  if (!Array.isArray(answer.data)) return { outcome: 'unclear', reason: 'The answer holds no list.' };
  if (answer.data.length === 0) return { outcome: 'absent' };
  const tasks = answer.data.map(readNewTask).filter((task) => task !== null);
  const task = tasks.find(isAsked);
  return task ? { outcome: 'found', task } : { outcome: 'unclear', reason: `Asked for task ${id}, got another one.` };
}

const pageSchema = z.object({
  result: z.array(z.unknown()),
  next_cursor: z.string().catch(''),
  has_more: z.boolean(),
});

const onlyClips = [{ key: 'product_type', values: ['video'] }];

/** Shows the clips of the last 30 days, those of the legacy paths as well (cursor query, captured 2026-09-20). */
function listNewest(send: KlingSend, limit: number, signal: AbortSignal): Promise<ListOutcome> {
  const pageSize = Math.min(limit, maxPageSize);
  return listTasks({
    limit,
    first: '',
    turnTo: (cursor) => {
      const body = JSON.stringify({ limit: pageSize, filters: onlyClips, ...(cursor !== '' && { cursor }) });
      return ask(send, { path: '/tasks', body, isList: true, signal });
    },
    readPage: (data, cursor) => {
      const page = pageSchema.safeParse(data);
      if (!page.success) return null;
      const { result: rows, has_more: hasMore, next_cursor: next } = page.data;
      // The same place again would be asked for ever.
      return { rows, isLast: !hasMore, next: next === '' || next === cursor ? null : next };
    },
    readTask: readNewTask,
  });
}
