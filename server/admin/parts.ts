import type { Context } from 'hono';
import type { Finding } from '../doctor/finding.ts';
import type { JobService } from '../jobs/service.ts';
import type { Log, Runtime } from '../jobs/runtime.ts';
import type { ExplainToken } from '../http/token-findings.ts';
import type { Tryout } from '../jobs/tryout.ts';
import type { PresetRow, ProviderAccountRow, ProviderName } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Operator } from './actor.ts';
import type { Dictionary, Language } from './i18n/dictionary.ts';
import type { Form } from './form.ts';
import type { Passwords } from './passwords.ts';
import type { Session } from './session.ts';

/** Where the built widget lies, for the embed page. */
export interface WidgetBuild {
  version: string;
  /** From the root of the server, such as `/widget/0.1.0/kling-video-cover.js`. */
  path: string;
  /** Subresource integrity, such as `sha384-…`. */
  integrity: string;
}

/** What the doctor found, and what it found of each provider account that was asked. */
export interface Checkup {
  findings: Finding[];
  accounts: { id: string; findings: Finding[] }[];
}

/** What the health page looks at. */
export interface HealthDesk {
  /** Looks at everything once, the providers included. */
  examine(): Promise<Checkup>;
  /** The accounts of the server's settings. */
  accounts: { id: string; provider: ProviderName; concurrency: number; baseUrl: string }[];
  /** Tasks a day of every provider account; 0 is no limit. */
  dailyJobs: number;
}

/** What the admin is built from. */
export interface AdminParts {
  store: Store;
  runtime: Runtime;
  log: Log;
  /** The server's SECRET: keys of sessions and forms are derived from it. */
  secret: string;
  adminPassword: string;
  /** How operators' passwords are hashed; default: by scrypt. */
  passwords?: Passwords;
  /** Without a slash at the end. */
  publicUrl: string;
  /** The bucket that browsers fetch clips from. Left out: they come from us. */
  mediaOrigin?: string;
  widget?: WidgetBuild;
  /** Left out: prompts cannot be tried. */
  tryout?: Tryout;
  /** Left out: the health page has no doctor. */
  health?: HealthDesk;
  /** TOKEN_PRICE_USD: what a seller pays for one token. Left out: no margin is shown. */
  tokenPriceUsd?: number;
  /** Left out: no job can be made again. */
  jobs?: Pick<JobService, 'create'>;
  /** Whether an account that takes tasks can have such a preset made. Left out: every preset counts as such. */
  canMake?: (preset: PresetRow) => Promise<boolean>;
  /** Signs addresses of stored pictures and clips. Left out: they are not shown. */
  mediaLink?: (grant: { key: string; contentType: string; fileName?: string }) => string;
  /** SITE_ID: this site's description stands in the settings, which write it at each start. */
  configuredSiteId?: string;
  /** Left out: tokens cannot be tried. */
  explainToken?: ExplainToken;
  /** WEBHOOK_HOSTS: `host:port` of endpoints that may be private. Default none. */
  webhookHosts?: string[];
  /** Aborted when the server stops: event streams end. Left out: they last until their session ends. */
  stopping?: AbortSignal;
  /** By whose address sign-in attempts are counted; default: the socket's. Give one when a proxy stands in front. */
  clientAddress?: (c: Context) => string;
}

/** What every handler finds in its context. */
export interface AdminEnv {
  Variables: {
    language: Language;
    words: Dictionary;
    /** Only past the sign-in. */
    session: Session;
    /** Who is signed in. Only past the sign-in. */
    operator: Operator;
    formToken: string;
    /** Set by the few pages whose own scripts may run. */
    scripts?: 'charts' | 'live';
    /** Provider accounts that take nothing now. */
    pauses: ProviderAccountRow[];
    /** The body of a POST; its origin was checked. */
    form: Form;
  };
}

export type AdminContext = Context<AdminEnv>;
