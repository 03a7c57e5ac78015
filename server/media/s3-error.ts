/** What a store or the way to it says no with. `message` is a sentence for the operator, with what to do where we know. */
export class S3Error extends Error {
  /** Null: no answer came. */
  readonly status: number | null;
  /** S3's own word, such as `SlowDown`; empty where it gave none. */
  readonly code: string;

  constructor(message: string, { status = null, code = '', cause }: Partial<ErrorFacts> = {}) {
    super(message, { cause });
    this.name = 'S3Error';
    this.status = status;
    this.code = code;
  }
}

interface ErrorFacts {
  status: number | null;
  code: string;
  cause: unknown;
}

export interface Refusal {
  status: number;
  code: string;
  message: string;
  /** The region S3 names instead, where it does. */
  region: string;
  method: string;
  bucket: string;
  endpoint: string;
}

const rights = 's3:GetObject, s3:PutObject and s3:DeleteObject on its objects and s3:ListBucket on the bucket';

/** Codes of docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (read 2026-11-20); other makes speak them too. */
const sentences: Record<string, (refusal: Refusal) => string> = {
  InvalidAccessKeyId: ({ endpoint }) => `${endpoint} does not know the key in AWS_ACCESS_KEY_ID`,
  SignatureDoesNotMatch: () =>
    'AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID, or STORAGE_URL names another region',
  InvalidToken: () => 'AWS_SESSION_TOKEN does not belong to these keys',
  ExpiredToken: () => 'AWS_SESSION_TOKEN has expired: the server needs keys that last',
  AccessDenied: ({ bucket }) => `The credentials may not do this in the bucket ${bucket}: they need ${rights}`,
  NoSuchBucket: ({ bucket, endpoint }) => `There is no bucket ${bucket} at ${endpoint}`,
  PermanentRedirect: ({ bucket }) => `The bucket ${bucket} lies in another region: correct it in STORAGE_URL`,
  AuthorizationHeaderMalformed: ({ region }) =>
    `The store expects ${region ? `region=${region}` : 'another region'} in STORAGE_URL`,
  RequestTimeTooSkewed: () => "This machine's clock differs from the store's: set it by NTP",
  XAmzContentSHA256Mismatch: () => 'The bytes that arrived were not the bytes that were sent',
  NotImplemented: () => 'The store lacks something that is needed, perhaps conditional writes (If-None-Match)',
};

/** A refusal in words. HEAD has no body, so a bare 403 is taken for what it most often is. */
export function refused(refusal: Refusal): S3Error {
  const { status, code, message, method } = refusal;
  const say = sentences[code || (status === 403 ? 'AccessDenied' : '')];
  const theirs = [code, message].filter(Boolean).join(': ') || `${method} without a word`;
  return new S3Error(`${say?.(refusal) ?? 'The store refuses'} (${status} ${theirs})`, { status, code });
}

/** No answer, or half of one. */
export function unreached(endpoint: string, cause: unknown): S3Error {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const isSlow = /TIMEOUT/.test(reason);
  return new S3Error(`${endpoint} ${isSlow ? 'does not answer in time' : 'cannot be reached'} (${reason})`, { cause });
}
