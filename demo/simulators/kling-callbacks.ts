import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { createCallbackSender } from './callback-sender.ts';

/** One delivery: the body is JSON text, sent as it is and signed as it is. */
export type KlingCallback = { address: string; body: string; wrongSignature: boolean };

const ATTEMPT_TIMEOUT_MS = 5000;

/**
 * Sends callbacks in the background. `secret` (`whsec_…`) signs them as Standard Webhooks; null sends them unsigned.
 * Kling documents neither retries nor a timeout.
 */
export function createKlingCallbackSender(parts: { secret: string | null; retryDelaysMs: readonly number[] }) {
  const { retryDelaysMs, secret } = parts;
  const sender = createCallbackSender({ retryDelaysMs, attemptTimeoutMs: ATTEMPT_TIMEOUT_MS });
  return {
    /** Returns at once; every attempt of one callback carries the same id. */
    send({ address, body, wrongSignature }: KlingCallback): void {
      const messageId = randomUUID();
      const signed = wrongSignature ? `${body} ` : body;
      sender.send({ address, body, headers: () => signatureHeaders({ secret, messageId, signed }) });
    },
    close: sender.close,
  };
}

/** The three Standard Webhooks headers; the time is the real one, because receivers compare it with theirs. */
function signatureHeaders({ secret, messageId, signed }: { secret: string | null; messageId: string; signed: string }) {
  const headers: Record<string, string> = {};
  if (secret === null) return headers;
  const sentAt = new Date();
  headers['webhook-id'] = messageId;
  headers['webhook-timestamp'] = String(Math.floor(sentAt.getTime() / 1000));
  headers['webhook-signature'] = new Webhook(secret).sign(messageId, sentAt, signed);
  return headers;
}
