import { z } from 'zod';
import type { ProviderTask } from './provider.ts';
import { cleanText } from './vendor-text.ts';

const idSchema = z.string().min(1).max(200);
const fileSchema = z.object({ url: z.string().min(1).max(8192) });
/** Left out while a task goes on; `catch` alone would make an error of each, which takes most of the time of a long list. */
const files = z.array(z.unknown()).optional().catch(undefined);
const clipSchema = z.object({ type: z.literal('video') });

const legacySchema = z.object({
  task_id: idSchema,
  task_status: z.string().catch(''),
  task_status_msg: z.string().catch(''),
  task_info: z.object({ external_task_id: z.string().catch('') }).catch({ external_task_id: '' }),
  task_result: z.object({ videos: files, images: files }).optional().catch(undefined),
});

const newSchema = z.object({
  id: idSchema,
  status: z.string().catch(''),
  message: z.string().catch(''),
  external_id: z.string().catch(''),
  outputs: files,
});

// The legacy API says `succeed`, the new one `succeeded` (Kling's task pages, captured 2026-09-20). No other word counts.
const states: Readonly<Record<string, ProviderTask['state']>> = {
  submitted: 'waiting',
  processing: 'running',
  succeed: 'succeeded',
  succeeded: 'succeeded',
  failed: 'failed',
};

/** A failed task carries no code, only words; these were seen when picture or text was refused (live reports, 2026). */
const contentWords = /risk control|sensitive|content (policy|safety)|moderation/i;

/**
 * Reads a task of the legacy API, from a lookup or a list; null when it has not even an id. The file is the one without
 * watermark.
 */
export function readLegacyTask(row: unknown): ProviderTask | null {
  const parsed = legacySchema.safeParse(row);
  if (!parsed.success) return null;
  const { task_id: taskId, task_status: status, task_status_msg: words, task_info, task_result } = parsed.data;
  const file = task_result?.videos?.[0] ?? task_result?.images?.[0];
  return taskOf({ taskId, externalId: task_info.external_task_id, status, words, file });
}

/** Reads a clip's task of the new API; null when it has not even an id. The file is the one without watermark. */
export function readNewTask(row: unknown): ProviderTask | null {
  const parsed = newSchema.safeParse(row);
  if (!parsed.success) return null;
  const { id: taskId, status, message: words, external_id: externalId, outputs } = parsed.data;
  return taskOf({
    taskId,
    externalId,
    status,
    words,
    file: outputs?.find((output) => clipSchema.safeParse(output).success),
  });
}

interface Told {
  taskId: string;
  externalId: string;
  status: string;
  words: string;
  file: unknown;
}

function taskOf({ taskId, externalId, status, words: told, file }: Told): ProviderTask {
  const state = (Object.hasOwn(states, status) && states[status]) || 'unknown';
  const result = state === 'succeeded' ? fileSchema.safeParse(file) : null;
  const words = state === 'unknown' ? `status "${status}" ${told}` : told;
  return {
    taskId,
    externalId: externalId || null,
    state,
    reason: cleanText(words),
    ...(state === 'failed' && contentWords.test(words) && { because: 'content' as const }),
    resultUrl: result?.success ? result.data.url : null,
  };
}
