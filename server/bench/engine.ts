import { v7 } from 'uuid';
import type { Runtime } from '../jobs/runtime.ts';
import { createJobService } from '../jobs/service.ts';
import { silentLog } from '../jobs/testing.ts';
import { createTimeline } from '../jobs/timeline.ts';
import { createWorker } from '../jobs/worker.ts';
import { createDiskBlobs } from '../media/disk.ts';
import { createDownloader } from '../media/download.ts';
import { createPictures } from '../media/picture.ts';
import type { ProviderAccount, SubmitOutcome } from '../providers/provider.ts';
import type { Database } from '../store/database.ts';
import { createStore } from '../store/store.ts';
import { benchPresets, type BenchSeller } from './sellers.ts';

/** A job engine that is asked for one job after another. */
export interface Engine {
  /** Milliseconds from the request for a job until its work starts. */
  startMs(): Promise<number>;
  close(): Promise<void>;
}

interface EngineParts {
  database: Database;
  seller: BenchSeller;
  mediaFolder: string;
}

const runtime: Runtime = {
  now: Date.now,
  newId: () => v7(),
  random: Math.random,
  deadline: (ms) => AbortSignal.timeout(ms),
};

/** Ours: an order with its debit, and a worker whose provider takes every job and never finishes it. */
export async function startOwnEngine({ database, seller, mediaFolder }: EngineParts): Promise<Engine> {
  const store = createStore(database, { newMessageId: runtime.newId, timeline: createTimeline(runtime) });
  const service = createJobService({ store, runtime, settings: { deadlineMs: 3_600_000, minSide: 300 }, slots: 1 });
  let started = () => {};
  const worker = createWorker({
    store,
    runtime,
    log: silentLog,
    blobs: await createDiskBlobs(mediaFolder),
    pictures: createPictures(),
    download: createDownloader({ allowedHosts: [], maxBytes: 1, timeoutMs: 1_000 }),
    accounts: [endlessAccount(() => started())],
    settings: { pollIntervalMs: 3_600_000 },
  });
  worker.start();
  return {
    async startMs() {
      const start = performance.now();
      const begun = new Promise<number>((resolve) => (started = () => resolve(performance.now())));
      const request = { presetId: benchPresets.words, title: 'A mug', fit: 'crop' as const };
      await service.create({ accountId: seller.accountId, idempotencyKey: v7(), request });
      return (await begun) - start;
    },
    async close() {
      await worker.stop(1_000);
      await store.close();
    },
  };
}

function endlessAccount(onSubmit: () => void): ProviderAccount {
  const unclear = async () => ({ outcome: 'unclear' as const, reason: 'not asked for here' });
  const client = {
    async submit(): Promise<SubmitOutcome> {
      onSubmit();
      return { outcome: 'accepted', taskId: v7() };
    },
    findByExternalId: unclear,
    findByTaskId: unclear,
  };
  const pictureRules = { formats: ['jpeg' as const], maxBytes: 1, minSide: 1, maxRatio: 1 };
  const account = { id: 'kling', provider: 'kling' as const, concurrency: 1_000_000, pictureRules };
  return { ...account, resultRetentionMs: 1, clientFor: () => client };
}
