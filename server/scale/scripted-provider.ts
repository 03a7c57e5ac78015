import type { ProviderClient, ProviderTask } from '../providers/provider.ts';

/** How often the provider was called. */
export interface ProviderUse {
  submits: number;
  /** Calls that ask about tasks: one for all of an account, or one for a single task. */
  looks: number;
}

interface Script {
  now: () => number;
  /** How long the task of this external id takes, in milliseconds. */
  taskMs: (externalId: string) => number;
}

interface Task {
  taskId: string;
  externalId: string;
  endsAt: number;
}

/** A provider that takes every task at once, never fails and needs exactly as long as the script says. */
export function createScriptedProvider({ now, taskMs }: Script) {
  const use: ProviderUse = { submits: 0, looks: 0 };
  const tasks: Task[] = [];

  function report({ taskId, externalId, endsAt }: Task): ProviderTask {
    const isDone = endsAt <= now();
    const resultUrl = isDone ? `https://cdn.example/${taskId}` : null;
    return { taskId, externalId, state: isDone ? 'succeeded' : 'running', reason: '', resultUrl };
  }

  const client: ProviderClient = {
    async submit({ externalId }) {
      use.submits++;
      const task = { taskId: `task-${tasks.length}`, externalId, endsAt: now() + taskMs(externalId) };
      tasks.push(task);
      return { outcome: 'accepted', taskId: task.taskId };
    },
    async findByTaskId(taskId) {
      use.looks++;
      const task = tasks[Number(taskId.slice('task-'.length))];
      return task ? { outcome: 'found', task: report(task) } : { outcome: 'absent' };
    },
    findByExternalId: () => Promise.reject(new Error('no answer was lost here')),
    async listNewest(limit) {
      use.looks++;
      const newest = tasks.slice(-limit);
      return { outcome: 'listed', tasks: newest.map(report), complete: newest.length === tasks.length };
    },
  };
  return { client, use };
}
