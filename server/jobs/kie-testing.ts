/** A core whose only provider is Kie.ai: real database, files and pictures, the Kie simulator with its callbacks over HTTP. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { v7 as uuidv7 } from 'uuid';
import { startKieSimulator, type KieSimulatorOptions } from '../../demo/simulators/kie.ts';
import { createDiskBlobs } from '../media/disk.ts';
import { createDownloader } from '../media/download.ts';
import { createPictures } from '../media/picture.ts';
import { createKieAccount } from '../providers/kie.ts';
import { readKieCallback } from '../providers/kie-callback.ts';
import { openSqlite } from '../store/sqlite.ts';
import { createStore } from '../store/store.ts';
import type { JobRow, NewPreset } from '../store/schema.ts';
import { temporaryFolder, testPreset, testRuntime, testSeller } from '../store/testing.ts';
import { createJobService } from './service.ts';
import { silentLog } from './testing.ts';
import { createTimeline } from './timeline.ts';
import { createWorker } from './worker.ts';

const secondMs = 1_000;
const kie = { ...testPreset, provider: 'kie', mode: '', tokensCost: 1 } as const;

/** One preset of each kind, named by it. */
const presets: NewPreset[] = [
  { ...kie, presetId: 'image-to-video', model: 'kling-2.6/image-to-video' },
  { ...kie, presetId: 'text-to-video', model: 'kling-2.6/text-to-video', kind: 'text-to-video', aspectRatio: '9:16' },
  { ...kie, presetId: 'image-to-image', model: 'google/nano-banana-edit', kind: 'image-to-image', seconds: 0 },
  { ...kie, presetId: 'text-to-image', model: 'google/nano-banana', kind: 'text-to-image', seconds: 0 },
];

interface KieWorldOptions extends KieSimulatorOptions {
  /** Whether Kie gets to us: then it calls back. Pictures are uploaded in any case. Default true. */
  reachable?: boolean;
  deadlineMs?: number;
  /** How long a call to Kie may hang, in real milliseconds. */
  callTimeoutMs?: number;
}

/** Starts it with a clock that only `live` moves. */
export async function startKieWorld(options: KieWorldOptions = {}) {
  const { reachable = true, deadlineMs = 600 * secondMs, callTimeoutMs = 5 * secondMs, ...kie } = options;
  const folder = temporaryFolder();
  const runtime = testRuntime();
  runtime.deadline = () => AbortSignal.timeout(callTimeoutMs);
  const simulator = await startKieSimulator({ video: 'tiny', clock: runtime.now, callbackRetryDelaysMs: [], ...kie });
  const store = createStore(openSqlite(join(folder.path, 'test.db')), { timeline: createTimeline(runtime) });
  await store.presets.addMissing(presets, runtime.now());
  const blobs = await createDiskBlobs(join(folder.path, 'media'));
  const account = createKieAccount({
    id: 'kie',
    apiKey: simulator.apiKey,
    baseUrl: simulator.url,
    uploadBaseUrl: simulator.uploadUrl,
    now: runtime.now,
    concurrency: 20,
  });
  const jobs = createJobService({ store, runtime, settings: { deadlineMs, minSide: 300 }, slots: account.concurrency });

  let heard = Promise.withResolvers<void>();
  const hooks = createServer(async (request, response) => {
    const claims = readKieCallback(await buffer(request));
    await jobs.hint(new URL(request.url!, 'http://x').pathname.split('/').at(-1)!, claims);
    response.end('{}');
    heard.resolve();
    heard = Promise.withResolvers();
  }).listen(0, '127.0.0.1');
  await once(hooks, 'listening');
  const hooksUrl = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}`;

  const worker = createWorker({
    store,
    runtime,
    log: silentLog,
    blobs,
    pictures: createPictures(),
    download: createDownloader({ allowedHosts: [new URL(simulator.url).host], maxBytes: 50_000_000, timeoutMs: 5_000 }),
    accounts: [account],
    settings: {
      pollIntervalMs: 10 * secondMs,
      ...(reachable && { callbackUrl: ({ id, provider }) => `${hooksUrl}/hooks/${provider}/${id}` }),
    },
  });

  async function upload(accountId: string): Promise<string> {
    const id = uuidv7();
    const size = { width: 600, height: 800 };
    const key = `${accountId}/uploads/${id}.jpg`;
    const plain = sharp({ create: { ...size, channels: 3, background: '#b5651d' } });
    const picture = await plain.jpeg().toBuffer();
    const kept = await blobs.put(key, Readable.from([picture]), { maxBytes: 1_000_000 });
    const row = { id, accountId, key, ...size, ...kept, contentType: 'image/jpeg', createdAt: runtime.now() };
    return (await store.uploads.insert(row)).id;
  }

  return {
    store,
    jobs,
    blobs,
    simulator,
    runtime,
    hooksUrl,
    seller: (tokens: number) => testSeller(store, { userId: uuidv7(), tokens }),
    read: async (id: string): Promise<JobRow> => (await store.jobs.get(id))!,
    balance: async (accountId: string) => (await store.accounts.get(accountId))!.balance,
    /** Resolves when the next callback has been noted. */
    nextCallback: () => heard.promise,

    /** Orders by the preset of this name; the prompt may carry the simulator's markers. */
    async order(accountId: string, presetId: string, prompt = 'a calm turn'): Promise<JobRow> {
      const picture = presetId.startsWith('image-') && { uploadId: await upload(accountId) };
      const request = { presetId, fit: 'crop' as const, prompt, ...picture };
      return (await jobs.create({ accountId, idempotencyKey: uuidv7(), request })).job;
    },

    /** Lets so many seconds pass, one at a time, with a round of the worker at each. */
    async live(seconds: number): Promise<void> {
      for (let passed = 0; passed < seconds; passed += 1) {
        await worker.tick();
        runtime.pass(secondMs);
        simulator.advance();
      }
      await worker.tick();
    },

    async close(): Promise<void> {
      await worker.stop(0);
      await simulator.close();
      hooks.close();
      hooks.closeAllConnections();
      await store.close();
      folder.remove();
    },
  };
}

export type KieWorld = Awaited<ReturnType<typeof startKieWorld>>;
