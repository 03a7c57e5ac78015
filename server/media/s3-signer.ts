import { AwsV4Signer } from 'aws4fetch';

export interface S3Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of temporary keys. */
  sessionToken?: string | undefined;
}

export interface S3Place {
  bucket: string;
  /** Before every key; without slashes at its ends, empty for none. */
  prefix: string;
  region: string;
  /** Without a slash at the end. */
  endpoint: string;
  /** Whether the bucket stands in the path, `endpoint/bucket/key`, or in the host, `bucket.endpoint/key`. */
  addressing: 'path' | 'host';
}

interface Signing {
  place: S3Place;
  credentials: S3Credentials;
  /** Epoch milliseconds by the store's clock. */
  now(): number;
}

interface Request {
  method: string;
  /** Without the prefix; left out: the bucket itself. */
  key?: string | undefined;
  query?: Record<string, string> | undefined;
  headers?: Record<string, string> | undefined;
}

export const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Signs with SigV4. What is signed names the hash of its body, so that the store refuses any other bytes. */
export function createS3Signer({ place, credentials, now }: Signing) {
  const keys = new Map<string, ArrayBuffer>();
  const common = {
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey,
    ...(credentials.sessionToken && { sessionToken: credentials.sessionToken }),
    service: 's3',
    region: place.region,
    cache: keys,
  };

  return {
    async sign({ method, key, query, headers }: Request, sha256 = emptySha256) {
      const signer = new AwsV4Signer({
        ...common,
        method,
        url: urlOf(place, { key, query }),
        headers: { ...headers, 'x-amz-content-sha256': sha256 },
        datetime: stamp(now()),
      });
      const signed = await signer.sign();
      return { url: textOf(signed.url), headers: Object.fromEntries(signed.headers) };
    },

    /** An address that opens by itself; `fromMs` is when its time begins. */
    async presign(
      key: string,
      { query, fromMs, seconds }: { query: Record<string, string>; fromMs: number; seconds: number },
    ) {
      const signer = new AwsV4Signer({
        ...common,
        method: 'GET',
        url: urlOf(place, { key, query: { ...query, 'X-Amz-Expires': String(seconds) } }),
        datetime: stamp(fromMs),
        signQuery: true,
      });
      return textOf((await signer.sign()).url);
    },
  };
}

/** The place under which browsers reach a bucket. */
export const originOf = (place: S3Place): string => new URL(urlOf(place, {})).origin;

function urlOf(
  { bucket, prefix, endpoint, addressing }: S3Place,
  { key, query }: Pick<Request, 'key' | 'query'>,
): string {
  const url = new URL(endpoint);
  if (addressing === 'host') url.host = `${bucket}.${url.host}`;
  const base = url.pathname.replace(/\/$/, '') + (addressing === 'path' ? `/${bucket}` : '');
  url.pathname = key === undefined ? base || '/' : [base, ...(prefix ? [prefix] : []), key].join('/');
  url.search = new URLSearchParams(query).toString();
  return url.href;
}

/** A space as `+` is read differently by different makes; SigV4 itself says `%20`. */
function textOf(url: URL): string {
  url.search = url.search.replaceAll('+', '%20');
  return url.href;
}

const stamp = (ms: number): string => new Date(ms).toISOString().replaceAll(/[:-]|\.\d{3}/g, '');
