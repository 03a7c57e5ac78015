import { z } from 'zod';
import { cleanText, shownBody } from './vendor-text.ts';
import type { SubmitOutcome } from './provider.ts';

/** One answer of Kling: the HTTP status, and the parsed JSON, or the text itself where it was no JSON. */
export interface KlingAnswer {
  httpStatus: number;
  body: unknown;
}

/** What a business code means to us; see `SubmitOutcome` for the promises behind the words. */
export type KlingCodeClass = 'account-blocked' | 'busy' | 'refused content' | 'refused request' | 'unclear';

interface KlingCodeRow {
  httpStatus: number;
  meaning: string;
  class: KlingCodeClass;
}

/**
 * Every documented error code. Source: Kling's error code page, kling.ai/document-api/api/get-started/error-codes,
 * captured 2026-09-20 (the Chinese and the older English page say the same). The classes are ours: 429 stands for
 * four lasting conditions as well, and after a 5000–5002 the task may exist.
 */
export const klingCodes: Readonly<Record<number, KlingCodeRow>> = {
  1000: { httpStatus: 401, meaning: 'authentication failed', class: 'account-blocked' },
  1001: { httpStatus: 401, meaning: 'authorization is empty', class: 'account-blocked' },
  1002: { httpStatus: 401, meaning: 'authorization is invalid', class: 'account-blocked' },
  1003: { httpStatus: 401, meaning: 'authorization is not yet valid', class: 'account-blocked' },
  1004: { httpStatus: 401, meaning: 'authorization has expired', class: 'account-blocked' },
  1100: { httpStatus: 429, meaning: 'abnormal account status', class: 'account-blocked' },
  1101: { httpStatus: 429, meaning: 'account in arrears', class: 'account-blocked' },
  1102: { httpStatus: 429, meaning: 'resource pack used up or expired', class: 'account-blocked' },
  1103: { httpStatus: 403, meaning: 'no permission for this API or model', class: 'account-blocked' },
  1200: { httpStatus: 400, meaning: 'invalid request parameters', class: 'refused request' },
  1201: { httpStatus: 400, meaning: 'invalid key or value of a parameter', class: 'refused request' },
  1202: { httpStatus: 404, meaning: 'invalid method', class: 'refused request' },
  1203: { httpStatus: 404, meaning: 'the resource, such as the model, does not exist', class: 'refused request' },
  1300: { httpStatus: 400, meaning: 'blocked by the platform policy', class: 'refused content' },
  1301: { httpStatus: 400, meaning: 'blocked by the content security policy', class: 'refused content' },
  1302: { httpStatus: 429, meaning: 'too many requests', class: 'busy' },
  1303: { httpStatus: 429, meaning: 'no free slot in the resource pack', class: 'busy' },
  1304: { httpStatus: 429, meaning: 'this IP address is not on the allow list', class: 'account-blocked' },
  5000: { httpStatus: 500, meaning: 'internal error', class: 'unclear' },
  5001: { httpStatus: 503, meaning: 'temporarily unavailable', class: 'unclear' },
  5002: { httpStatus: 504, meaning: 'internal timeout', class: 'unclear' },
};

const envelopeSchema = z.object({
  code: z.int(),
  message: z.string().catch(''),
  request_id: z.string().catch(''),
  data: z.unknown().optional(),
});
const createdIdSchema = z.string().min(1).max(200);
const createdSchemas = {
  task_id: z.object({ task_id: createdIdSchema }).transform((created) => created.task_id),
  id: z.object({ id: createdIdSchema }).transform((created) => created.id),
};

/** An answer read for its business code. `readable` is false for anything that is not Kling's envelope. */
export type KlingReading =
  | { readable: true; code: number; message: string; requestId: string; data: unknown; reason: string }
  | { readable: false; reason: string };

/** Opens the envelope `{code, message, request_id, data}`; `request_id` and `data` may be missing. */
export function readEnvelope(answer: KlingAnswer): KlingReading {
  const parsed = envelopeSchema.safeParse(answer.body);
  if (!parsed.success) {
    return {
      readable: false,
      reason: cleanText(`HTTP ${answer.httpStatus}, unreadable answer: ${shownBody(answer.body)}`),
    };
  }
  const { code, message, request_id: requestId, data } = parsed.data;
  const meaning = klingCodes[code]?.meaning ?? (code === 0 ? 'ok' : 'a code we do not know');
  const request = requestId ? `, request ${requestId}` : '';
  const reason = cleanText(`${code} ${meaning} (HTTP ${answer.httpStatus}${request}): ${message}`);
  return { readable: true, code, message, requestId, data, reason };
}

/** True for 1003 and 1004: nothing was done, and a token signed anew may be accepted. */
export function asksForNewToken(answer: KlingAnswer): boolean {
  const reading = readEnvelope(answer);
  return answer.httpStatus < 500 && reading.readable && (reading.code === 1003 || reading.code === 1004);
}

/**
 * What one answer to a create says. Decided by the business code; the HTTP status counts only from 500 up. The new task's
 * id is called `task_id` on the legacy paths, `id` on the new ones.
 */
export function classifyCreate(
  answer: KlingAnswer,
  idField: keyof typeof createdSchemas,
): Exclude<SubmitOutcome, { outcome: 'not-sent' }> {
  const reading = readEnvelope(answer);
  const { reason } = reading;
  if (!reading.readable || answer.httpStatus >= 500) return { outcome: 'unclear', reason };
  if (reading.code === 0) {
    // Code 0 without an id was seen live (fact sheet 1.4), so the task may exist under our external id.
    const created = createdSchemas[idField].safeParse(reading.data);
    const isSuccess = answer.httpStatus >= 200 && answer.httpStatus < 300 && created.success;
    return isSuccess ? { outcome: 'accepted', taskId: created.data } : { outcome: 'unclear', reason };
  }
  switch (klingCodes[reading.code]?.class) {
    case 'account-blocked':
      return { outcome: 'account-blocked', reason };
    case 'busy':
      return { outcome: 'busy', reason };
    case 'refused content':
      return { outcome: 'refused', because: 'content', reason };
    case 'refused request':
      // 1201 is also the answer to a taken external id (measured 2026-09-21): "External_task_id … already exists".
      if (/already\s+exist/i.test(reading.message)) return { outcome: 'exists', reason };
      return { outcome: 'refused', because: 'request', reason };
    default:
      return { outcome: 'unclear', reason };
  }
}

/** What one answer to a read says; `answered` carries the envelope's data. */
export type KlingReadOutcome =
  | { outcome: 'answered'; data: unknown }
  | { outcome: 'absent' }
  | { outcome: 'account-blocked'; reason: string }
  | { outcome: 'unclear'; reason: string };

/** What one answer to a lookup or a list says. Only Kling's own "Task not found" is an absence. */
export function classifyRead(answer: KlingAnswer): KlingReadOutcome {
  const reading = readEnvelope(answer);
  const { reason } = reading;
  if (!reading.readable || answer.httpStatus >= 500) return { outcome: 'unclear', reason };
  if (reading.code === 0) {
    const isSuccess = answer.httpStatus >= 200 && answer.httpStatus < 300;
    return isSuccess ? { outcome: 'answered', data: reading.data } : { outcome: 'unclear', reason };
  }
  // Measured 2026-08 and 2026-09: HTTP 400, 1201, "Task not found by id/external id: <id>".
  if (reading.code === 1201 && /task not found/i.test(reading.message)) return { outcome: 'absent' };
  if (klingCodes[reading.code]?.class === 'account-blocked') return { outcome: 'account-blocked', reason };
  return { outcome: 'unclear', reason };
}
