import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ProblemKey } from './i18n/dictionary.ts';
import type { SiteRow } from '../store/schema.ts';
import type { Form } from './form.ts';

/** HS256 tokens are as good as the secret they came from: they live no longer than this. */
const maxSharedMinutes = 15;
const maxMinutes = 1440;
const maxCap = 999_999_999;

const problem = (key: ProblemKey): string => key;
const text = (key: ProblemKey, max = 200) => z.string().trim().min(1, problem(key)).max(max, problem(key));
const wholeNumber = (key: ProblemKey, { min, max }: { min: number; max: number }) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,9}$/, problem(key))
    .transform(Number)
    .refine((value) => value >= min && value <= max, problem(key));
const cap = wholeNumber('siteCap', { min: 0, max: maxCap });

/** A whole origin to the letter, as browsers write it: no path, no slash at the end, no capitals. */
const isOrigin = (line: string): boolean => URL.canParse(line) && new URL(line).origin === line;

/** What stands on the lines of a text, each once, without the spaces around it. */
const linesOf = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];

const origins = z
  .string()
  .transform(linesOf)
  .refine((list) => list.length <= 50 && list.every(isOrigin), problem('siteOrigins'));

const maxWords = 500;
const maxWordLength = 60;
const blockedWords = z
  .string()
  .transform(linesOf)
  .refine(
    (list) => list.length <= maxWords && list.every((word) => [...word].length <= maxWordLength),
    problem('siteWords'),
  )
  .refine((list) => list.every((word) => /[\p{L}\p{N}]/u.test(word)), problem('siteWordEmpty'));

const jwksUrl = z
  .string()
  .trim()
  .max(2000, problem('siteJwksUrl'))
  .refine((url) => URL.canParse(url) && new URL(url).protocol === 'https:', problem('siteJwksUrl'));

/** Caps and words, which the settings of the server leave to the admin. */
export const capsSchema = z.object({
  sellerDailyJobs: cap,
  sellerOpenJobs: cap,
  siteDailyJobs: cap,
  blockedWords,
});

const described = capsSchema.extend({
  name: text('siteName'),
  issuer: text('siteIssuerEmpty', 500),
  audience: text('siteAudience'),
  origins,
});

/** A changed site; `hasJwks` says what proves its tokens. */
export const siteSchema = (hasJwks: boolean) =>
  hasJwks
    ? described.extend({ jwksUrl, maxTokenMinutes: wholeNumber('siteMinutes', { min: 1, max: maxMinutes }) })
    : described.extend({ maxTokenMinutes: wholeNumber('siteMinutesShared', { min: 1, max: maxSharedMinutes }) });

/** A secret of the operator's own. */
export const secretSchema = z.object({
  jwtSecret: z.string().trim().min(32, problem('siteSecret')).max(500, problem('siteSecret')),
});

const idSchema = z.object({
  id: z
    .string()
    .trim()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, problem('siteId')),
});

export const keyKinds = ['generate', 'paste', 'jwks'] as const;
export type KeyKind = (typeof keyKinds)[number];

/** What the form of a new site says proves tokens. */
export const keyKindOf = (form: Form): KeyKind => keyKinds.find((kind) => kind === form['keyKind']) ?? 'generate';

/** A new site by the way its tokens are proven. */
export function newSiteSchema(kind: KeyKind) {
  const site = siteSchema(kind === 'jwks').extend(idSchema.shape);
  return kind === 'paste' ? site.extend(secretSchema.shape) : site;
}

export const apiKeySchema = z.object({ name: text('siteKeyName', 100) });

/** 256 bits; `kvc_` lets scanners of leaked keys know whose it is. */
export const newApiKey = (): string => `kvc_${randomBytes(32).toString('base64url')}`;

/** 384 bits as text. */
export const newJwtSecret = (): string => randomBytes(48).toString('base64url');

/** What the audit log may know of a site: all but its secrets. */
export function auditable(site: Partial<SiteRow>) {
  const { name, issuer, audience, jwksUrl, maxTokenSeconds, origins: list } = site;
  const { sellerDailyJobs, sellerOpenJobs, siteDailyJobs, blockedWords: words } = site;
  const facts = { name, issuer, audience, jwksUrl, maxTokenSeconds, origins: list };
  const all = { ...facts, sellerDailyJobs, sellerOpenJobs, siteDailyJobs, blockedWords: words };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null));
}
