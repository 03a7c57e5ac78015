import { KieRefusal } from './kie-answers.ts';
import type { KieIntent, KieTask, KieTaskStore } from './kie-tasks.ts';
import type { Markers } from './markers.ts';
import type { Answer } from './simulator-http.ts';

/** Refusals of `busy-twice` before the third create gets through. */
const BUSY_POSTS = 2;

/**
 * Creates the task, or plays what the prompt's markers order instead. `attempt` is 1 for the first create with this
 * prompt; nothing else ties two creates together, because Kie.ai knows no idempotency. Throws KieRefusal when nothing was
 * created.
 */
export function createOnOrder(
  intent: KieIntent,
  { store, attempt }: { store: KieTaskStore; attempt: number },
): { answer: Answer; task: KieTask | null } {
  const { markers } = intent;
  const isFirst = attempt === 1;
  refuseOnOrder(markers, attempt);
  if (markers.has('lost-before-always') || (markers.has('lost-before') && isFirst)) {
    return { answer: { kind: 'cut' }, task: null };
  }
  if (markers.has('hang-before') && isFirst) return { answer: { kind: 'silence' }, task: null };
  if (markers.has('no-id-nothing') && isFirst) return { answer: { kind: 'success', data: null }, task: null };
  const task = store.create(intent);
  return { answer: oddAnswer(markers) ?? { kind: 'success', data: { taskId: task.id, recordId: task.id } }, task };
}

function refuseOnOrder(markers: Markers, attempt: number): void {
  const code = markers.numberAfter('code-');
  if (code !== null) throw new KieRefusal(code);
  const httpStatus = markers.numberAfter('http-');
  if (httpStatus !== null) throw new KieRefusal(httpStatus, undefined, httpStatus);
  if (markers.has('credits-429')) throw new KieRefusal(429, 'The current credits are insufficient. Please top up.');
  if (markers.has('busy-twice') && attempt <= BUSY_POSTS) throw new KieRefusal(429);
  if (markers.has('500') && attempt === 1) throw new KieRefusal(500);
}

/** What a client sees instead of the receipt, although the task exists; null for the receipt. */
function oddAnswer(markers: Markers): Answer | null {
  if (markers.has('lost-answer')) return { kind: 'cut' };
  if (markers.has('hang')) return { kind: 'silence' };
  if (markers.has('no-id')) return { kind: 'success', data: null };
  if (markers.has('502-html')) return { kind: 'html', httpStatus: 502 };
  if (markers.has('500-created')) return { kind: 'refusal', refusal: new KieRefusal(500) };
  return null;
}
