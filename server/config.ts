import { z } from 'zod';
import { awsFaults, awsSettings, storageUrl, withKeys, type StorageConfig } from './config-storage.ts';

/** Where a setting's value is a secret, the message says what is wrong and never what was given. */
const secretText = z
  .string()
  .min(32, 'must have at least 32 characters, for example the output of: openssl rand -hex 32');
const keyAlone = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]+$/, 'must be the key alone, as the console shows it');
const httpUrl = z.url({
  protocol: /^https?$/,
  error: 'must be an http or https address, for example https://covers.example',
});
const wholeNumber = (example: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number, for example ${example}`)
    .transform(Number);
const commaList = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

const origin = z
  .string()
  .refine(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    'must be origins such as https://panel.example, separated by commas',
  );

const hostAndPort = z
  .string()
  .regex(
    /^([a-zA-Z0-9.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}$/,
    'must be host:port entries such as panel.internal:8443, separated by commas',
  );

const postgresUrl = /^postgres(ql)?:\/\//;
const roles = ['web', 'worker'] as const;
const rolesAdvice = 'must be web, worker or web,worker';
const usualDrainSeconds = 5;

const tokenPriceAdvice = 'must be what a token costs a seller in US dollars, for example 0.05';

const settingsSchema = z.object({
  PORT: wholeNumber(8787)
    .refine((port) => port < 65_536, 'must be below 65536')
    .default(8787),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: httpUrl.optional(),
  DATABASE_URL: z
    .string()
    .regex(/^(file:|postgres(ql)?:\/\/)/, 'must be file:./data/covers.db or postgres://user:password@host/database')
    .default('file:./data/kling-video-cover.db'),
  DATABASE_DIRECT_URL: z
    .string()
    .regex(postgresUrl, 'must be postgres://user:password@host/database, not through a pooler')
    .optional(),
  ROLES: commaList
    .pipe(z.array(z.enum(roles, rolesAdvice)).min(1, rolesAdvice))
    .default([...roles])
    .transform((given) => ({ web: given.includes('web'), worker: given.includes('worker') })),
  DRAIN_SECONDS: wholeNumber(5)
    .refine((seconds) => seconds <= 60, 'must be 0 to 60')
    .optional(),
  STORAGE_URL: storageUrl.prefault('file:./data/media'),
  ...awsSettings,
  STORE_RESULTS: z.enum(['copy', 'link'], 'must be copy or link').default('copy'),
  SECRET: secretText.optional(),
  ADMIN_PASSWORD: z.string().min(10, 'must have at least 10 characters').optional(),
  KLING_ACCESS_KEY: z.string().min(1).optional(),
  KLING_SECRET_KEY: z.string().min(1).optional(),
  KLING_API_KEY: z.string().min(1).optional(),
  KLING_API_BASE: httpUrl.default('https://api-singapore.klingai.com'),
  KLING_CONCURRENCY: wholeNumber(5)
    .refine((slots) => slots > 0, 'must be at least 1')
    .default(5),
  KLING_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{24,}={0,2}$/, "must be the secret from Kling's console, starting with whsec_")
    .optional(),
  KIE_API_KEY: keyAlone.optional(),
  KIE_API_BASE: httpUrl.default('https://api.kie.ai'),
  KIE_UPLOAD_BASE: httpUrl.default('https://kieai.redpandaai.co'),
  KIE_CONCURRENCY: wholeNumber(20)
    .refine((tasks) => tasks > 0, 'must be at least 1')
    .default(20),
  KIE_WEBHOOK_KEY: keyAlone.optional(),
  OPENAI_API_KEY: keyAlone.optional(),
  OPENAI_BASE_URL: httpUrl.default('https://api.openai.com/v1'),
  OPENAI_MODEL: z.string().trim().min(1).default('gpt-5.6-luna'),
  KLING_DAILY_JOBS: wholeNumber(500).default(0),
  KIE_DAILY_JOBS: wholeNumber(500).default(0),
  SELLER_DAILY_JOBS: wholeNumber(200).default(200),
  SELLER_OPEN_JOBS: wholeNumber(100).default(100),
  SITE_DAILY_JOBS: wholeNumber(1000).default(0),
  RESULT_HOSTS: commaList.default([
    'klingai.com',
    'kwimgs.com',
    'kling.ai',
    'yximgs.com',
    'kwcdn.com',
    'aiquickdraw.com',
  ]),
  POLL_INTERVAL_MS: wholeNumber(10_000)
    .refine((ms) => ms >= 100, 'must be at least 100')
    .optional(),
  JOB_DEADLINE_MINUTES: wholeNumber(60)
    .refine((minutes) => minutes > 0, 'must be at least 1')
    .default(60),
  SITE_ID: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be a short name such as my-panel')
    .optional(),
  SITE_ISSUER: z.string().min(1).optional(),
  SITE_AUDIENCE: z.string().min(1).default('kling-video-cover'),
  SITE_JWT_SECRET: secretText.optional(),
  SITE_JWKS_URL: httpUrl.optional(),
  SITE_MAX_TOKEN_MINUTES: wholeNumber(15)
    .refine((minutes) => minutes > 0 && minutes <= 1440, 'must be 1 to 1440')
    .default(15),
  SITE_ORIGINS: commaList.pipe(z.array(origin)).optional(),
  SITE_API_KEY: secretText.optional(),
  WEBHOOK_HOSTS: commaList.pipe(z.array(hostAndPort)).default([]),
  TOKEN_PRICE_USD: z
    .string()
    .regex(/^\d{1,6}(\.\d{1,6})?$/, tokenPriceAdvice)
    .transform(Number)
    .refine((usd) => usd > 0, tokenPriceAdvice)
    .optional(),
  TRUSTED_PROXIES: wholeNumber(0).default(0),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  NODE_ENV: z.string().optional(),
});

type Settings = z.infer<typeof settingsSchema>;

export interface SiteConfig {
  id: string;
  issuer: string;
  audience: string;
  key: { jwtSecret: string } | { jwksUrl: string };
  maxTokenSeconds: number;
  origins: string[];
  apiKey: string | undefined;
}

export interface Config {
  port: number;
  host: string;
  /** Without a slash at the end. */
  publicUrl: string;
  databaseUrl: string;
  /** PostgreSQL without a pooler between; left out, `databaseUrl` is. */
  databaseDirectUrl: string | undefined;
  /** What this process does: `web` answers sellers, hosts and operators; `worker` carries jobs and webhooks. */
  roles: { web: boolean; worker: boolean };
  /** How long a server that was told to stop still answers, for proxies to see that it is not ready. */
  drainMs: number;
  storage: StorageConfig;
  /** Whether finished files are kept here, or only the provider's address of them. */
  storeResults: 'copy' | 'link';
  secret: string;
  adminPassword: string | undefined;
  kling: {
    /** Left out: only Kie.ai is used. */
    credentials: { accessKey: string; secretKey: string } | { apiKey: string } | undefined;
    baseUrl: string;
    concurrency: number;
    webhookSecret: string | undefined;
    /** Tasks in a UTC day; 0 is no limit. */
    dailyJobs: number;
  };
  kie: {
    /** Left out: no account but those of the operator's page. */
    apiKey: string | undefined;
    baseUrl: string;
    /** Takes pictures that cannot be fetched from us. */
    uploadBaseUrl: string;
    concurrency: number;
    /** Tasks in a UTC day; 0 is no limit. */
    dailyJobs: number;
    pollIntervalMs: number;
    webhookKey: string | undefined;
  };
  /** For scene ideas and moderation; without a key there are default scenes and the site's own words. */
  openAi: { apiKey: string; baseUrl: string; model: string } | undefined;
  /** Jobs that may be ordered; 0 is no cap. A day is a UTC day. */
  caps: {
    sellerDailyJobs: number;
    sellerOpenJobs: number;
    siteDailyJobs: number;
  };
  resultHosts: string[];
  pollIntervalMs: number;
  jobDeadlineMs: number;
  site: SiteConfig | undefined;
  /** `host:port` of webhook endpoints that may be private, and plain http on loopback. */
  webhookHosts: string[];
  /** What a seller pays for one token; only to show the operator a margin. */
  tokenPriceUsd: number | undefined;
  trustedProxies: number;
  logLevel: string;
}

/** All faults of the settings at once, one line each. */
export class ConfigError extends Error {
  readonly faults: string[];

  constructor(faults: string[]) {
    super(`These settings need attention:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

type Environment = Record<string, string | undefined>;

const providerKeys = ['KLING_API_KEY', 'KLING_ACCESS_KEY', 'KLING_SECRET_KEY', 'KIE_API_KEY'];

/** Whether nothing is set up for real work: no keys of Kling or Kie.ai, and not production. */
export function isDemo(env: Environment): boolean {
  const hasKeys = providerKeys.some((name) => env[name]);
  return !hasKeys && env['NODE_ENV'] !== 'production';
}

/** Reads the settings, frozen. An empty variable counts as absent. Throws `ConfigError`; secrets are never in it. */
export function loadConfig(env: Environment): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = settingsSchema.safeParse(given);
  const faults = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path[0]?.toString()} ${issue.message}`);
  faults.push(...combinationFaults(given));
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(toConfig(parsed.data));
}

/** What no single variable can tell. */
function combinationFaults(given: Environment): string[] {
  const faults: string[] = [];
  const { KLING_ACCESS_KEY, KLING_SECRET_KEY } = given;
  if (!providerKeys.some((name) => given[name]))
    faults.push(
      'KLING_API_KEY (or KLING_ACCESS_KEY and KLING_SECRET_KEY, or KIE_API_KEY) is missing: create keys in the Kling console',
    );
  if (!KLING_ACCESS_KEY !== !KLING_SECRET_KEY)
    faults.push(
      `${KLING_ACCESS_KEY ? 'KLING_SECRET_KEY' : 'KLING_ACCESS_KEY'} is missing: the two keys belong together`,
    );
  if (!given['SECRET'])
    faults.push('SECRET is missing: it signs media links and admin sessions; make one with: openssl rand -hex 32');
  return [...faults, ...nodeFaults(given), ...awsFaults(given), ...siteFaults(given)];
}

/** A SQLite file has one process, and that must do everything. */
function nodeFaults({ DATABASE_URL = 'file:', DATABASE_DIRECT_URL, ROLES }: Environment): string[] {
  if (!DATABASE_URL.startsWith('file:')) return [];
  const faults: string[] = [];
  if (ROLES && !roles.every((role) => ROLES.includes(role)))
    faults.push(
      'ROLES must be web,worker with a SQLite file, which has one server: give nodes a postgres:// DATABASE_URL',
    );
  if (DATABASE_DIRECT_URL) faults.push('DATABASE_DIRECT_URL is of use only beside a DATABASE_URL of PostgreSQL');
  return faults;
}

function siteFaults(given: Environment): string[] {
  // The cap is no part of a site's description.
  const siteVariables = Object.keys(given).filter((name) => name.startsWith('SITE_') && name !== 'SITE_DAILY_JOBS');
  if (siteVariables.length === 0)
    return given['NODE_ENV'] === 'production'
      ? [
          'SITE_ID, SITE_ISSUER, SITE_ORIGINS and SITE_JWT_SECRET (or SITE_JWKS_URL) are missing: they say whose sellers may call',
        ]
      : [];
  const faults: string[] = [];
  for (const name of ['SITE_ID', 'SITE_ISSUER', 'SITE_ORIGINS'])
    if (!given[name]) faults.push(`${name} is missing: a site needs it, for example ${siteExamples[name]}`);
  if (!given['SITE_JWT_SECRET'] === !given['SITE_JWKS_URL'])
    faults.push('SITE_JWT_SECRET or SITE_JWKS_URL: exactly one of the two must be set');
  if (!given['SITE_JWKS_URL'] && Number(given['SITE_MAX_TOKEN_MINUTES'] ?? 15) > 15)
    faults.push('SITE_MAX_TOKEN_MINUTES may exceed 15 only with SITE_JWKS_URL');
  return faults;
}

const siteExamples: Record<string, string> = {
  SITE_ID: 'my-panel',
  SITE_ISSUER: 'https://panel.example',
  SITE_ORIGINS: 'https://panel.example',
};

function toConfig(settings: Settings): Config {
  const { KLING_API_KEY: apiKey, KLING_ACCESS_KEY: accessKey, KLING_SECRET_KEY: secretKey } = settings;
  const keyPair = accessKey && secretKey ? { accessKey, secretKey } : undefined;
  return {
    port: settings.PORT,
    host: settings.HOST,
    publicUrl: (settings.PUBLIC_URL ?? `http://${settings.HOST}:${settings.PORT}`).replace(/\/+$/, ''),
    databaseUrl: settings.DATABASE_URL,
    databaseDirectUrl: settings.DATABASE_DIRECT_URL,
    roles: settings.ROLES,
    // One server has nobody to send its clients to.
    drainMs: (settings.DRAIN_SECONDS ?? (postgresUrl.test(settings.DATABASE_URL) ? usualDrainSeconds : 0)) * 1_000,
    storage: withKeys(settings.STORAGE_URL, settings),
    storeResults: settings.STORE_RESULTS,
    secret: settings.SECRET!,
    adminPassword: settings.ADMIN_PASSWORD,
    kling: {
      credentials: apiKey ? { apiKey } : keyPair,
      baseUrl: settings.KLING_API_BASE.replace(/\/+$/, ''),
      concurrency: settings.KLING_CONCURRENCY,
      webhookSecret: settings.KLING_WEBHOOK_SECRET,
      dailyJobs: settings.KLING_DAILY_JOBS,
    },
    kie: {
      apiKey: settings.KIE_API_KEY,
      baseUrl: settings.KIE_API_BASE.replace(/\/+$/, ''),
      uploadBaseUrl: settings.KIE_UPLOAD_BASE.replace(/\/+$/, ''),
      concurrency: settings.KIE_CONCURRENCY,
      dailyJobs: settings.KIE_DAILY_JOBS,
      // A read is free at Kie and nothing else tells of a task when its callback is lost.
      pollIntervalMs: settings.POLL_INTERVAL_MS ?? 5_000,
      webhookKey: settings.KIE_WEBHOOK_KEY,
    },
    openAi: settings.OPENAI_API_KEY
      ? {
          apiKey: settings.OPENAI_API_KEY,
          baseUrl: settings.OPENAI_BASE_URL.replace(/\/+$/, ''),
          model: settings.OPENAI_MODEL,
        }
      : undefined,
    caps: {
      sellerDailyJobs: settings.SELLER_DAILY_JOBS,
      sellerOpenJobs: settings.SELLER_OPEN_JOBS,
      siteDailyJobs: settings.SITE_DAILY_JOBS,
    },
    resultHosts: settings.RESULT_HOSTS,
    pollIntervalMs: settings.POLL_INTERVAL_MS ?? 10_000,
    jobDeadlineMs: settings.JOB_DEADLINE_MINUTES * 60_000,
    site: toSite(settings),
    webhookHosts: settings.WEBHOOK_HOSTS,
    tokenPriceUsd: settings.TOKEN_PRICE_USD,
    trustedProxies: settings.TRUSTED_PROXIES,
    logLevel: settings.LOG_LEVEL,
  };
}

function toSite(settings: Settings): SiteConfig | undefined {
  if (!settings.SITE_ID) return undefined;
  return {
    id: settings.SITE_ID,
    issuer: settings.SITE_ISSUER!,
    audience: settings.SITE_AUDIENCE,
    key: settings.SITE_JWKS_URL ? { jwksUrl: settings.SITE_JWKS_URL } : { jwtSecret: settings.SITE_JWT_SECRET! },
    maxTokenSeconds: settings.SITE_MAX_TOKEN_MINUTES * 60,
    origins: settings.SITE_ORIGINS!,
    apiKey: settings.SITE_API_KEY,
  };
}
