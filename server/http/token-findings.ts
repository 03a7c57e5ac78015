import {
  compactVerify,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  UnsecuredJWT,
  type JWTPayload,
  type JWTVerifyOptions,
} from 'jose';
import { AppError } from '../errors.ts';
import type { SiteRow } from '../store/schema.ts';
import {
  algorithmsOf,
  claimedIssuer,
  claimRules,
  isFetchFault,
  ownFaults,
  verifySellerToken,
  withFittingKey,
  type SiteKey,
} from './seller-token.ts';
import type { SiteDirectory } from './sites.ts';

/** One thing that is right or wrong with a token; `code` says which, and words are found for it elsewhere. */
export interface TokenFinding {
  code: FindingCode;
  isGood: boolean;
  /** For the sentence: names and values from the token or of the site. */
  given?: string;
  expected?: string;
  /** Milliseconds since the epoch. */
  at?: number;
}

export type FindingCode = (typeof findingCodes)[number];

/** All that can be found. */
export const findingCodes = [
  'readable',
  'unreadable',
  'issuerKnown',
  'issuerUnknown',
  'algGood',
  'algRefused',
  'signedByCurrent',
  'signedByNext',
  'signedByJwks',
  'signatureWrong',
  'jwksUnreachable',
  'secretUnreadable',
  'audienceGood',
  'audienceWrong',
  'issuedGood',
  'issuedMissing',
  'issuedInFuture',
  'expiryGood',
  'expiryMissing',
  'expired',
  'lifetimeGood',
  'lifetimeLong',
  'notBeforeGood',
  'notYet',
  'subjectGood',
  'subjectWrong',
  'claimWrong',
] as const;

/** What the server makes of a token, and why. */
export interface TokenReport {
  /** What a call with this token would be told. */
  verdict: 'good' | 'token_expired' | 'unavailable' | 'unauthorized' | 'internal';
  findings: TokenFinding[];
  /** Null when nothing could be read. Of the header only `alg`, `typ` and `kid`. */
  decoded: { header: Record<string, unknown>; claims: Record<string, unknown> } | null;
  /** Null when no site has the token's issuer. */
  site: Pick<SiteRow, 'id' | 'name' | 'origins'> | null;
}

interface Inspected {
  token: string;
  header: Record<string, unknown>;
  payload: JWTPayload;
  site: SiteRow;
  key: SiteKey;
  now: number;
}

/**
 * Explains seller tokens by the rules that the guard lives by: the verdict is the guard's own, signature and claims are
 * looked at one by one with the same keys and rules. Nothing is kept and nothing is logged.
 */
export function createTokenFindings({ directory, now: clock }: { directory: () => SiteDirectory; now: () => number }) {
  return async function explain(token: string): Promise<TokenReport> {
    const unreadable: TokenReport = {
      verdict: 'unauthorized',
      findings: [{ code: 'unreadable', isGood: false }],
      decoded: null,
      site: null,
    };
    const read = readToken(token);
    if (!read) return unreadable;
    const { header, payload, issuer } = read;
    const decoded = { header: pick(header, ['alg', 'typ', 'kid']), claims: { ...payload } };
    const readable: TokenFinding = { code: 'readable', isGood: true };
    const sites = directory();
    const site = issuer === null ? null : await sites.byIssuer(issuer);
    if (!site) {
      const findings = [readable, { code: 'issuerUnknown' as const, isGood: false, given: shown(payload.iss) }];
      return { verdict: 'unauthorized', findings, decoded, site: null };
    }
    const { id, name, origins } = site;
    const known: TokenFinding = { code: 'issuerKnown', isGood: true, given: site.issuer, expected: id };
    const key = await readableKey(sites, site);
    if (!key) {
      const findings = [readable, known, { code: 'secretUnreadable' as const, isGood: false }];
      return { verdict: 'internal', findings, decoded, site: { id, name, origins } };
    }
    const inspected = { token, header, payload, site, key, now: clock() };
    const findings: TokenFinding[] = [
      readable,
      known,
      algorithmFinding(inspected),
      await signatureFinding(inspected),
      ...claimFindings(inspected),
    ];
    return { verdict: await verdictOn(inspected), findings, decoded, site: { id, name, origins } };
  };
}

export type ExplainToken = ReturnType<typeof createTokenFindings>;

/** Null when the site's secret was sealed with another SECRET: then the guard fails for every token of the site. */
async function readableKey(sites: SiteDirectory, site: SiteRow): Promise<SiteKey | null> {
  try {
    return await sites.keyOf(site);
  } catch {
    return null;
  }
}

function readToken(token: string) {
  try {
    const payload = decodeJwt(token);
    // Without an issuer it is readable; with one that the guard cannot read, it is not.
    const issuer = typeof payload.iss === 'string' ? claimedIssuer(token) : null;
    return { header: decodeProtectedHeader(token) as Record<string, unknown>, payload, issuer };
  } catch {
    return null;
  }
}

function pick(from: Record<string, unknown>, names: string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => Object.hasOwn(from, name)).map((name) => [name, from[name]]));
}

async function verdictOn({ token, site, key, now }: Inspected): Promise<TokenReport['verdict']> {
  try {
    await verifySellerToken({ token, site, key, now });
    return 'good';
  } catch (fault) {
    if (!(fault instanceof AppError)) throw fault;
    return fault.code === 'token_expired' || fault.code === 'unavailable' ? fault.code : 'unauthorized';
  }
}

function algorithmFinding({ header, key }: Inspected): TokenFinding {
  const allowed = algorithmsOf(key);
  const isGood = typeof header['alg'] === 'string' && allowed.includes(header['alg']);
  return {
    code: isGood ? 'algGood' : 'algRefused',
    isGood,
    given: shown(header['alg']),
    expected: allowed.join(', '),
  };
}

async function signatureFinding({ token, key }: Inspected): Promise<TokenFinding> {
  try {
    const { place } = await withFittingKey(key, (one, rules) => compactVerify(token, one, rules));
    if (key.kind === 'jwks') return { code: 'signedByJwks', isGood: true };
    return { code: place === 0 ? 'signedByCurrent' : 'signedByNext', isGood: true };
  } catch (fault) {
    return { code: isFetchFault(fault) ? 'jwksUnreachable' : 'signatureWrong', isGood: false };
  }
}

/** By claim: what the verifier would stop at, were it the only fault. */
function claimFindings({ payload, site, now }: Inspected): TokenFinding[] {
  const faults = jwtFaults(payload, claimRules(site, now));
  for (const name of ownFaults(payload, site, now)) if (!faults.has(name)) faults.set(name, 'invalid');
  const { iat, exp, nbf } = payload;
  const of = (name: string, good: FindingCode, bad: FindingCode): TokenFinding => {
    const isGood = !faults.delete(name);
    return { code: isGood ? good : bad, isGood };
  };
  const isExpired = isTime(exp) && faults.get('exp') === 'expired';
  const findings: TokenFinding[] = [
    { ...of('aud', 'audienceGood', 'audienceWrong'), given: shown(payload.aud), expected: site.audience },
    { ...of('sub', 'subjectGood', 'subjectWrong'), given: shown(payload.sub) },
    { ...of('iat', 'issuedGood', isTime(iat) ? 'issuedInFuture' : 'issuedMissing'), ...at(iat) },
    { ...of('exp', 'expiryGood', isExpired ? 'expired' : 'expiryMissing'), ...at(exp) },
  ];
  if (nbf !== undefined) findings.push({ ...of('nbf', 'notBeforeGood', 'notYet'), ...at(nbf) });
  const lifetime = {
    given: isTime(iat) && isTime(exp) ? minutes(exp - iat) : '?',
    expected: minutes(site.maxTokenSeconds),
  };
  const life = of('lifetime', 'lifetimeGood', 'lifetimeLong');
  if (isTime(iat) && isTime(exp)) findings.push({ ...life, ...lifetime });
  for (const name of faults.keys()) findings.push({ code: 'claimWrong', isGood: false, given: name });
  return findings;
}

/**
 * Every claim that jose refuses with why, not only the first: its own rules are asked again without each claim that was
 * refused. The text that it reads is unsigned, because the signature is looked at elsewhere.
 */
function jwtFaults(payload: JWTPayload, { issuer, audience, ...rules }: ReturnType<typeof claimRules>) {
  const left: JWTPayload = { ...payload };
  const options: JWTVerifyOptions = { ...rules, issuer, audience };
  const faults = new Map<string, 'expired' | 'invalid'>();
  for (;;)
    try {
      const text = Buffer.from(JSON.stringify(left, withoutInfinity)).toString('base64url');
      UnsecuredJWT.decode(`${unsignedHeader}.${text}.`, options);
      return faults;
    } catch (fault) {
      const isExpired = fault instanceof errors.JWTExpired;
      if (!isExpired && !(fault instanceof errors.JWTClaimValidationFailed)) throw fault;
      const { claim } = fault;
      if (faults.has(claim)) throw fault;
      faults.set(claim, isExpired ? 'expired' : 'invalid');
      delete left[claim];
      options.requiredClaims = options.requiredClaims!.filter((name) => name !== claim);
      if (claim === 'iss') delete options.issuer;
      if (claim === 'aud') delete options.audience;
    }
}

/** JSON can be read as Infinity (`1e999`) and cannot be written so. */
const withoutInfinity = (_name: string, value: unknown) =>
  value === Infinity || value === -Infinity ? Math.sign(value) * Number.MAX_VALUE : value;
const unsignedHeader = Buffer.from('{"alg":"none"}').toString('base64url');
const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const at = (seconds: unknown) => (isTime(seconds) ? { at: seconds * 1000 } : {});
const minutes = (seconds: number): string => String(Math.round(seconds / 6) / 10);

/** A value as it stands in the token, cut. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
