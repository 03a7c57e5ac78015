import { z } from 'zod';
import type { HttpAnswer } from './exchange.ts';
import type { SubmitOutcome } from './provider.ts';
import { cleanText, shownBody } from './vendor-text.ts';

/** What a body code means for a create; see `SubmitOutcome` for the promises behind the words. */
export type KieCodeClass = 'account-blocked' | 'busy' | 'refused' | 'unclear';

interface KieCodeRow {
  meaning: string;
  class: KieCodeClass;
}

/**
 * Every documented body code of api.kie.ai (docs.kie.ai, common codes and createTask, snapshot 2026-04-29); the HTTP
 * status is 200 whatever the code (recorded 2026-04). The classes are ours: 408 and 500 may hide a task that exists, and
 * 433 and 505 are settings that only the account's owner can change.
 */
export const kieCodes: Readonly<Record<number, KieCodeRow>> = {
  400: { meaning: 'bad request', class: 'refused' },
  401: { meaning: 'no access with this key', class: 'account-blocked' },
  402: { meaning: 'credits used up', class: 'account-blocked' },
  404: { meaning: 'not found', class: 'refused' },
  408: { meaning: 'the upstream service gave no answer', class: 'unclear' },
  422: { meaning: 'validation failed', class: 'refused' },
  429: { meaning: 'too many requests', class: 'busy' },
  433: { meaning: "the sub-key's limit is reached", class: 'account-blocked' },
  455: { meaning: 'maintenance', class: 'busy' },
  500: { meaning: 'server error', class: 'unclear' },
  501: { meaning: 'generation failed', class: 'refused' },
  505: { meaning: 'the feature is disabled', class: 'account-blocked' },
};

/**
 * Words under code 500 that come before any task is made: a paused model, a field that is missing or outside its list.
 * Kie checks the request before it starts a job (create calls with empty input for many models, recorded 2026-08-31, none
 * of which made a task or took a credit; the third sentence is quoted by clients of 2025 and 2026).
 */
const refusalsUnder500 = [
  /^this interface is temporarily paused\.?$/i,
  /^(this field|[\w.[\]-]{1,64}) is required\.?$/i,
  /^(this field|[\w.[\]-]{1,64}) is not within the range of allowed options\.?$/i,
];

/** An empty balance was also seen as 429 (clients' reports, 2025-10 and 2026): "The current credits are insufficient." */
const emptyBalance = /credits? (are|is) insufficient|insufficient credits?/i;

/** Words seen when prompt or picture was refused: Kie's failed tasks and callback pages, and Kling's and Google's own. */
const contentWords =
  /content polic|flagged|sensitive|moderation|prohibited|nsfw|risk control|content safety|safety (filter|system|polic)|prominent people|minor upload/i;

/** Whether these words say that text or picture was refused for what it shows. */
export const saysContentRefused = (words: string): boolean => contentWords.test(words);

const envelopeSchema = z.object({ code: z.int(), msg: z.string().catch(''), data: z.unknown().optional() });
const createdSchema = z.object({ taskId: z.string().min(1).max(200) });

/** An answer read for its body code. `readable` is false for anything that is not Kie's envelope. */
export type KieReading =
  | { readable: true; code: number; message: string; data: unknown; reason: string }
  | { readable: false; reason: string };

/**
 * Opens the envelope `{code, msg, data}`. A server error of HTTP that says another thing than the code is a gateway's, and
 * nothing under it is believed.
 */
export function readEnvelope({ httpStatus, body }: HttpAnswer): KieReading {
  const parsed = envelopeSchema.safeParse(body);
  const isGateways = httpStatus >= 500 && parsed.data?.code !== httpStatus;
  if (!parsed.success || isGateways)
    return { readable: false, reason: cleanText(`HTTP ${httpStatus}, unreadable answer: ${shownBody(body)}`) };
  const { code, msg: message, data } = parsed.data;
  const meaning = kieCodes[code]?.meaning ?? (code === 200 ? 'ok' : 'a code we do not know');
  return {
    readable: true,
    code,
    message,
    data,
    reason: cleanText(`${code} ${meaning} (HTTP ${httpStatus}): ${message}`),
  };
}

const isHttpSuccess = ({ httpStatus }: HttpAnswer): boolean => httpStatus >= 200 && httpStatus < 300;

/** What one answer to a create says, by its body code. */
export function classifyCreate(answer: HttpAnswer): Exclude<SubmitOutcome, { outcome: 'not-sent' | 'exists' }> {
  const reading = readEnvelope(answer);
  const { reason } = reading;
  if (!reading.readable) return { outcome: 'unclear', reason };
  if (reading.code === 200) {
    const created = createdSchema.safeParse(reading.data);
    // Without an id a task may have been made all the same.
    if (!isHttpSuccess(answer) || !created.success) return { outcome: 'unclear', reason };
    return { outcome: 'accepted', taskId: created.data.taskId };
  }
  const { message } = reading;
  switch (classOf(reading.code, message)) {
    case 'account-blocked':
      return { outcome: 'account-blocked', reason };
    case 'busy':
      return { outcome: 'busy', reason };
    case 'refused':
      return { outcome: 'refused', because: saysContentRefused(message) ? 'content' : 'request', reason };
    case 'unclear':
      return { outcome: 'unclear', reason };
  }
}

function classOf(code: number, message: string): KieCodeClass {
  if (code === 500 && refusalsUnder500.some((words) => words.test(message.trim()))) return 'refused';
  if (code === 429 && emptyBalance.test(message)) return 'account-blocked';
  return kieCodes[code]?.class ?? 'unclear';
}

/** What one answer to a read says; `answered` carries the envelope's data. */
export type KieReadOutcome =
  | { outcome: 'answered'; data: unknown }
  | { outcome: 'absent' }
  | { outcome: 'account-blocked'; reason: string }
  | { outcome: 'unclear'; reason: string };

/** What one answer to a read says. An unknown task is 422 "recordInfo is null" (recorded 2026-04), or 404 by the page. */
export function classifyRead(answer: HttpAnswer): KieReadOutcome {
  const reading = readEnvelope(answer);
  const { reason } = reading;
  if (!reading.readable) return { outcome: 'unclear', reason };
  const { code, message } = reading;
  if (code === 200 && isHttpSuccess(answer)) return { outcome: 'answered', data: reading.data };
  if (code === 404 || (code === 422 && /recordinfo is null/i.test(message))) return { outcome: 'absent' };
  return { outcome: classOf(code, message) === 'account-blocked' ? 'account-blocked' : 'unclear', reason };
}
