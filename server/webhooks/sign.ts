import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

const secretBytes = 32;

/** A new signing secret in the form of Standard Webhooks. */
export const newSecret = (): string => `whsec_${randomBytes(secretBytes).toString('base64')}`;

/** `whsec_` and 24 to 64 bytes in base64 (Standard Webhooks 1.0.0, "Signature scheme", read 2026-11-20). */
export function isSecret(text: string): boolean {
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const { length } = Buffer.from(base64, 'base64');
  return length >= 24 && length <= 64;
}

/** The headers that prove a message; while a secret is being replaced, both sign. `sentAtMs` is that of this try. */
export function signedHeaders(message: {
  id: string;
  sentAtMs: number;
  body: string;
  secrets: string[];
}): Record<string, string> {
  const { id, sentAtMs, body, secrets } = message;
  const sentAt = new Date(sentAtMs);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAtMs / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, sentAt, body)).join(' '),
  };
}
