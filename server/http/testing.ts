/** A whole server for tests: real HTTP on loopback, a SQLite file and a blob folder of its own, real picture decoding. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { SignJWT, type JWTPayload } from 'jose';
import sharp from 'sharp';
import { v7 as uuidv7 } from 'uuid';
import type { CreatedJob, CreateJob, Problem, Upload } from '../contract.ts';
import type { Runtime } from '../jobs/runtime.ts';
import { createJobService } from '../jobs/service.ts';
import type { BlobStore } from '../media/blobs.ts';
import { createDiskBlobs } from '../media/disk.ts';
import { createMediaTokens } from '../media/media-token.ts';
import { createPictures } from '../media/picture.ts';
import { createScenes, type OpenAiSettings } from '../scenes/scenes.ts';
import { createCallbackTokens, createSeal, hashApiKey } from '../secrets.ts';
import type { Database } from '../store/database.ts';
import type { SiteSettings } from '../store/schema.ts';
import { openSqlite } from '../store/sqlite.ts';
import { createStore } from '../store/store.ts';
import { testPreset } from '../store/testing.ts';
import { createHttpApp } from './app.ts';
import type { HttpParts, HttpSettings } from './env.ts';

const secret = 'a secret of the test server, 32 bytes or more';
export const sharedSecret = 'the shared secret of the first site, long enough';
export const siteKey = 'the-api-key-of-the-first-site-0123456789';
export const pageOrigin = 'https://panel.example';

/** The site that `startTestServer` makes; spread it to make others. */
export const firstSite = {
  id: 'first',
  name: 'First',
  issuer: 'https://first.example',
  audience: 'kling-video-cover',
  sealedJwtSecret: createSeal(secret).seal(sharedSecret),
  jwksUrl: null,
  maxTokenSeconds: 900,
  origins: [pageOrigin],
  apiKeyHash: hashApiKey(siteKey),
} satisfies SiteSettings;

/** Claims to change in a good token; `undefined` leaves one out. `secret` signs instead of the first site's. */
export type TokenChanges = Record<string, unknown> & { secret?: string };

interface Call {
  method?: string;
  token?: string;
  headers?: Record<string, string>;
  json?: unknown;
  body?: BodyInit;
}

/**
 * Starts it with one site, one preset and a clock that only `advance` moves beyond the real one. `database` replaces the
 * SQLite file and is closed with the server, `blobs` replaces the folder; without `openAi` scenes are the default ones.
 */
export async function startTestServer({
  database,
  openAi,
  blobs: otherBlobs,
  ...changes
}: Partial<HttpSettings> & { database?: Database; blobs?: BlobStore; openAi?: OpenAiSettings } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'kvc-http-'));
  const clock = { aheadMs: 0 };
  const runtime: Runtime = {
    now: () => Date.now() + clock.aheadMs,
    newId: uuidv7,
    random: Math.random,
    deadline: (timeoutMs) => AbortSignal.timeout(timeoutMs),
  };
  const store = createStore(database ?? openSqlite(join(folder, 'test.db')));
  const blobs = otherBlobs ?? (await createDiskBlobs(join(folder, 'media')));
  const logged: { level: string; facts: object; sentence: string }[] = [];
  const note = (level: string) => (facts: object, sentence: string) => void logged.push({ level, facts, sentence });
  const health: Record<string, string> = { database: 'ok', storage: 'ok', worker: 'ok' };
  const settings: HttpSettings = {
    publicUrl: 'http://127.0.0.1',
    trustedProxies: 0,
    widgetFolder: join(folder, 'widget'),
    upload: { maxBytes: 2_000_000, maxPixels: 50_000_000, minSide: 300, maxRatio: 2.5 },
    ...changes,
  };
  const parts: HttpParts = {
    store,
    blobs,
    runtime,
    settings,
    jobs: createJobService({ store, runtime, slots: 5, settings: { deadlineMs: 3_600_000, minSide: 300 } }),
    pictures: createPictures({ maxPixels: settings.upload.maxPixels }),
    secrets: {
      seal: createSeal(secret),
      mediaTokens: createMediaTokens(secret),
      callbackTokens: createCallbackTokens(secret),
    },
    scenes: createScenes({ openAi, log: { warn: note('warn') }, ...runtime }),
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    ready: async () => health,
  };
  await store.sites.put(firstSite, 1);
  await store.presets.addMissing([testPreset], 1);

  const server = serve({ port: 0, hostname: '127.0.0.1', fetch: (request, env) => app.fetch(request, env) });
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (changes.publicUrl === undefined) settings.publicUrl = url;
  const app = createHttpApp(parts);

  /** Signed with HS256 for seller `seller-1` of the first site, valid for ten minutes. */
  async function mint({ secret: key = sharedSecret, ...claims }: TokenChanges = {}): Promise<string> {
    const now = Math.floor(runtime.now() / 1000);
    const { issuer: iss, audience: aud } = firstSite;
    const payload = { iss, aud, sub: 'seller-1', iat: now, exp: now + 600, ...claims };
    const signer = new SignJWT(payload as JWTPayload).setProtectedHeader({ alg: 'HS256', typ: 'JWT' });
    return signer.sign(new TextEncoder().encode(key));
  }

  async function call(path: string, { method, token, headers, json, body }: Call = {}): Promise<Response> {
    const sent = json === undefined ? body : JSON.stringify(json);
    return fetch(url + path, {
      method: method ?? (sent === undefined ? 'GET' : 'POST'),
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent, duplex: 'half' }),
    });
  }

  async function grant(amount: number, { userId = 'seller-1', apiKey = siteKey, reference = uuidv7() } = {}) {
    const path = `/v1/host/accounts/${encodeURIComponent(userId)}/grants`;
    const answer = await call(path, { token: apiKey, json: { amount, reference } });
    if (!answer.ok) throw new Error(`the grant was refused: ${await answer.text()}`);
  }

  /** Sends picture bytes as a seller would; `contentType` is said, not looked at. */
  const upload = (body: Uint8Array, { token, contentType = 'image/jpeg' }: { token: string; contentType?: string }) =>
    call('/v1/uploads', { token, headers: { 'content-type': contentType }, body: Buffer.from(body) });

  async function uploaded(token: string): Promise<Upload> {
    const answer = await upload(await makePicture(), { token });
    return ((await answer.json()) as { upload: Upload }).upload;
  }

  const order = (token: string, { key, body }: { key: string; body: CreateJob }): Promise<Response> =>
    call('/v1/jobs', { token, headers: { 'idempotency-key': key }, json: body });

  /** Uploads a picture and orders a clip of it; the seller must have tokens. */
  async function ordered(token: string): Promise<CreatedJob> {
    const { id: uploadId } = await uploaded(token);
    const answer = await order(token, { key: uuidv7(), body: { presetId: testPreset.presetId, uploadId } });
    if (answer.status !== 201) throw new Error(`the order was refused: ${await answer.text()}`);
    return (await answer.json()) as CreatedJob;
  }

  return {
    url,
    app,
    parts,
    folder,
    health,
    logged,
    mint,
    call,
    grant,
    upload,
    uploaded,
    order,
    ordered,
    advance: (ms: number) => void (clock.aheadMs += ms),
    async close(): Promise<void> {
      app.hub.close();
      const closed = new Promise((resolve) => server.close(resolve));
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;

/** A real JPEG (or PNG, WebP) of noise-free colour, 900×1200 unless told otherwise. */
export function makePicture({ width = 900, height = 1200, format = 'jpeg' as 'jpeg' | 'png' | 'webp' | 'gif' } = {}) {
  const background = { r: 200, g: 80, b: 40 };
  return sharp({ create: { width, height, channels: 3, background } })
    .toFormat(format)
    .toBuffer();
}

/** The problem document of an answer, which must be one with this status and code. */
export async function problemOf(answer: Response, expected: { status: number; code: string }): Promise<Problem> {
  const text = await answer.text();
  const said = `${answer.status} ${answer.headers.get('content-type')} ${text.slice(0, 500)}`;
  if (answer.headers.get('content-type') !== 'application/problem+json') throw new Error(`not a problem: ${said}`);
  const problem = JSON.parse(text) as Problem;
  const isExpected = answer.status === expected.status && problem.status === expected.status;
  if (!isExpected || problem.code !== expected.code) throw new Error(`not ${expected.code}: ${said}`);
  if (problem.requestId !== answer.headers.get('x-request-id')) throw new Error(`another requestId: ${said}`);
  return problem;
}
