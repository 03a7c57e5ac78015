import { invalid } from './kling-answers.ts';
import { objectField, textField } from './kling-fields.ts';
import type { ResultFiles } from './kling-files.ts';
import { newTask, newWord } from './kling-new.ts';
import { currentReport } from './kling-reports.ts';
import type { Task, TaskStore } from './kling-tasks.ts';
import type { Fields } from './simulator-http.ts';

const MONTH_MS = 30 * 86_400_000;

/**
 * One page of `POST /tasks`, newest first, whichever generation made the tasks. The cursor is the place to go on from;
 * with a cursor the times are not looked at. Throws KlingRefusal 1201.
 */
export function taskPage(
  fields: Fields,
  { store, files, nowMs }: { store: TaskStore; files: ResultFiles; nowMs: number },
) {
  const limit = Number(fields['limit'] ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw invalid(`limit value '${limit}' is invalid`);
  const cursor = textField(fields, 'cursor');
  const isWanted = taskFilter(fields['filters']);
  const isInTime = cursor === null ? timeFilter(fields, nowMs) : () => true;
  const matching = store.newestFirst().filter((task) => isWanted(task) && isInTime(task));
  const start = cursor === null ? 0 : matching.findIndex((task) => task.id === cursor) + 1;
  const result = matching.slice(start, start + limit);
  const hasMore = start + limit < matching.length;
  return {
    result: result.map((task) => newTask(task, currentReport(task, files))),
    count: result.length,
    next_cursor: hasMore ? result.at(-1)!.id : '',
    has_more: hasMore,
  };
}

/** Times come as numbers or as strings; the last thirty days unless told otherwise. */
function timeFilter(fields: Fields, nowMs: number): (task: Task) => boolean {
  const readTime = (name: string, standard: number) => {
    const value = fields[name] ?? '';
    if (value === '') return standard;
    const timeMs = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
    if (!Number.isInteger(timeMs)) throw invalid(`${name} value '${String(value)}' is invalid`);
    return timeMs;
  };
  const untilMs = readTime('end_time', nowMs);
  const fromMs = readTime('start_time', untilMs - MONTH_MS);
  if (fromMs >= untilMs) throw invalid('start_time must be earlier than end_time');
  return (task) => task.createdAtMs >= fromMs && task.createdAtMs <= untilMs;
}

function taskFilter(filters: unknown): (task: Task) => boolean {
  if (filters === undefined || filters === null) return () => true;
  if (!Array.isArray(filters)) throw invalid('filters must be an array');
  const wanted = new Map(
    filters.map((filter) => {
      const { key, values } = objectField({ filter }, 'filter');
      if (!Array.isArray(values)) throw invalid('filters values must be an array');
      return [String(key), values.map(String)];
    }),
  );
  const words = wanted.get('status');
  const products = wanted.get('product_type');
  return (task) => (words?.includes(newWord(task.status)) ?? true) && (products?.includes(task.product) ?? true);
}
