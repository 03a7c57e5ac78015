import { checkKey, type DirectReads } from './blobs.ts';
import { createS3Signer, originOf, type S3Credentials, type S3Place } from './s3-signer.ts';

/** Addresses of one quarter of an hour are the same. */
const stepMs = 15 * 60_000;

interface DirectParts {
  /** As browsers reach it. */
  place: S3Place;
  credentials: S3Credentials;
  /** Epoch milliseconds by the store's clock. */
  now(): number;
}

/** Signed addresses of single objects, which browsers open by themselves. */
export function createDirectReads({ place, credentials, now }: DirectParts): DirectReads {
  const signer = createS3Signer({ place, credentials, now });
  return {
    origin: originOf(place),
    async address(key, { seconds, contentType, disposition }) {
      const query = {
        'response-content-type': contentType,
        'response-cache-control': `private, max-age=${seconds}`,
        ...(disposition !== undefined && { 'response-content-disposition': disposition }),
      };
      const fromMs = Math.floor(now() / stepMs) * stepMs;
      return signer.presign(checkKey(key), { query, fromMs, seconds: seconds + stepMs / 1000 });
    },
  };
}
