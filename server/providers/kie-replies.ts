import { z } from 'zod';
import { externalIdIn } from './kie-bodies.ts';
import { saysContentRefused } from './kie-codes.ts';
import type { ProviderTask } from './provider.ts';
import { cleanText } from './vendor-text.ts';

const textSchema = z
  .union([z.string(), z.number().transform(String)])
  .nullable()
  .catch(null);

const recordSchema = z.object({
  taskId: z.string().min(1).max(200),
  state: z.string().catch(''),
  param: z.unknown().optional(),
  resultJson: z.unknown().optional(),
  failCode: textSchema.optional(),
  failMsg: textSchema.optional(),
});

const resultSchema = z.object({ resultUrls: z.tuple([z.string().min(1).max(8192)], z.unknown()) });
const paramSchema = z.object({ callBackUrl: z.unknown() });

/** The five states of recordInfo (docs.kie.ai, snapshot 2026-04-29). No other word counts. */
const states: Readonly<Record<string, ProviderTask['state']>> = {
  waiting: 'waiting',
  queuing: 'waiting',
  generating: 'running',
  success: 'succeeded',
  fail: 'failed',
};

/**
 * Reads the record of one task; null when it has not even an id. `param` and `resultJson` are JSON inside strings live
 * (recorded 2026-04) and objects on older pages; what cannot be read in them is left out. The first address is the result.
 */
export function readRecord(data: unknown): ProviderTask | null {
  const parsed = recordSchema.safeParse(data);
  if (!parsed.success) return null;
  const { taskId, state: word, param, resultJson, failCode, failMsg } = parsed.data;
  const state = (Object.hasOwn(states, word) && states[word]) || 'unknown';
  const params = paramSchema.safeParse(opened(param));
  const result = resultSchema.safeParse(opened(resultJson));
  const words = [state === 'unknown' ? `state "${word}"` : '', failCode ?? '', failMsg ?? ''].filter(Boolean).join(' ');
  return {
    taskId,
    externalId: params.success ? externalIdIn(params.data.callBackUrl) : null,
    state,
    reason: cleanText(words),
    ...(state === 'failed' && saysContentRefused(words) && { because: 'content' as const }),
    resultUrl: state === 'succeeded' && result.success ? result.data.resultUrls[0] : null,
  };
}

/** JSON out of its string; anything else as it is. */
function opened(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}

const creditsSchema = z.number();

/** The balance: a number with decimals (recorded 2026-04); null for anything else. */
export function readBalance(data: unknown): number | null {
  return creditsSchema.safeParse(data).data ?? null;
}
