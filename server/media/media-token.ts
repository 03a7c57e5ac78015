import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What one media URL opens. `fileName` is the name offered when it is downloaded. */
export interface MediaGrant {
  key: string;
  contentType: string;
  fileName?: string;
}

/** Signs and checks the tokens in media URLs. A token opens one object until a moment in time, and nothing else. */
export interface MediaTokens {
  /** URL-safe. Anyone can read what is inside, nobody can change it. The same grant and moment give the same token. */
  sign(grant: MediaGrant & { expiresAtMs: number }): string;
  /** Null for a token that is forged, damaged or expired. Never throws. */
  verify(token: string, nowMs: number): MediaGrant | null;
}

/** 192 of the 256 bits: above the 128 that ASVS 5 (11.5.1) asks for, a multiple of three so that base64url has no odd end. */
const macBytes = 24;
const maxTokenLength = 2048;

/** The signing key is derived from `secret` for this purpose alone, so that no other signature by the secret opens media. */
export function createMediaTokens(secret: Uint8Array | string): MediaTokens {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'kling-video-cover media token 1', 32));
  const mac = (content: string) =>
    createHmac('sha256', key).update(content).digest().subarray(0, macBytes).toString('base64url');
  return {
    sign({ key: blobKey, contentType, fileName, expiresAtMs }) {
      const fields = [blobKey, contentType, expiresAtMs, ...(fileName === undefined ? [] : [fileName])];
      const content = Buffer.from(JSON.stringify(fields)).toString('base64url');
      return `${content}.${mac(content)}`;
    },
    verify(token, nowMs) {
      if (typeof token !== 'string' || token.length > maxTokenLength) return null;
      const [content = '', given = '', ...rest] = token.split('.');
      // Texts are compared, not decoded bytes: a base64url decoder forgives, and would let several texts pass for one.
      if (rest.length > 0 || !sameText(mac(content), given)) return null;
      return readGrant(content, nowMs);
    },
  };
}

function sameText(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Only called on content we have signed; it may still come from another version of us. */
function readGrant(content: string, nowMs: number): MediaGrant | null {
  try {
    const fields: unknown = JSON.parse(Buffer.from(content, 'base64url').toString());
    if (!Array.isArray(fields)) return null;
    const [key, contentType, expiresAtMs, fileName] = fields as unknown[];
    if (typeof key !== 'string' || typeof contentType !== 'string') return null;
    if (typeof expiresAtMs !== 'number' || !(nowMs < expiresAtMs)) return null;
    return typeof fileName === 'string' ? { key, contentType, fileName } : { key, contentType };
  } catch {
    return null;
  }
}
