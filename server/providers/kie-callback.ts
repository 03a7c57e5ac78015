import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const idSchema = z.string().regex(/^[\w.:-]{1,100}$/);
const textSchema = z.string().or(z.number()).nullable().optional().catch(undefined);

const bodySchema = z.object({
  code: z.number().optional().catch(undefined),
  data: z
    .object({
      taskId: idSchema.optional().catch(undefined),
      task_id: idSchema.optional().catch(undefined),
      state: textSchema,
      failCode: textSchema,
      failMsg: textSchema,
    })
    .catch({}),
});

/** What a callback says. Only `taskId` leads to anything, and only once Kie itself has said that the task is ours. */
export interface KieClaims {
  taskId?: string;
  [claim: string]: unknown;
}

/** Reads a callback; nothing of what cannot be read. Kie's pages write `taskId` and `task_id` (snapshot 2026-04-29). */
export function readKieCallback(rawBody: Uint8Array): KieClaims {
  try {
    const { code, data } = bodySchema.parse(JSON.parse(Buffer.from(rawBody).toString()));
    const { taskId = data.task_id, state, failCode, failMsg } = data;
    const claims = { taskId, code, state, failCode, failMsg };
    return Object.fromEntries(Object.entries(claims).filter(([, claim]) => claim !== undefined && claim !== null));
  } catch {
    return {};
  }
}

/** One callback's proof. Header names in lower case; `now` in milliseconds since 1970. */
export interface KieProof {
  /** The console's webhook key. */
  key: string;
  headers: Readonly<Record<string, string | undefined>>;
  taskId: string | undefined;
  now: number;
}

const toleranceSeconds = 5 * 60;

/**
 * Whether somebody with the key signed this task's id within five minutes of now: base64 of HMAC-SHA256 over
 * `taskId.timestamp` (webhook page, snapshot 2026-04-29). The body is not covered: whoever saw one callback can send any
 * words about its task under the same headers, so the words are never believed.
 */
export function verifyKieCallback({ key, headers, taskId, now }: KieProof): boolean {
  const timestamp = headers['x-webhook-timestamp'];
  const signature = headers['x-webhook-signature'];
  if (!taskId || !timestamp || !signature || !/^\d{1,15}$/.test(timestamp)) return false;
  if (Math.abs(now / 1000 - Number(timestamp)) > toleranceSeconds) return false;
  const expected = Buffer.from(createHmac('sha256', key).update(`${taskId}.${timestamp}`).digest('base64'));
  const received = Buffer.from(signature);
  return received.length === expected.length && timingSafeEqual(received, expected);
}
