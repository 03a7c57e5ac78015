/**
 * The real core with a clock in hand: store, service, worker, event hub as they ship; only the provider, the pictures and
 * the download are scripted, and answer at once.
 */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { rmSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { v7 as uuidv7 } from 'uuid';
import { createEventHub } from '../http/event-hub.ts';
import { createPresenter } from '../http/present.ts';
import type { Runtime } from '../jobs/runtime.ts';
import { createJobService } from '../jobs/service.ts';
import { createTimeline } from '../jobs/timeline.ts';
import { createWorker } from '../jobs/worker.ts';
import { createDiskBlobs } from '../media/disk.ts';
import type { Download } from '../media/download.ts';
import type { Pictures } from '../media/picture.ts';
import { fastFolder, makeClipFiles } from '../simulation/clips.ts';
import { createStore, type Store } from '../store/store.ts';
import { openSqlite } from '../store/sqlite.ts';
import { testPreset, testSeller } from '../store/testing.ts';
import { countDatabase, type DatabaseUse } from './counted-database.ts';
import { createScriptedProvider, type ProviderUse } from './scripted-provider.ts';

/** Where the drawn days begin: at a moment of the sweep, whatever its interval. */
export const startMs = Date.UTC(2026, 10, 20, 12);
const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const picture = Buffer.from('a picture');
const size = { width: 600, height: 800 };

/** What the run has used so far. */
export interface Use extends DatabaseUse, ProviderUse {
  signals: number;
  /** Events written to the streams that listen. */
  streamWrites: number;
  /** Rounds of the worker. */
  rounds: number;
}

export interface CoreOptions {
  /** Over all accounts, evenly. */
  slots: number;
  accounts?: number;
  pollMs: number;
  sellers: number;
  /** How long the task of this external id takes. */
  taskMs: (externalId: string) => number;
}

/** Opens a core with so many sellers, each of whom has one picture and one event stream open. */
export async function openCore({ slots, accounts = 1, pollMs, sellers, taskMs }: CoreOptions) {
  const folder = fastFolder('kvc-scale-');
  const clips = await makeClipFiles([testPreset.seconds]);
  let nowMs = startMs;
  const runtime: Runtime = {
    now: () => nowMs,
    newId: () => uuidv7({ msecs: nowMs }),
    random: () => 0.5,
    deadline: () => new AbortController().signal,
  };
  const file = join(folder, 'scale.db');
  const { database, use: databaseUse } = countDatabase(openSqlite(file));
  const store = createStore(database, { timeline: createTimeline(runtime) });
  await store.presets.addMissing([testPreset], nowMs);
  const jobs = createJobService({ store, runtime, settings: { deadlineMs: 1e9, minSide: 300 }, slots });
  const blobs = await createDiskBlobs(join(folder, 'media'));
  const provider = createScriptedProvider({ now: runtime.now, taskMs });
  const download: Download = async (_url, consume) => {
    const bytes = clips.bytes('whole', testPreset.seconds);
    return { outcome: 'ok', value: await consume(Readable.from([bytes])), bytes: bytes.length };
  };
  const worker = createWorker({
    store,
    runtime,
    log: quiet,
    blobs,
    pictures: scriptedPictures,
    download,
    probe: () => clips.probe(clips.pathOf(clips.bytes('whole', testPreset.seconds))),
    accounts: Array.from({ length: accounts }, (_, index) => ({
      id: `kling-${index}`,
      provider: 'kling' as const,
      concurrency: slots / accounts,
      pictureRules: { formats: ['jpeg' as const], maxBytes: 9_500_000, minSide: 300, maxRatio: 2.5 },
      resultRetentionMs: 30 * 24 * 3_600_000,
      clientFor: () => provider.client,
    })),
    settings: { pollIntervalMs: pollMs },
  });

  const heard = { signals: 0, streamWrites: 0, rounds: 0 };
  store.signals.subscribe(() => void heard.signals++);
  const link = ({ key }: { key: string }) => `https://us.example/media/${key}`;
  const present = createPresenter({ store, runtime, jobs, link, publicUrl: 'https://us.example' });
  const hub = createEventHub({ store, present, runtime, log: quiet });
  const people = await settle(store, blobs, sellers);
  for (const { accountId } of people) hub.attach(streamFor(accountId, () => void heard.streamWrites++));
  await turn();

  return {
    store,
    people,
    /** What was used since the last call. */
    takeUse(): Use {
      const all = { ...databaseUse, ...provider.use, ...heard };
      for (const part of [databaseUse, provider.use, heard] as Record<string, number>[])
        for (const name of Object.keys(part)) part[name] = 0;
      return all;
    },
    databaseBytes: () => bytesOf(file),
    /** Sets the clock; it never goes back. */
    at(ms: number): void {
      nowMs = Math.max(nowMs, ms);
    },
    /** Answers the external id that the provider will know the task by. */
    async order({ accountId, uploadId }: Person): Promise<{ id: string; externalId: string }> {
      const request = { presetId: testPreset.presetId, uploadId, fit: 'crop' as const };
      return (await jobs.create({ accountId, idempotencyKey: uuidv7(), request })).job;
    },
    /** Rounds of the worker until nothing was changed in the last one: what its nudges amount to. */
    async work(): Promise<void> {
      for (let before = -1; before !== heard.signals;) {
        before = heard.signals;
        heard.rounds++;
        await worker.tick();
      }
      await turn();
    },
    async close(): Promise<void> {
      await worker.stop(0);
      hub.close();
      await store.close();
      clips.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A seller with a picture. */
export interface Person {
  accountId: string;
  uploadId: string;
}

async function settle(store: Store, blobs: Awaited<ReturnType<typeof createDiskBlobs>>, count: number) {
  const people: Person[] = [];
  for (let index = 0; index < count; index++) {
    const accountId = await testSeller(store, { userId: `seller-${index}`, tokens: 1_000_000 });
    const uploadId = uuidv7();
    const key = `${accountId}/uploads/${uploadId}.jpg`;
    const kept = await blobs.put(key, Readable.from([picture]), { maxBytes: picture.length });
    const row = { id: uploadId, accountId, key, ...size, ...kept, contentType: 'image/jpeg', createdAt: startMs };
    await store.uploads.insert(row);
    people.push({ accountId, uploadId });
  }
  return people;
}

/** What is in use of the file, its log included. */
function bytesOf(file: string): number {
  const beside = new SQLite(file, { readonly: true });
  try {
    const pages = Number(beside.pragma('page_count', { simple: true }));
    return pages * Number(beside.pragma('page_size', { simple: true }));
  } finally {
    beside.close();
  }
}

const scriptedPictures: Pictures = {
  inspect: () => Promise.reject(new Error('no picture is looked at here')),
  compose: async () => ({ bytes: picture, contentType: 'image/jpeg' as const, ...size }),
};

/** A response that counts the events written to it and sends nothing. */
class CountingResponse extends ServerResponse {
  readonly #onEvent: () => void;
  constructor(onEvent: () => void) {
    super(new IncomingMessage(new Socket()));
    this.#onEvent = onEvent;
  }
  override writeHead(): this {
    return this;
  }
  override write(chunk: Uint8Array | string): boolean {
    for (const _event of chunk.toString().matchAll(/^event: /gm)) this.#onEvent();
    return true;
  }
}

const streamFor = (accountId: string, onEvent: () => void) => ({
  accountId,
  outgoing: new CountingResponse(onEvent),
  expiresAtMs: startMs + 1e9,
  seenMs: undefined,
});

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

export type Core = Awaited<ReturnType<typeof openCore>>;
