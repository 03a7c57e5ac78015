import { KieRefusal } from './kie-answers.ts';
import type { KieTask } from './kie-tasks.ts';
import type { KieState } from './kie-steps.ts';

/** What a reader of a task is shown: the state and, after success, the addresses of the results. */
export type KieReport = { state: KieState; urls: string[] };

/** An unknown id: code 422, live (the vendor's page lists 404). */
export function unknownRecord(): KieRefusal {
  return new KieRefusal(422, 'recordInfo is null');
}

/**
 * The report for one query. Counts the reads and plays the markers that concern queries; throws KieRefusal for the ones
 * that refuse.
 */
export function reportForQuery(task: KieTask, urlFor: (task: KieTask) => string): KieReport {
  task.reads += 1;
  const { markers } = task;
  if (markers.has('late-visible') && task.reads === 1) throw unknownRecord();
  if (markers.has('query-500') && task.reads <= 2) throw new KieRefusal(500);
  if (markers.has('query-429') && task.reads <= 2) throw new KieRefusal(429);
  if (markers.has('gone')) throw unknownRecord();
  if (task.state === 'success') task.successReports += 1;
  if (markers.has('flip') && task.successReports === 2) return { state: 'generating', urls: [] };
  return currentReport(task, urlFor);
}

/** The report as the task stands, for callbacks. */
export function currentReport(task: KieTask, urlFor: (task: KieTask) => string): KieReport {
  const hasResult = task.state === 'success' && !task.markers.has('no-url');
  return { state: task.state, urls: hasResult ? [urlFor(task)] : [] };
}

/**
 * `recordInfo.data` as recorded live in August 2026: this order, `resultJson` empty and the others null until the end,
 * `costTime` in seconds. In April 2026 `creditsConsumed` was not there yet.
 */
export function kieRecord(task: KieTask, { state, urls }: KieReport) {
  const isOver = state === 'success' || state === 'fail';
  const endedAtMs = isOver ? task.completedAtMs : null;
  return {
    taskId: task.id,
    model: task.model,
    state,
    param: paramText(task),
    resultJson: state === 'success' ? resultText(task, urls) : '',
    failCode: state === 'fail' ? (task.failure?.failCode ?? null) : null,
    failMsg: state === 'fail' ? (task.failure?.failMsg ?? null) : null,
    costTime: endedAtMs === null ? null : Math.floor((endedAtMs - task.createdAtMs) / 1000),
    completeTime: endedAtMs,
    createTime: task.createdAtMs,
    creditsConsumed: state === 'fail' ? 0 : task.credits,
  };
}

/** The body of a callback: sent once, at the end (docs.kie.ai, September 2026). */
export function callbackBody(task: KieTask, report: KieReport) {
  const { creditsConsumed, ...record } = kieRecord(task, report);
  const data = { ...record, updateTime: record.completeTime, creditsConsumed };
  if (report.state === 'fail')
    return { code: 501, msg: 'Playground task failed.', data: { ...data, resultJson: null } };
  return { code: 200, msg: 'Playground task completed successfully.', data };
}

/** Live: the input is JSON inside JSON, with the vendor's defaults filled in. */
function paramText(task: KieTask): string {
  return JSON.stringify({
    ...(task.callBackUrl !== null && { callBackUrl: task.callBackUrl }),
    input: JSON.stringify(task.input),
    model: task.model,
  });
}

function resultText(task: KieTask, urls: string[]): string {
  if (task.markers.has('bad-result-json')) return '{"resultUrls":["https://';
  if (task.model.startsWith('sora-2')) return JSON.stringify({ resultUrls: urls, resultWaterMarkUrls: urls });
  return JSON.stringify({ resultUrls: urls });
}
