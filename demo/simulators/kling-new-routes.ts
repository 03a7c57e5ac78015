import { invalid } from './kling-answers.ts';
import { objectField } from './kling-fields.ts';
import type { Route } from './simulator-http.ts';
import { newReceipt, newTask, readNewCreate } from './kling-new.ts';
import { reportForQuery } from './kling-reports.ts';
import { countAttempt, create, noteTask } from './kling-route-parts.ts';
import type { RouteParts } from './kling-route-parts.ts';
import { taskPage } from './kling-task-pages.ts';
import type { Task, TaskStore } from './kling-tasks.ts';

const FAMILIES = { 'image-to-video': 'image2video', 'text-to-video': 'text2video' } as const;
const MAX_IDS = 20;

/** The new standard: the model is in the path, `/tasks` serves every task of the account. */
export function newRoutes({ store, files, rules, clock, countPost }: RouteParts): Route[] {
  return [
    {
      method: 'POST',
      pattern: /^\/(image-to-video|text-to-video)\/([^/]+)$/,
      access: 'api key',
      async handle(exchange) {
        const fields = await exchange.readFields();
        const attempt = countAttempt(exchange, { fields, options: objectField(fields, 'options'), countPost });
        const family = FAMILIES[exchange.captured[0] as keyof typeof FAMILIES];
        const intent = await readNewCreate({ family, modelName: exchange.captured[1]!, fields }, rules);
        return create(exchange, { intent, store, attempt, receipt: newReceipt });
      },
    },
    {
      method: 'GET',
      pattern: /^\/tasks$/,
      access: 'api key',
      handle(exchange) {
        store.advance();
        const found = namedTasks(exchange.url.searchParams, store);
        if (found.length === 1) noteTask(exchange, found[0]!);
        const shown = found.flatMap((task) => {
          const report = reportForQuery(task, files);
          return report ? [newTask(task, report)] : [];
        });
        return { kind: 'success', data: shown };
      },
    },
    {
      method: 'POST',
      pattern: /^\/tasks$/,
      access: 'api key',
      async handle(exchange) {
        store.advance();
        return { kind: 'success', data: taskPage(await exchange.readFields(), { store, files, nowMs: clock() }) };
      },
    },
  ];
}

function namedTasks(query: URLSearchParams, store: TaskStore): Task[] {
  const split = (name: string) => (query.get(name) ?? '').split(',').filter((id) => id !== '');
  const ids = split('task_ids');
  const externalIds = split('external_task_ids');
  if (ids.length + externalIds.length === 0) throw invalid('task_ids or external_task_ids is required');
  if (ids.length > 0 && externalIds.length > 0)
    throw invalid('task_ids and external_task_ids can not be used together');
  if (ids.length + externalIds.length > MAX_IDS) {
    throw invalid(`task_ids or external_task_ids cannot exceed ${MAX_IDS} in total`);
  }
  const tasks = [...ids.map(store.findById), ...externalIds.map(store.findByExternalId)];
  return tasks.filter((task) => task !== null);
}
