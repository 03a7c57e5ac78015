import type { OutgoingHttpHeaders } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Registry } from 'prom-client';
import type { Log, Runtime } from '../jobs/runtime.ts';
import type { JobService } from '../jobs/service.ts';
import type { BlobStore } from '../media/blobs.ts';
import type { MediaTokens } from '../media/media-token.ts';
import type { Pictures } from '../media/picture.ts';
import type { Scenes } from '../scenes/scenes.ts';
import type { CallbackTokens, Seal } from '../secrets.ts';
import type { SiteRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/** The seller behind a verified token. */
export interface Caller {
  accountId: string;
  userId: string;
  site: SiteRow;
  name: string | undefined;
  locale: string | undefined;
  /** The token's own `exp`. */
  expiresAtMs: number;
}

/**
 * What handlers find on the context. `seller` is there behind the seller guard, `site` behind the host guard, as
 * `app.ts` sets them up.
 */
export interface HttpEnv {
  Bindings: HttpBindings;
  Variables: {
    requestId: string;
    /** Headers that the answer gets besides its route's own, with names in small letters. */
    head: OutgoingHttpHeaders;
    seller: Caller;
    site: SiteRow;
  };
}

export type HttpRoutes = OpenAPIHono<HttpEnv>;

/** What a picture must be to be taken; also what the widget is told. */
export interface UploadRules {
  maxBytes: number;
  maxPixels: number;
  minSide: number;
  /** Longer side divided by shorter side. */
  maxRatio: number;
}

export interface HttpSettings {
  /** How browsers reach us, without a slash at the end. */
  publicUrl: string;
  /** Hops of `X-Forwarded-For` to believe, counted from the right. */
  trustedProxies: number;
  /** Kling's `whsec_…`; when set, unsigned callbacks are refused. */
  webhookSecret?: string | undefined;
  /** Kie's webhook key; when set, callbacks without its signature are refused. */
  kieWebhookKey?: string | undefined;
  /** Where the built widget lies; read once at start. */
  widgetFolder: string;
  upload: UploadRules;
  /** Calls per minute: creates, uploads and scene ideas per seller, refused tokens per address. */
  perMinute?: { creates?: number; uploads?: number; scenes?: number; badTokens?: number };
}

/** Everything the HTTP layer stands on. */
export interface HttpParts {
  store: Store;
  jobs: JobService;
  blobs: BlobStore;
  pictures: Pictures;
  scenes: Scenes;
  secrets: { seal: Seal; mediaTokens: MediaTokens; callbackTokens: CallbackTokens };
  runtime: Runtime;
  log: Log;
  /** Where metrics are kept; a registry of its own when left out. */
  registry?: Registry;
  /** Each part's name with `ok` or what is wrong with it. What is wrong goes to the log, never to the caller. */
  ready(): Promise<Record<string, string>>;
  settings: HttpSettings;
}
