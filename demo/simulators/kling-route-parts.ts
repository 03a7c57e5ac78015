import { createOnOrder } from './kling-create.ts';
import { textField } from './kling-fields.ts';
import type { Fields } from './simulator-http.ts';
import type { ResultFiles } from './kling-files.ts';
import type { Answer, Exchange } from './simulator-http.ts';
import type { CreateRules } from './kling-rules.ts';
import type { Task, TaskIntent, TaskStore } from './kling-tasks.ts';

/** What the routes work with; `countPost` counts a create request and returns its number for that external id or prompt. */
export type RouteParts = {
  store: TaskStore;
  files: ResultFiles;
  rules: CreateRules;
  clock: () => number;
  countPost: (name: string) => number;
};

/** Counts a create request before anything else is checked: 1 for the first of its external id (or prompt). */
export function countAttempt(
  exchange: Exchange,
  ask: { fields: Fields; options: Fields; countPost: (name: string) => number },
): number {
  const externalId = textField(ask.options, 'external_task_id');
  exchange.entry.externalId = externalId;
  return ask.countPost(externalId ?? JSON.stringify(ask.fields['prompt'] ?? ask.fields['contents'] ?? ''));
}

type Creation = { intent: TaskIntent; store: TaskStore; attempt: number; receipt: (task: Task) => object };

/** Creates the task as the markers order, and notes it in the request log. */
export function create(exchange: Exchange, { intent, ...how }: Creation): Answer {
  const { answer, task } = createOnOrder(intent, how);
  if (task) noteTask(exchange, task);
  return answer;
}

/** Writes the task's ids into the request log. */
export function noteTask({ entry }: Exchange, task: Task): void {
  entry.taskId = task.id;
  entry.externalId = task.externalId;
}
