import { createHmac } from 'node:crypto';
import { createCallbackSender } from './callback-sender.ts';
import { callbackBody } from './kie-records.ts';
import type { KieReport } from './kie-records.ts';
import type { KieTask } from './kie-tasks.ts';

/** Stated for two older endpoints of Kie.ai, not for this one. */
const ATTEMPT_TIMEOUT_MS = 15_000;

/** Sends callbacks in the background; without a `webhookKey` they are unsigned. */
export function createKieCallbacks(parts: { webhookKey: string | null; retryDelaysMs: readonly number[] }) {
  const { webhookKey, retryDelaysMs } = parts;
  const sender = createCallbackSender({ retryDelaysMs, attemptTimeoutMs: ATTEMPT_TIMEOUT_MS });

  /** The signature covers the task's id and the time, not the body (docs.kie.ai, webhook page, read 2026-04-29). */
  function headersFor(taskId: string): Record<string, string> {
    if (webhookKey === null) return {};
    const seconds = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', webhookKey).update(`${taskId}.${seconds}`).digest('base64');
    return { 'X-Webhook-Timestamp': seconds, 'X-Webhook-Signature': signature };
  }

  function post(task: KieTask, report: KieReport, { signedFor, names }: { signedFor: string; names: string }): void {
    if (task.callBackUrl === null) return;
    const body = JSON.stringify(callbackBody({ ...task, id: names }, report));
    sender.send({ address: task.callBackUrl, body, headers: () => headersFor(signedFor) });
  }

  return {
    /** Tells the end of a task, with everything that its markers order. Returns at once. */
    tell(task: KieTask, report: KieReport): void {
      const { markers, id } = task;
      if (markers.has('no-callback')) return;
      const stranger = 'f'.repeat(32);
      if (markers.has('foreign-callback')) post(task, report, { signedFor: stranger, names: stranger });
      const signedFor = markers.has('wrong-signature') ? stranger : id;
      post(task, report, { signedFor, names: id });
      if (markers.has('callback-twice')) post(task, report, { signedFor, names: id });
    },
    /** Claims success for a task that is still waiting, under a true signature: what a captured header pair allows. */
    forge(task: KieTask): void {
      const report: KieReport = { state: 'success', urls: ['https://forged.example/result.mp4'] };
      const forged = { ...task, completedAtMs: task.createdAtMs };
      post(forged, report, { signedFor: task.id, names: task.id });
    },
    close: sender.close,
  };
}
