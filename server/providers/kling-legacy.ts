import { klingOrder, legacyPaths } from './kling-bodies.ts';
import { ask, createTask, listTasks, maxPageSize } from './kling-calls.ts';
import type { KlingSend } from './kling-http.ts';
import { readLegacyTask } from './kling-replies.ts';
import type { ListOutcome, LookupOutcome, ProviderClient } from './provider.ts';

/** Tasks of one endpoint of Kling's legacy API. Its methods never reject. */
export function createKlingLegacy(send: KlingSend, endpoint: keyof typeof legacyPaths): Required<ProviderClient> {
  const path = legacyPaths[endpoint];
  return {
    submit: (request, signal) => createTask(send, { ...klingOrder(endpoint, request), idField: 'task_id', signal }),
    findByExternalId: async (externalId, signal) => {
      const found = await lookUp(send, { path, id: externalId, signal });
      if (found.outcome !== 'found' || [externalId, null].includes(found.task.externalId)) return found;
      return { outcome: 'unclear', reason: `Asked for external id ${externalId}, got another task.` };
    },
    findByTaskId: async (taskId, signal) => {
      const found = await lookUp(send, { path, id: taskId, signal });
      if (found.outcome !== 'found' || found.task.taskId === taskId) return found;
      return { outcome: 'unclear', reason: `Asked for task ${taskId}, got another one.` };
    },
    listNewest: (limit, signal) => listNewest(send, { path, limit, signal }),
  };
}

/** Kling takes its own id and ours in the same place of the path. */
async function lookUp(
  send: KlingSend,
  { path, id, signal }: { path: string; id: string; signal: AbortSignal },
): Promise<LookupOutcome> {
  // An empty or dotted segment would be another address.
  if (/^\.{0,2}$/.test(id)) return { outcome: 'unclear', reason: `"${id}" is no task id.` };
  const answer = await ask(send, { path: `${path}/${encodeURIComponent(id)}`, signal });
  if (answer.outcome !== 'answered') return answer;
  const task = readLegacyTask(answer.data);
  return task ? { outcome: 'found', task } : { outcome: 'unclear', reason: 'The answer holds no task.' };
}

/** `data` is a bare array without a total: a page that is not full is the last one. */
function listNewest(
  send: KlingSend,
  { path, limit, signal }: { path: string; limit: number; signal: AbortSignal },
): Promise<ListOutcome> {
  const pageSize = Math.min(limit, maxPageSize);
  return listTasks({
    limit,
    first: 1,
    turnTo: (page) => ask(send, { path: `${path}?pageNum=${page}&pageSize=${pageSize}`, isList: true, signal }),
    readPage: (rows, page) => (Array.isArray(rows) ? { rows, isLast: rows.length < pageSize, next: page + 1 } : null),
    readTask: readLegacyTask,
  });
}
