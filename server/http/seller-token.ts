import { z } from '@hono/zod-openapi';
import {
  decodeJwt,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  type VerifyOptions,
} from 'jose';
import { AppError } from '../errors.ts';
import type { SiteRow } from '../store/schema.ts';

/** What proves a site's tokens: during a rotation two secrets, the present one first. */
export type SiteKey = { kind: 'secret'; keys: CryptoKey[] } | { kind: 'jwks'; key: JWTVerifyGetKey };

/** What a token of a site may be signed with. */
export const algorithmsOf = ({ kind }: Pick<SiteKey, 'kind'>): string[] =>
  kind === 'secret' ? ['HS256'] : ['RS256', 'ES256', 'EdDSA'];

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

type SiteRules = Pick<SiteRow, 'issuer' | 'audience' | 'maxTokenSeconds'>;

interface Question {
  token: string;
  site: SiteRules;
  key: SiteKey;
  now: number;
}

/** What jose must find true of the claims of this site's tokens. */
export function claimRules(site: SiteRules, now: number) {
  return {
    issuer: site.issuer,
    audience: site.audience,
    requiredClaims: ['sub', 'exp', 'iat'],
    clockTolerance: clockToleranceSeconds,
    currentDate: new Date(now),
  } satisfies JWTVerifyOptions;
}

/** Which claims break our own rules, those that jose has none for: names of claims, `lifetime` for `exp` against `iat`. */
export function ownFaults(payload: JWTPayload, site: SiteRules, now: number): string[] {
  const claims = claimsSchema.safeParse(payload);
  const faults = claims.success ? [] : claims.error.issues.map(({ path }) => String(path[0]));
  const { iat, exp } = payload;
  if (exp! - iat! > site.maxTokenSeconds) faults.push('lifetime');
  if (iat! > now / 1000 + clockToleranceSeconds) faults.push('iat');
  return faults;
}

/**
 * Asks `prove` with each of the site's keys in turn until the signature fits one; answers what it made and the key's
 * place. Throws what the last `prove` threw.
 */
export async function withFittingKey<T>(
  key: SiteKey,
  prove: (key: CryptoKey | JWTVerifyGetKey, rules: VerifyOptions) => Promise<T>,
): Promise<{ made: T; place: number }> {
  const rules = { algorithms: algorithmsOf(key) };
  const keys = key.kind === 'secret' ? key.keys : [key.key];
  for (let place = 0; ; place += 1)
    try {
      return { made: await prove(keys[place]!, rules), place };
    } catch (fault) {
      const isLast = place === keys.length - 1;
      if (isLast || !(fault instanceof errors.JWSSignatureVerificationFailed)) throw fault;
    }
}

/**
 * The claims of a token that this site made for us and that is valid now. Throws `token_expired` for one that was good
 * once, `unavailable` when the site's public keys cannot be fetched, `unauthorized` for everything else.
 */
export async function verifySellerToken({ token, site, key, now }: Question): Promise<SellerClaims> {
  const payload = await signedPayload(token, key, claimRules(site, now));
  const [fault] = ownFaults(payload, site, now);
  if (fault !== undefined) throw new AppError('unauthorized', {}, new Error(`the token breaks a rule: ${fault}`));
  return claimsSchema.parse(payload);
}

async function signedPayload(token: string, key: SiteKey, rules: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    const { made } = await withFittingKey(key, (one, algorithms) => jwtVerify(token, one, { ...rules, ...algorithms }));
    return made.payload;
  } catch (fault) {
    if (fault instanceof errors.JWTExpired) throw new AppError('token_expired', {}, fault);
    throw new AppError(isFetchFault(fault) ? 'unavailable' : 'unauthorized', {}, fault);
  }
}

/** The site's JWKS address did not answer as it should: this says nothing about the token. */
export function isFetchFault(fault: unknown): boolean {
  if (!(fault instanceof errors.JOSEError)) return fault instanceof TypeError && fault.cause !== undefined;
  return fault.code === 'ERR_JWKS_TIMEOUT' || fault.code === 'ERR_JWKS_INVALID' || fault.code === 'ERR_JOSE_GENERIC';
}
