import { z } from '@hono/zod-openapi';
import { decodeJwt, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { AppError } from '../errors.ts';
import type { SiteRow } from '../store/schema.ts';
import type { SiteKey } from './sites.ts';

/** Host clocks may be off by this much, in either direction. */
export const clockToleranceSeconds = 30;

// eslint-disable-next-line no-control-regex
const plainText = z.string().regex(/^[^\u0000-\u001f\u007f]*$/);

/** jose proves signature, issuer, audience and times; this is what it leaves open. Infinity is no number here. */
const claimsSchema = z.object({
  sub: plainText.min(1).max(200),
  exp: z.number(),
  iat: z.number(),
  name: plainText.max(200).optional(),
  locale: plainText.max(35).optional(),
});

export type SellerClaims = z.infer<typeof claimsSchema>;

/** The issuer a token claims, before anything is proven: it only says whose key to try. Throws `unauthorized`. */
export function claimedIssuer(token: string): string {
  // Decoders forgive padding, other alphabets and odd last bits; RFC 7515 section 2 has one text for one signature.
  const [, signature = ''] = /^[\w-]+\.[\w-]+\.([\w-]+)$/.exec(token) ?? [];
  const isExact = Buffer.from(signature, 'base64url').toString('base64url') === signature;
  if (signature === '' || !isExact) throw new AppError('unauthorized');
  try {
    const { iss } = decodeJwt(token);
    if (typeof iss === 'string') return iss;
  } catch (fault) {
    throw new AppError('unauthorized', {}, fault);
  }
  throw new AppError('unauthorized');
}

interface Question {
  token: string;
  site: Pick<SiteRow, 'issuer' | 'audience' | 'maxTokenSeconds'>;
  key: SiteKey;
  now: number;
}

/**
 * The claims of a token that this site made for us and that is valid now. Throws `token_expired` for one that was good
 * once, `unavailable` when the site's public keys cannot be fetched, `unauthorized` for everything else.
 */
export async function verifySellerToken({ token, site, key, now }: Question): Promise<SellerClaims> {
  const payload = await signedPayload(token, key, {
    issuer: site.issuer,
    audience: site.audience,
    requiredClaims: ['sub', 'exp', 'iat'],
    clockTolerance: clockToleranceSeconds,
    currentDate: new Date(now),
  });
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success) throw new AppError('unauthorized', {}, claims.error);
  const { iat, exp } = claims.data;
  if (exp - iat > site.maxTokenSeconds || iat > now / 1000 + clockToleranceSeconds) throw new AppError('unauthorized');
  return claims.data;
}

async function signedPayload(token: string, key: SiteKey, rules: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    const { payload } =
      key.kind === 'secret'
        ? await jwtVerify(token, key.key, { ...rules, algorithms: ['HS256'] })
        : await jwtVerify(token, key.key, { ...rules, algorithms: ['RS256', 'ES256', 'EdDSA'] });
    return payload;
  } catch (fault) {
    if (fault instanceof errors.JWTExpired) throw new AppError('token_expired', {}, fault);
    throw new AppError(isFetchFault(fault) ? 'unavailable' : 'unauthorized', {}, fault);
  }
}

/** The site's JWKS address did not answer as it should: this says nothing about the token. */
function isFetchFault(fault: unknown): boolean {
  if (!(fault instanceof errors.JOSEError)) return fault instanceof TypeError && fault.cause !== undefined;
  return fault.code === 'ERR_JWKS_TIMEOUT' || fault.code === 'ERR_JWKS_INVALID' || fault.code === 'ERR_JOSE_GENERIC';
}
