/** What the caller can be told about an error: HTTP status, a safe sentence, and whether trying again may help. */
interface ErrorRule {
  status: 400 | 401 | 402 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
  detail: string;
  retryable?: true;
}

/** The closed list of API errors. The order is that of the HTTP status. */
export const errorRules = {
  unauthorized: { status: 401, detail: 'The token is missing or not valid. Ask the host site for a new one.' },
  token_expired: { status: 401, detail: 'The token has expired. Ask the host site for a new one.', retryable: true },
  insufficient_tokens: {
    status: 402,
    detail: 'There are not enough tokens. Nothing was created and nothing was charged.',
  },
  over_budget: { status: 402, detail: 'The budget of this batch does not cover this item; it was not ordered.' },
  origin_not_allowed: { status: 403, detail: "This page's origin is not on the site's list. The operator can add it." },
  forbidden: { status: 403, detail: 'This action is not allowed.' },
  not_found: { status: 404, detail: 'There is no such record.' },
  not_cancellable: { status: 409, detail: 'Only a job that still waits in the queue can be cancelled.' },
  not_shareable: { status: 409, detail: 'Only a finished job can be shared.' },
  not_deletable: { status: 409, detail: 'Only an ended job can be deleted.' },
  upload_too_large: { status: 413, detail: 'The picture file is too large.' },
  body_too_large: { status: 413, detail: 'The request body is too large.' },
  unsupported_media_type: { status: 415, detail: 'This content type is not accepted here.' },
  invalid_request: { status: 422, detail: 'The request is not valid.' },
  text_refused: {
    status: 422,
    detail: 'This text may not be ordered here. Change it and try again; nothing was charged.',
  },
  idempotency_mismatch: { status: 422, detail: 'This Idempotency-Key was already used with another body.' },
  image_unreadable: { status: 422, detail: 'The picture is damaged or is not a JPEG, PNG or WebP.' },
  image_too_small: { status: 422, detail: 'The picture is too small.' },
  image_ratio: { status: 422, detail: 'The picture is too long or too wide.' },
  rate_limited: { status: 429, detail: 'Too many requests. Wait a moment and try again.', retryable: true },
  internal: { status: 500, detail: 'Something went wrong on our side. Nothing was lost; try again.', retryable: true },
  unavailable: { status: 503, detail: 'The service is not ready. Try again in a moment.', retryable: true },
} as const satisfies Record<string, ErrorRule>;

export type ErrorCode = keyof typeof errorRules;

/** Facts that travel with an error to the caller: numbers and short public words, never vendor text. */
export type ErrorFacts = Record<string, string | number | boolean | string[]>;

/** The one error class for expected faults. `cause` is for the log only. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, facts: ErrorFacts = {}, cause?: unknown) {
    super(code, { cause });
    this.name = 'AppError';
    this.code = code;
    this.facts = facts;
  }
}

/** Why a job failed, as the seller may know it. The vendor's own words stay in `errorMessage`, for the admin. */
export const jobErrorTexts = {
  content_refused: 'The video service refused this picture or text. Try another one.',
  provider_refused: 'The video service did not accept the task. The operator has been told.',
  provider_failed: 'The video service could not make this. Try again or use another picture.',
  picture_unusable: 'The picture could not be prepared. Upload it again.',
  result_rejected: 'What came back did not have the promised shape, length or sound.',
  result_lost: 'The finished file could not be fetched in time.',
  timed_out: 'It was not made in time.',
} as const;

export type JobErrorCode = keyof typeof jobErrorTexts;
