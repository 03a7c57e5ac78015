/** What can go wrong between the widget and the server, as one typed error. */
import type { ErrorCode, JobErrorCode } from '../server/errors.ts';

/** Faults found by the widget itself; the server never sends these codes. */
export type ClientCode =
  | 'network'
  | 'bad_answer'
  | 'token_unavailable'
  | 'not_configured'
  | 'no_preset'
  | 'heic'
  | 'one_picture'
  | 'image_too_large'
  | 'recheck_frame';

/** Everything the widget has a sentence for. */
export type AnyCode = ErrorCode | JobErrorCode | ClientCode;

/** Numbers and short words that travel with an error: `needed`, `balance`, `retryAfter` (seconds), `maxBytes` … */
export type Facts = Record<string, unknown>;

/** An expected fault. `status` is the HTTP status, 0 when there was no answer. Never carries a token. */
export class ApiError extends Error {
  readonly code: AnyCode;
  readonly status: number;
  readonly facts: Facts;

  constructor(
    code: AnyCode,
    { status = 0, facts = {}, cause }: { status?: number; facts?: Facts; cause?: unknown } = {},
  ) {
    super(code, { cause });
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.facts = facts;
  }
}

/** The script tag and the modes it loads are two bundles with a class each, so the name decides. */
const isApiError = (fault: unknown): fault is ApiError => fault instanceof Error && fault.name === 'ApiError';

/** Any thrown value as an ApiError; an unknown fault counts as a broken connection. */
export const asApiError = (fault: unknown): ApiError =>
  isApiError(fault) ? fault : new ApiError('network', { cause: fault });

/** Reads an answer that was not a success; falls back on the status alone when the body is not a problem document. */
export function problemError(status: number, body: string): ApiError {
  let facts: Facts = {};
  try {
    facts = JSON.parse(body) as Facts;
  } catch {
    // A proxy in between answers in its own words; the status says enough.
  }
  const code = typeof facts?.code === 'string' ? (facts.code as ErrorCode) : codeOfStatus(status);
  return new ApiError(code, { status, facts: facts ?? {} });
}

function codeOfStatus(status: number): AnyCode {
  if (status === 401) return 'unauthorized';
  return status === 413 ? 'upload_too_large' : 'unavailable';
}
