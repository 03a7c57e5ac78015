import { z } from 'zod';
import type { ProviderTask } from './provider.ts';
import { cleanText } from './vendor-text.ts';

const videoSchema = z.object({ url: z.string().min(1).max(8192) });

const taskSchema = z.object({
  task_id: z.string().min(1).max(200),
  task_status: z.string().catch(''),
  task_status_msg: z.string().catch(''),
  task_info: z.object({ external_task_id: z.string().catch('') }).catch({ external_task_id: '' }),
  task_result: z.object({ videos: z.array(z.unknown()).catch([]) }).catch({ videos: [] }),
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

/** Reads one task of a lookup or of a list; null when it has not even an id. The clip is the one without watermark. */
export function readTask(row: unknown): ProviderTask | null {
  const parsed = taskSchema.safeParse(row);
  if (!parsed.success) return null;
  const task = parsed.data;
  const state = (Object.hasOwn(states, task.task_status) && states[task.task_status]) || 'unknown';
  const video = videoSchema.safeParse(task.task_result.videos[0]);
  const words = state === 'unknown' ? `status "${task.task_status}" ${task.task_status_msg}` : task.task_status_msg;
  return {
    taskId: task.task_id,
    externalId: task.task_info.external_task_id || null,
    state,
    reason: cleanText(words),
    ...(state === 'failed' && contentWords.test(words) && { because: 'content' as const }),
    resultUrl: state === 'succeeded' && video.success ? video.data.url : null,
  };
}
