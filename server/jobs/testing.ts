/** A whole core for tests: real database, real files, real pictures, the Kling simulator over HTTP, one clock for all. */
import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { v7 as uuidv7 } from 'uuid';
import { startKlingSimulator, type KlingSimulatorOptions } from '../../demo/simulators/kling.ts';
import { createDiskBlobs } from '../media/disk.ts';
import { createDownloader } from '../media/download.ts';
import { createPictures } from '../media/picture.ts';
import { createKlingAccounts } from '../providers/kling.ts';
import type { Database } from '../store/database.ts';
import type { JobRow } from '../store/schema.ts';
import { openSqlite } from '../store/sqlite.ts';
import { createStore } from '../store/store.ts';
import { temporaryFolder, testPreset, testRuntime, testSeller } from '../store/testing.ts';
import type { Log } from './runtime.ts';
import { createJobService } from './service.ts';
import { createTimeline } from './timeline.ts';
import { createWorker } from './worker.ts';

const secondMs = 1_000;
export const silentLog: Log = { info() {}, warn() {}, error() {} };

export interface WorldOptions {
  database?: Database;
  kling?: KlingSimulatorOptions;
  concurrency?: number;
  deadlineMs?: number;
  /** How long a call to the provider may hang, in real milliseconds. */
  callTimeoutMs?: number;
  /** The account makes pictures too. */
  pictures?: boolean;
  /** `link`: no copy of a result is kept. */
  keepResults?: 'link';
  /** Jobs keep a timeline. */
  timeline?: boolean;
}

export async function startWorld(options: WorldOptions = {}) {
  const folder = temporaryFolder();
  const runtime = testRuntime();
  runtime.deadline = () => AbortSignal.timeout(options.callTimeoutMs ?? 10_000);
  const kling = await startKlingSimulator({ video: 'tiny', clock: runtime.now, ...options.kling });
  const database = options.database ?? openSqlite(join(folder.path, 'test.db'));
  const store = createStore(database, options.timeline ? { timeline: createTimeline(runtime) } : {});
  const concurrency = options.concurrency ?? 5;
  await store.presets.addMissing([testPreset], runtime.now());
  const jobs = createJobService({
    store,
    runtime,
    settings: { deadlineMs: options.deadlineMs ?? 3_600 * secondMs, minSide: 300 },
    slots: concurrency,
  });
  const blobs = await createDiskBlobs(join(folder.path, 'media'));

  /** Another node on the same database and files. */
  const newWorker = () =>
    createWorker({
      store,
      runtime,
      log: silentLog,
      blobs,
      pictures: createPictures(),
      download: createDownloader({ allowedHosts: [new URL(kling.url).host], maxBytes: 50_000_000, timeoutMs: 5_000 }),
      accounts: createKlingAccounts({
        id: 'kling',
        credentials: { accessKey: kling.accessKey, secretKey: kling.secretKey },
        baseUrl: kling.url,
        now: runtime.now,
        concurrency,
      }).slice(0, options.pictures ? 2 : 1),
      ...(options.keepResults && { keepResults: options.keepResults }),
      settings: { pollIntervalMs: 10 * secondMs },
    });
  const worker = newWorker();

  async function upload(accountId: string): Promise<string> {
    const path = join(folder.path, 'photo.jpg');
    const size = { width: 600, height: 800 };
    writeFileSync(
      path,
      await sharp({ create: { ...size, channels: 3, background: '#b5651d' } })
        .jpeg()
        .toBuffer(),
    );
    const id = uuidv7();
    const key = `${accountId}/uploads/${id}.jpg`;
    const kept = await blobs.put(key, createReadStream(path), { maxBytes: 1_000_000 });
    const row = { id, accountId, key, ...size, ...kept, contentType: 'image/jpeg', createdAt: runtime.now() };
    return (await store.uploads.insert(row)).id;
  }

  const uploadOf = new Map<string, Promise<string>>();

  return {
    store,
    jobs,
    blobs,
    kling,
    worker,
    newWorker,
    runtime,

    seller: (tokens: number) => testSeller(store, { userId: uuidv7(), tokens }),

    /** Orders a cover; the prompt may carry the simulator's markers. */
    async order(accountId: string, prompt = 'a calm turn'): Promise<JobRow> {
      if (!uploadOf.has(accountId)) uploadOf.set(accountId, upload(accountId));
      const uploadId = await uploadOf.get(accountId)!;
      const request = { presetId: 'video-cover', uploadId, fit: 'crop' as const, prompt };
      return (await jobs.create({ accountId, idempotencyKey: uuidv7(), request })).job;
    },

    upload,
    read: async (id: string): Promise<JobRow> => (await store.jobs.get(id))!,
    balance: async (accountId: string) => (await store.accounts.get(accountId))!.balance,

    /** Lets so many seconds pass, a step at a time, with a round of the worker at each. */
    async live(seconds: number, step = 1): Promise<void> {
      for (let passed = 0; passed < seconds; passed += step) {
        await worker.tick();
        runtime.pass(step * secondMs);
        kling.advance();
      }
      await worker.tick();
    },

    async close(): Promise<void> {
      await worker.stop(0);
      await kling.close();
      await store.close();
      folder.remove();
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;
