import { KlingRefusal } from './kling-answers.ts';
import type { Answer } from './simulator-http.ts';
import type { Task, TaskIntent, TaskStore } from './kling-tasks.ts';

/** Slots refuse the first posts of `busy-twice` before the third gets through. */
const BUSY_POSTS = 2;

/**
 * Creates the task, or plays what the prompt's markers order instead. `attempt` is 1 for the first post of this
 * external id. Returns what the client sees; throws KlingRefusal when nothing was created.
 */
export function createOnOrder(
  intent: TaskIntent,
  { store, attempt, receipt }: { store: TaskStore; attempt: number; receipt: (task: Task) => object },
): { answer: Answer; task: Task | null } {
  const { markers } = intent;
  const isFirst = attempt === 1;
  const refusalCode = markers.numberAfter('refuse-');
  if (refusalCode !== null) throw new KlingRefusal(refusalCode);
  if (markers.has('busy-twice') && attempt <= BUSY_POSTS) throw new KlingRefusal(1303);
  if (markers.has('500') && isFirst) throw new KlingRefusal(5000);
  if (markers.has('lost-before-always') || (markers.has('lost-before') && isFirst)) {
    return { answer: { kind: 'cut' }, task: null };
  }
  if (markers.has('hang-before') && isFirst) return { answer: { kind: 'silence' }, task: null };
  if (markers.has('no-id-nothing') && isFirst) return { answer: { kind: 'success', data: null }, task: null };
  const task = store.create(intent);
  if (markers.has('lost-answer')) return { answer: { kind: 'cut' }, task };
  if (markers.has('hang')) return { answer: { kind: 'silence' }, task };
  if (markers.has('no-id')) return { answer: { kind: 'success', data: null }, task };
  if (markers.has('502-html')) return { answer: { kind: 'html', httpStatus: 502 }, task };
  if (markers.has('500-created')) return { answer: { kind: 'refusal', refusal: new KlingRefusal(5000) }, task };
  if (markers.has('504-created')) return { answer: { kind: 'refusal', refusal: new KlingRefusal(5002) }, task };
  return { answer: { kind: 'success', data: receipt(task) }, task };
}
