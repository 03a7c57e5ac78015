/** Which error codes have a sentence of their own, and which share one. */
import type { AnyCode } from '../api-error.ts';

/**
 * Codes that ask the same of the seller share a sentence: what differs between them matters only to the operator, who
 * has the code itself in `cover-error` and in the server's log.
 */
export const sameText = {
  body_too_large: 'invalid_request',
  idempotency_mismatch: 'invalid_request',
  token_expired: 'unauthorized',
  token_unavailable: 'unauthorized',
  forbidden: 'origin_not_allowed',
  result_lost: 'provider_failed',
  timed_out: 'provider_failed',
  picture_unusable: 'image_unreadable',
  image_too_large: 'upload_too_large',
  not_deletable: 'invalid_request',
} as const satisfies Partial<Record<AnyCode, AnyCode>>;

/**
 * These, and any code this version does not know, say what `unavailable` says. The modes that can meet the last two have
 * their own sentences.
 */
type PlainlyUnavailable =
  'internal' | 'bad_answer' | 'no_preset' | 'provider_refused' | 'over_budget' | 'not_shareable';

/** Codes with a sentence of their own. */
export type TextCode = Exclude<AnyCode, keyof typeof sameText | PlainlyUnavailable>;
