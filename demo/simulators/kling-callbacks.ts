import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';

/** One delivery: the body is JSON text, sent as it is and signed as it is. */
export type Callback = { address: string; body: string; wrongSignature: boolean };

const ATTEMPT_TIMEOUT_MS = 5000;

/**
 * Sends callbacks in the background. `secret` (`whsec_…`) signs them as Standard Webhooks; null sends them unsigned.
 * Kling documents neither retries nor a timeout: anything but 2xx is tried again after each of `retryDelaysMs`, then dropped.
 */
export function createCallbackSender({ secret, retryDelaysMs }: { secret: string | null; retryDelaysMs: number[] }) {
  const closing = new AbortController();

  async function attempt(callback: Callback, messageId: string): Promise<boolean> {
    try {
      const response = await fetch(callback.address, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          ...signatureHeaders(callback, { secret, messageId }),
        },
        body: callback.body,
        redirect: 'manual',
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  async function deliver(callback: Callback): Promise<void> {
    const messageId = randomUUID();
    for (const delayMs of [0, ...retryDelaysMs]) {
      if (delayMs > 0) await pause(delayMs, undefined, { signal: closing.signal, ref: false });
      if (await attempt(callback, messageId)) return;
    }
  }

  return {
    /** Returns at once; a failed delivery changes nothing. */
    send(callback: Callback): void {
      deliver(callback).catch(() => undefined);
    },
    close(): void {
      closing.abort();
    },
  };
}

/** The three Standard Webhooks headers; the time is the real one, because receivers compare it with theirs. */
function signatureHeaders(
  callback: Callback,
  { secret, messageId }: { secret: string | null; messageId: string },
): Record<string, string> {
  if (secret === null) return {};
  const sentAt = new Date();
  const signed = callback.wrongSignature ? `${callback.body} ` : callback.body;
  return {
    'webhook-id': messageId,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(messageId, sentAt, signed),
  };
}
