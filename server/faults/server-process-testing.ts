/** The real process, `server/main.ts` with real settings, against the Kling simulator; and what a seller does with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import { freePort } from '../../.tools/free-port.ts';
import { startKlingSimulator, type KlingSimulatorOptions } from '../../demo/simulators/kling.ts';
import type { CreatedJob, Job, Upload } from '../contract.ts';
import { makePicture } from '../http/testing.ts';
import { temporaryFolder } from '../store/testing.ts';

const serverScript = fileURLToPath(new URL('../main.ts', import.meta.url));
const siteSecret = 'the shared secret of the site, long enough';
const siteKey = 'the-api-key-of-the-site-0123456789';
const site = { issuer: 'https://panel.example', audience: 'kling-video-cover' };

/** A place for one server after another: the same folder, port and simulator. */
export async function startSite({ kling: klingOptions }: { kling?: KlingSimulatorOptions } = {}) {
  const { path: folder, remove } = temporaryFolder();
  const kling = await startKlingSimulator({ video: 'tiny', submittedMs: 20, processingMs: 100, ...klingOptions });
  const url = `http://127.0.0.1:${await freePort()}`;
  const settings = {
    PORT: new URL(url).port,
    DATABASE_URL: `file:${join(folder, 'covers.db')}`,
    STORAGE_URL: `file:${join(folder, 'media')}`,
    SECRET: 'a secret of the test, 32 bytes or more',
    KLING_ACCESS_KEY: kling.accessKey,
    KLING_SECRET_KEY: kling.secretKey,
    KLING_API_BASE: kling.url,
    RESULT_HOSTS: new URL(kling.url).host,
    POLL_INTERVAL_MS: '100',
    SITE_ID: 'panel',
    SITE_ISSUER: site.issuer,
    SITE_ORIGINS: site.issuer,
    SITE_JWT_SECRET: siteSecret,
    SITE_API_KEY: siteKey,
  };

  const now = Math.floor(Date.now() / 1000);
  const token = await new SignJWT({ iss: site.issuer, aud: site.audience, sub: 'seller', iat: now, exp: now + 600 })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(siteSecret));

  const call = (path: string, init: RequestInit & { bearer?: string } = {}) =>
    fetch(url + path, {
      ...init,
      headers: { authorization: `Bearer ${init.bearer ?? token}`, connection: 'close', ...init.headers },
    });
  const post = (path: string, { json, ...init }: { json: object; bearer?: string; headers?: Record<string, string> }) =>
    call(path, {
      ...init,
      method: 'POST',
      body: JSON.stringify(json),
      headers: { 'content-type': 'application/json', ...init.headers },
    });

  return {
    folder,
    kling,
    call,
    settings,

    /** Resolves when it answers. */
    async start(env: Record<string, string> = {}) {
      const { NODE_OPTIONS, NODE_COMPILE_CACHE } = process.env;
      const child = spawn(process.execPath, [serverScript], {
        cwd: folder,
        env: { NODE_OPTIONS, NODE_COMPILE_CACHE, ...settings, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const exit = once(child, 'exit').then(([code, signal]) => ({ code: code as number | null, signal, said }));
      while (!(await call('/healthz').catch(() => null))) {
        if (child.exitCode !== null) throw new Error(`the server ended: ${said}`);
        await pause(30);
      }
      return {
        exit,
        /** Its log until now. */
        said: () => said,
        /** Answers how it ended. */
        signal(name: NodeJS.Signals) {
          child.kill(name);
          return exit;
        },
        hasEnded: () => child.exitCode !== null || child.signalCode !== null,
      };
    },

    grant: (amount: number, reference: string) =>
      post('/v1/host/accounts/seller/grants', { json: { amount, reference }, bearer: siteKey }),

    async balance(): Promise<number> {
      const session = (await (await call('/v1/session')).json()) as { balance: number };
      return session.balance;
    },

    async uploaded(): Promise<string> {
      const body = Buffer.from(await makePicture());
      const answer = await call('/v1/uploads', { method: 'POST', body, headers: { 'content-type': 'image/jpeg' } });
      return ((await answer.json()) as { upload: Upload }).upload.id;
    },

    async order(uploadId: string, { key, prompt }: { key: string; prompt?: string }): Promise<CreatedJob> {
      const json = { presetId: 'video-cover', uploadId, ...(prompt && { prompt }) };
      const answer = await post('/v1/jobs', { json, headers: { 'idempotency-key': key } });
      if (answer.status !== 201) throw new Error(`the order was refused: ${await answer.text()}`);
      return (await answer.json()) as CreatedJob;
    },

    /** Resolves with the job once it is so. */
    async when(id: string, isSo: (job: Job) => boolean): Promise<Job> {
      for (;;) {
        const { job } = (await (await call(`/v1/jobs/${id}`)).json()) as { job: Job };
        if (isSo(job)) return job;
        await pause(20);
      }
    },

    async close(): Promise<void> {
      await kling.close();
      remove();
    },
  };
}

export type TestSite = Awaited<ReturnType<typeof startSite>>;
