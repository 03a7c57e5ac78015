/** For the admin's tests: a served admin over a real SQLite file, and browsers that keep their cookies by hand. */
import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { v7 } from 'uuid';
import { createTimeline } from '../jobs/timeline.ts';
import type { JobRequest } from '../jobs/new-job.ts';
import { createJobService } from '../jobs/service.ts';
import type { Runtime } from '../jobs/runtime.ts';
import type { JobRow } from '../store/schema.ts';
import { openSqlite } from '../store/sqlite.ts';
import { createStore } from '../store/store.ts';
import { createAdmin } from './admin.ts';
import type { AdminParts } from './parts.ts';
import { createPasswords } from './passwords.ts';

export const adminPassword = 'correct horse battery';
export const secret = 'a test secret that is long enough to be one';
/** Not scrypt, which takes a third of a second for each password. */
export const quickPasswords = createPasswords(async (password, salt) =>
  createHmac('sha256', salt).update(password).digest(),
);

/** A moving clock: every reading is one millisecond later, `pass` jumps ahead. */
function testClock() {
  let at = Date.UTC(2026, 9, 1, 12);
  return { now: () => (at += 1), pass: (ms: number) => void (at += ms) };
}

const shipped = {
  presetId: 'video-cover',
  kind: 'image-to-video' as const,
  provider: 'kling' as const,
  model: 'kling-v2-6',
  mode: 'std',
  seconds: 5,
  aspectRatio: '3:4',
  sound: false,
  prompt: 'Smooth, cinematic product showcase with subtle camera movement. The product stays unchanged.',
  negativePrompt: 'text, watermark',
  tokensCost: 10,
  titles: { ru: 'Видеообложка', en: 'Video cover', vi: 'Bìa video' },
  position: 1,
  enabled: true,
};

/** Opens an admin of its own. `close` must be called. */
export async function openOffice(changes: Partial<AdminParts> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'kvc-admin-'));
  const store = createStore(openSqlite(join(folder, 'test.db')), { timeline: createTimeline({ newId: () => v7() }) });
  const clock = testClock();
  const runtime: Runtime = {
    now: clock.now,
    newId: () => v7(),
    random: () => 0.5,
    deadline: (ms) => AbortSignal.timeout(ms),
  };
  const log: { level: string; facts: object; sentence: string }[] = [];
  const note = (level: string) => (facts: object, sentence: string) => void log.push({ level, facts, sentence });
  const service = createJobService({ store, runtime, settings: { deadlineMs: 3_600_000, minSide: 300 }, slots: 5 });
  const parts: AdminParts = {
    jobs: service,
    mediaLink: ({ key }) => `http://127.0.0.1/media/signed-${key}`,
    store,
    runtime,
    secret,
    adminPassword,
    passwords: quickPasswords,
    publicUrl: 'http://127.0.0.1',
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    ...changes,
  };
  const site = { issuer: 'panel', audience: 'covers', sealedJwtSecret: 'x', jwksUrl: null, maxTokenSeconds: 900 };
  await store.sites.put({ ...site, id: 'panel', name: 'Panel', origins: [], apiKeyHash: null }, clock.now());
  await store.presets.addMissing(
    [
      shipped,
      {
        ...shipped,
        presetId: 'video-cover-10',
        seconds: 10,
        tokensCost: 20,
        position: 2,
        titles: { ru: 'Видеообложка 10 с', en: 'Video cover, 10 s', vi: 'Bìa video 10 giây' },
      },
    ],
    clock.now(),
  );

  const servers: ReturnType<typeof serve>[] = [];
  /** Serves another admin over the same store, such as one with a new password. Answers its address. */
  async function open(others: Partial<AdminParts> = {}): Promise<string> {
    const app = new Hono().route('/admin', createAdmin({ ...parts, ...others }));
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
    servers.push(server);
    await new Promise<void>((resolve) => (server.listening ? resolve() : server.once('listening', resolve)));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  return {
    address: await open(),
    open,
    parts,
    store,
    clock,
    runtime,
    log,
    async close() {
      for (const server of servers) await new Promise((resolve) => server.close(resolve));
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
    ...sellers({ store, runtime, service }),
  };
}

export type Office = Awaited<ReturnType<typeof openOffice>>;

function sellers({
  store,
  runtime,
  service,
}: Pick<AdminParts, 'store' | 'runtime'> & { service: ReturnType<typeof createJobService> }) {
  return {
    /** A seller with tokens. */
    async seller(userId: string, facts: { name?: string; tokens?: number; note?: string } = {}) {
      const { name, tokens = 100, note = 'welcome' } = facts;
      const now = runtime.now();
      const account = await store.accounts.ensure(
        { siteId: 'panel', userId, ...(name !== undefined && { name }) },
        { id: runtime.newId(), now },
      );
      const grant = {
        id: runtime.newId(),
        accountId: account.id,
        amount: tokens,
        reference: runtime.newId(),
        note,
        actor: 'host',
        now,
      };
      if (tokens > 0) await store.transaction((tx) => store.ledger.grant(tx, grant));
      return account;
    },

    /** A paid job that waits in the queue. */
    async job(accountId: string, request: Partial<JobRequest> = {}): Promise<JobRow> {
      const picture = { key: 'x', width: 900, height: 1200, bytes: 1000, contentType: 'image/jpeg', sha256: 'x' };
      const upload = await store.uploads.insert({
        ...picture,
        id: runtime.newId(),
        accountId,
        createdAt: runtime.now(),
      });
      const { job } = await service.create({
        accountId,
        idempotencyKey: runtime.newId(),
        request: { presetId: 'video-cover', uploadId: upload.id, fit: 'crop', ...request },
      });
      return job;
    },

    /** Ends the job as failed, with its refund. */
    async fail(id: string, errorCode: string, errorMessage: string): Promise<void> {
      const now = runtime.now();
      await store.transaction(async (tx) => {
        await store.jobs.end(tx, 'failed', { id, now, set: { errorCode, errorMessage } });
        await store.ledger.refund(tx, { id: runtime.newId(), jobId: id, actor: 'worker', note: errorCode, now });
      });
    },
  };
}

/** A browser at one address: keeps cookies, sends what browsers send with forms, follows nothing by itself. */
export function openBrowser(address: string, { language = 'en' }: { language?: string } = {}) {
  const cookies = new Map<string, string>();

  async function send(path: string, init: RequestInit = {}) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { 'accept-language': language, ...(cookie && { cookie }), ...(init.headers as object) };
    const answer = await fetch(`${address}${path}`, { redirect: 'manual', ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (/max-age=0/i.test(line)) cookies.delete(name!);
      else cookies.set(name!, value!);
    }
    return {
      status: answer.status,
      headers: answer.headers,
      location: answer.headers.get('location'),
      text: await answer.text(),
    };
  }

  const browser = {
    cookies,
    get: (path: string, headers: Record<string, string> = {}) => send(path, { headers }),

    /** Sends a form as a page of this admin would; `headers` replace what the browser says about itself. */
    post: (
      path: string,
      form: Record<string, string>,
      headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' },
    ) => send(path, { method: 'POST', body: new URLSearchParams(form), headers }),

    /** Without a login: the built-in owner. */
    signIn: (password = adminPassword, login = '') => browser.post('/admin/sign-in', { login, password }),

    /** The hidden fields and present values of the form on `page` that is sent to `action`. */
    async form(page: string, action: string): Promise<Record<string, string>> {
      const { text } = await browser.get(page);
      return formOn(text, action);
    },
  };
  return browser;
}

/** The values of a form as a browser would send them untouched. */
export function formOn(page: string, action: string): Record<string, string> {
  const start = page.indexOf(`action="${action}"`);
  if (start < 0) throw new Error(`no form for ${action}`);
  const part = page.slice(start, page.indexOf('</form>', start));
  const fields: Record<string, string> = {};
  for (const [tag] of part.matchAll(/<input\b[^>]*>/g)) {
    const name = attribute(tag, 'name');
    if (!name || (attribute(tag, 'type') === 'checkbox' && !/\schecked\b/.test(tag))) continue;
    fields[name] = attribute(tag, 'value') ?? '';
  }
  for (const [, tag, text] of part.matchAll(/(<textarea\b[^>]*>)\n?([^<]*)<\/textarea>/g))
    fields[attribute(tag!, 'name')!] = unescaped(text!);
  for (const [, tag, options] of part.matchAll(/(<select\b[^>]*>)([\s\S]*?)<\/select>/g))
    fields[attribute(tag!, 'name')!] = unescaped(/value="([^"]*)"\s+selected/.exec(options!)?.[1] ?? '');
  return fields;
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : unescaped(value);
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
