/** SigV4 from the server's side, written from the specification and sharing nothing with the client's library. */
import { createHash, createHmac } from 'node:crypto';

export interface SeenRequest {
  method: string;
  /** Path and query, exactly as they came. */
  target: string;
  /** Names in lower case, `host` among them. */
  headers: Record<string, string | undefined>;
}

export interface Key {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
}

const lifeMs = 15 * 60_000;
const hmac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const encoded = (text: string) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Null when the request is signed with this key for now, else S3's code for what is wrong
 * (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html, read 2026-11-20).
 */
export function signatureFault(request: SeenRequest, key: Key, nowMs: number): string | null {
  const [path = '', query = ''] = request.target.split('?');
  const parameters = query
    .split('&')
    .filter(Boolean)
    .map((pair) => pair.split('='))
    .map(([name = '', value = '']) => [decodeURIComponent(name), decodeURIComponent(value)] as const);
  const signed = partsOf(request, Object.fromEntries(parameters));
  if (!signed) return 'AccessDenied';
  const [accessKeyId, date, region, service, end] = signed.credential.split('/');
  const atMs = Date.parse(signed.stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (accessKeyId !== key.accessKeyId) return 'InvalidAccessKeyId';
  if (region !== key.region) return 'AuthorizationHeaderMalformed';
  if (signed.seconds === null && !(Math.abs(nowMs - atMs) <= lifeMs)) return 'RequestTimeTooSkewed';
  if (signed.seconds !== null && !(nowMs < atMs + signed.seconds * 1000)) return 'AccessDenied';

  const canonicalQuery = parameters
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join('&');
  const canonical = [
    request.method,
    decodeURIComponent(path).split('/').map(encoded).join('/'),
    canonicalQuery,
    ...signed.headers.map((name) => `${name}:${request.headers[name]?.trim().replaceAll(/ +/g, ' ')}`),
    '',
    signed.headers.join(';'),
    signed.seconds === null ? request.headers['x-amz-content-sha256'] : 'UNSIGNED-PAYLOAD',
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', signed.stamp, [date, region, service, end].join('/'), sha256(canonical)].join('\n');
  const dayKey = hmac(hmac(hmac(hmac(`AWS4${key.secretAccessKey}`, date!), region), service!), end!);
  return hmac(dayKey, text).toString('hex') === signed.signature ? null : 'SignatureDoesNotMatch';
}

/** From the header, or from the query of an address that opens by itself. Every header of Amazon's must be signed. */
function partsOf({ headers }: SeenRequest, query: Record<string, string>) {
  const found = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
    headers['authorization'] ?? '',
  );
  const isQuery = query['X-Amz-Algorithm'] === 'AWS4-HMAC-SHA256';
  if (!found && !isQuery) return null;
  const names = (found?.[2] ?? query['X-Amz-SignedHeaders'] ?? '').split(';');
  const amazons = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
  if (!amazons.every((name) => names.includes(name))) return null;
  return {
    credential: found?.[1] ?? query['X-Amz-Credential'] ?? '',
    headers: names,
    signature: found?.[3] ?? query['X-Amz-Signature'] ?? '',
    stamp: headers['x-amz-date'] ?? query['X-Amz-Date'] ?? '',
    seconds: found ? null : Number(query['X-Amz-Expires']),
  };
}
