/** For tests of webhooks: a real store, real receivers on loopback, one clock. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { createMediaLinks } from '../http/media-links.ts';
import { createPresenter } from '../http/present.ts';
import type { Log } from '../jobs/runtime.ts';
import type { Lookup } from '../media/download-agent.ts';
import { createMediaTokens } from '../media/media-token.ts';
import { createSeal } from '../secrets.ts';
import type { HostEvent } from '../store/schema.ts';
import { openSqlite } from '../store/sqlite.ts';
import { createStore } from '../store/store.ts';
import { temporaryFolder, testJob, testRuntime, testSeller, testSite } from '../store/testing.ts';
import { createAddressRules } from './address.ts';
import { createEndpoints, hostEvents } from './endpoints.ts';
import { createMessages } from './message.ts';
import { createSender } from './send.ts';
import { createWebhookWorker } from './worker.ts';

const secret = 'a secret of the webhook tests, 32 bytes';
export const publicUrl = 'https://covers.example';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A host that keeps what it gets. `answer` may be changed at any time. */
export async function startReceiver() {
  const received: Received[] = [];
  const sayYes = (response: ServerResponse) => void response.writeHead(204).end();
  const receiver = { received, answer: sayYes as (response: ServerResponse, at: number) => void };
  const server = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks as Buffer[]).toString() });
      receiver.answer(response, received.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(receiver, {
    host,
    url: `http://${host}/hook`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  });
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

export async function openOffice({
  hosts,
  lookup,
  startMs,
  tryMs = 1_000,
}: { hosts?: string[]; lookup?: Lookup; startMs?: number; tryMs?: number } = {}) {
  const folder = temporaryFolder();
  const runtime = testRuntime(startMs);
  const seal = createSeal(secret);
  const store = createStore(openSqlite(join(folder.path, 'test.db')), { newMessageId: uuidv7 });
  const accountId = await testSeller(store, { userId: 'seller/7', tokens: 1_000 });
  const checkAddress = createAddressRules(hosts ?? []);
  const endpoints = createEndpoints({ store, runtime, seal, checkAddress });
  const link = createMediaLinks({ mediaTokens: createMediaTokens(secret), runtime, publicUrl });
  const present = createPresenter({ store, runtime, link, publicUrl, jobs: { queuePlaces: async () => new Map() } });
  const logged: { level: string; facts: object; sentence: string }[] = [];
  const note = (level: string) => (facts: object, sentence: string) => void logged.push({ level, facts, sentence });
  const log: Log = { info: note('info'), warn: note('warn'), error: note('error') };
  const messageOf = createMessages({ store, presentJob: present.job });

  /** Another node on the same database. */
  const newWorker = (given = seal) => {
    const deadline = (timeoutMs: number) => AbortSignal.timeout(Math.min(timeoutMs, tryMs));
    const sender = createSender({ checkAddress, deadline, ...(lookup && { lookup }) });
    return createWebhookWorker({ store, runtime, log, seal: given, messageOf, sender });
  };
  const worker = newWorker();

  async function order(): Promise<string> {
    const job = testJob({ accountId });
    const now = runtime.now();
    const entry = { id: uuidv7(), accountId, jobId: job.id, price: job.tokensCost, actor: 'seller', now };
    await store.transaction(async (tx) => {
      await store.jobs.insert(tx, job);
      await store.ledger.debit(tx, entry);
    });
    return job.id;
  }

  return {
    store,
    runtime,
    accountId,
    endpoints,
    logged,
    worker,
    newWorker,

    /** Each with an address of its own. */
    async endpoint(url: string, events: HostEvent[] = [...hostEvents]) {
      return (await endpoints.create({ siteId: testSite.id, url: `${url}?${uuidv7()}`, events, actor: 'test' }))!;
    },

    deliveries: (endpointId: string) => store.webhooks.deliveries({ endpointId, limit: 100 }),

    /** A job that failed, with its refund. */
    async fail(): Promise<string> {
      const id = await order();
      const now = runtime.now();
      await store.transaction(async (tx) => {
        await store.jobs.end(tx, 'failed', {
          id,
          now,
          set: { errorCode: 'provider_failed', errorMessage: 'vendor words' },
        });
        await store.ledger.refund(tx, { id: uuidv7(), jobId: id, actor: 'worker', note: 'provider_failed', now });
      });
      return id;
    },

    /** A job with its clip. */
    async complete(): Promise<string> {
      const id = await order();
      const now = runtime.now();
      const file = { key: `clips/${id}.mp4`, width: 1080, height: 1440, bytes: 5_000, contentType: 'video/mp4' };
      const video = { ...file, seconds: 5, sha256: 'a'.repeat(64) };
      await store.transaction(async (tx) => {
        for (const stage of ['submitting', 'generating', 'saving'] as const)
          await store.jobs.advance(tx, stage, { id, now });
        await store.jobs.advance(tx, 'done', { id, now, set: { video, completedAt: now } });
      });
      return id;
    },

    async close(): Promise<void> {
      await worker.stop(0);
      await store.close();
      folder.remove();
    },
  };
}

export type WebhookOffice = Awaited<ReturnType<typeof openOffice>>;
