import type { KlingOrder } from './kling-bodies.ts';
import { classifyCreate, classifyRead, type KlingReadOutcome } from './kling-codes.ts';
import type { KlingSend } from './kling-http.ts';
import type { ListOutcome, ProviderTask, SubmitOutcome } from './provider.ts';

const maxAnswerBytes = 1_000_000;
const maxListBytes = 8_000_000;
/** Kling's largest page, on both generations of its API. */
export const maxPageSize = 500;
const maxPages = 1000;

interface Create extends KlingOrder {
  /** Where the answer has the new task's id. */
  idField: 'task_id' | 'id';
  signal: AbortSignal;
}

/** Sends one create and says what became of it. */
export async function createTask(send: KlingSend, { path, body, idField, signal }: Create): Promise<SubmitOutcome> {
  const sent = await send({ method: 'POST', path, body: JSON.stringify(body), maxAnswerBytes, signal });
  switch (sent.kind) {
    case 'answered':
      return classifyCreate(sent.answer, idField);
    case 'not-sent':
      return { outcome: 'not-sent', reason: sent.reason };
    case 'cut':
      return { outcome: 'unclear', reason: sent.reason };
    case 'no-credentials':
      return { outcome: 'account-blocked', reason: sent.reason };
  }
}

interface Read {
  path: string;
  /** Sent with POST; left out: GET. */
  body?: string;
  /** A list may be longer than the answer about one task. */
  isList?: boolean;
  signal: AbortSignal;
}

/** Sends one question that makes nothing. */
export async function ask(send: KlingSend, { path, body, isList, signal }: Read): Promise<KlingReadOutcome> {
  const sent = await send({
    ...(body === undefined ? { method: 'GET' } : { method: 'POST', body }),
    path,
    maxAnswerBytes: isList ? maxListBytes : maxAnswerBytes,
    signal,
  });
  if (sent.kind === 'answered') return classifyRead(sent.answer);
  return { outcome: sent.kind === 'no-credentials' ? 'account-blocked' : 'unclear', reason: sent.reason };
}

interface Page<Place> {
  rows: unknown[];
  isLast: boolean;
  /** What the following page is asked by; null where that is not told. */
  next: Place | null;
}

interface Turn<Place> {
  limit: number;
  first: Place;
  turnTo(place: Place): Promise<KlingReadOutcome>;
  /** Null for what is no page. */
  readPage(data: unknown, place: Place): Page<Place> | null;
  readTask(row: unknown): ProviderTask | null;
}

/** Turns the pages of a list until there are `limit` tasks. A fault on any page is the fault of the whole list. */
export async function listTasks<Place>(list: Turn<Place>): Promise<ListOutcome> {
  // Tasks made while we turn pages push older ones onto the next page, so the same task may come twice.
  const tasks = new Map<string, ProviderTask>();
  let place: Place | null = list.first;
  let isWhole = false;
  let areAllReadable = true;
  for (let page = 1; page <= maxPages && place !== null && !isWhole && tasks.size < list.limit; page++) {
    const answer = await list.turnTo(place);
    if (answer.outcome === 'account-blocked' || answer.outcome === 'unclear') return answer;
    const found: Page<Place> | null = answer.outcome === 'answered' ? list.readPage(answer.data, place) : null;
    if (!found) return { outcome: 'unclear', reason: 'The answer holds no list.' };
    for (const row of found.rows) {
      const task = list.readTask(row);
      if (task) tasks.set(task.taskId, task);
      else areAllReadable = false;
    }
    isWhole = found.isLast;
    place = found.next;
  }
  const complete = isWhole && areAllReadable && tasks.size <= list.limit;
  return { outcome: 'listed', tasks: [...tasks.values()].slice(0, list.limit), complete };
}
