import { timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** One callback as it came in. `rawBody` is what was received, byte for byte; header names in lower case. */
export interface KlingCallback {
  /** The console's `whsec_…`. */
  secret: string;
  headers: Readonly<Record<string, string | undefined>>;
  rawBody: Uint8Array;
  /** Milliseconds since 1970. */
  now: number;
}

const toleranceSeconds = 5 * 60;

/**
 * Whether Kling signed this callback within five minutes of now: Standard Webhooks, one match among several signatures
 * is enough while a secret is being replaced (Kling callbacks page, captured 2026-09-20). A secret that cannot be read
 * makes every answer false. What the body says is never looked at: a true callback is only a hint to ask Kling.
 */
export function verifyKlingCallback({ secret, headers, rawBody, now }: KlingCallback): boolean {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (!id || !timestamp || !signatures) return false;
  // Written so that a time that is no number is outside, too.
  if (!(Math.abs(now / 1000 - Number(timestamp)) <= toleranceSeconds)) return false;
  const expected = sign({ secret, id, timestamp, rawBody });
  return expected !== null && signatures.split(' ').some((signature) => isSame(signature, expected));
}

// `Webhook.verify` reads the machine's clock itself; `sign` with the received time leaves the clock to the caller.
function sign(signed: { secret: string; id: string; timestamp: string; rawBody: Uint8Array }): string | null {
  try {
    const body = Buffer.from(signed.rawBody);
    return new Webhook(signed.secret).sign(signed.id, new Date(Number(signed.timestamp) * 1000), body);
  } catch {
    return null;
  }
}

function isSame(received: string, expected: string): boolean {
  const left = Buffer.from(received);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}
