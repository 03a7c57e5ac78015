import { invalid, KlingRefusal } from './kling-answers.ts';
import type { ResultFiles } from './kling-files.ts';
import { legacyTask } from './kling-legacy.ts';
import { newTask } from './kling-new.ts';
import type { Task, TaskStatus } from './kling-tasks.ts';

/** What a reader of a task is shown: the status and, after success, the addresses of the result's files. */
export type TaskReport = { status: TaskStatus; urls: string[] };

/**
 * The report for one query of one task; null when the task is not to be seen yet. Counts the reads and plays the
 * markers that concern queries; throws KlingRefusal for the ones that refuse.
 */
export function reportForQuery(task: Task, files: ResultFiles): TaskReport | null {
  task.reads += 1;
  const { markers } = task;
  if (markers.has('late-visible') && task.reads === 1) return null;
  if (markers.has('query-500') && task.reads <= 2) throw new KlingRefusal(5000);
  if (markers.has('query-busy') && task.reads <= 2) throw new KlingRefusal(1302);
  if (task.status === 'succeed') task.successReports += 1;
  if (markers.has('flip') && task.successReports === 2) return { status: 'processing', urls: [] };
  return currentReport(task, files);
}

/** The report as the task stands, for lists and callbacks. */
export function currentReport(task: Task, files: ResultFiles): TaskReport {
  const hasResult = task.status === 'succeed' && !task.markers.has('no-url');
  return { status: task.status, urls: hasResult ? files.urlsFor(task) : [] };
}

/** The body in the words of the generation by which the task was created. */
export function taskBody(task: Task, report: TaskReport) {
  return task.generation === 'legacy' ? legacyTask(task, report) : newTask(task, report);
}

/** Live: the legacy API answers 400/1201 for an id it does not know. */
export function unknownTask(name: string): KlingRefusal {
  return invalid(`Task not found by id/external id: ${name}`);
}
