import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { createPictures } from '../media/picture.ts';
import { createStore, type Store } from '../store/store.ts';
import { openSqlite } from '../store/sqlite.ts';
import { testJob, testSeller } from '../store/testing.ts';
import type { Costs } from './costs.ts';

const heldJobs = 1_000;
const queuedJobs = 2_000;
const streams = 300;
const pictures = 3;

/** The times of `Costs`, measured here and now in a few seconds. */
export async function timeCosts(): Promise<
  Pick<Costs, 'pictureMs' | 'inspectMs' | 'heldRowUs' | 'queuedRowUs' | 'streamWriteUs' | 'sqlitePerSecond'>
> {
  const folder = await mkdtemp(join(tmpdir(), 'kvc-costs-'));
  try {
    return {
      ...(await timePictures(folder)),
      ...(await timeStore(folder)),
      streamWriteUs: await timeStreams(),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Processor time of this process, the middle one of several tries: a busy machine does not make it longer. */
async function processorMs(times: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  const took = [];
  for (let time = 0; time < times; time++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    took.push((user + system) / 1_000);
  }
  return took.toSorted((a, b) => a - b)[Math.floor(times / 2)]!;
}

/** A photo of twelve megapixels, cut to a cover. */
async function timePictures(folder: string) {
  const path = join(folder, 'photo.jpg');
  const [width, height] = [3_000, 4_000];
  const noise = sharp({
    create: { width, height, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 20 } },
  });
  await writeFile(path, await noise.jpeg({ quality: 85 }).toBuffer());
  const rules = { formats: ['jpeg' as const], maxBytes: 9_500_000, minSide: 300, maxRatio: 2.5 };
  const frame = { x: 0, y: 0, width, height };
  const aspectRatio = { width: 3, height: 4 };
  const { compose, inspect } = createPictures();
  return {
    pictureMs: await processorMs(pictures, () => compose({ path, frame, fit: 'crop', aspectRatio, rules })),
    inspectMs: await processorMs(pictures, () => inspect(path)),
  };
}

async function timeStore(folder: string) {
  const store = createStore(openSqlite(join(folder, 'costs.db')));
  try {
    const accountId = await testSeller(store, { userId: 'one', tokens: 1_000_000 });
    await insert(store, heldJobs, () => ({
      ...testJob({ accountId }),
      stage: 'generating',
      status: 'processing',
      providerAccount: 'kling',
    }));
    const heldMs = await processorMs(5, () => store.queue.slotsUsed(store.read, 'kling'));
    await insert(store, queuedJobs, () => testJob({ accountId }));
    const queuedMs = await processorMs(5, () => store.queue.waiting(store.read, 20));
    const orders = 2_000;
    const ordersMs = await msOf(() =>
      Promise.all(Array.from({ length: orders }, () => store.transaction((tx) => order(store, tx, accountId)))),
    );
    return {
      heldRowUs: (heldMs * 1_000) / heldJobs,
      queuedRowUs: (queuedMs * 1_000) / queuedJobs,
      sqlitePerSecond: (orders / ordersMs) * 1_000,
    };
  } finally {
    await store.close();
  }
}

type Tx = Parameters<Parameters<Store['transaction']>[0]>[0];

async function insert(store: Store, count: number, row: () => ReturnType<typeof testJob>): Promise<void> {
  await store.transaction(async (tx) => {
    for (let index = 0; index < count; index++) await store.jobs.insert(tx, row());
  });
}

async function order(store: Store, tx: Tx, accountId: string): Promise<void> {
  const job = testJob({ accountId });
  await store.jobs.insert(tx, job);
  const { id: jobId, createdAt: now } = job;
  await store.ledger.debit(tx, { id: jobId, accountId, jobId, price: 1, actor: 'seller', now });
}

/** A heartbeat to all open streams is one loop, as in the event hub; its readers are in this process too. */
async function timeStreams(): Promise<number> {
  const open: ServerResponse[] = [];
  const server = createServer((_request, answer) => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    answer.write(': welcome\n\n');
    open.push(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const clients = await Promise.all(
    Array.from(
      { length: streams },
      () =>
        new Promise<IncomingMessage>((resolve, reject) =>
          get({ port, host: '127.0.0.1' }, (answer) => resolve(answer.resume())).on('error', reject),
        ),
    ),
  );
  const bytes = Buffer.from(': still here\n\n');
  const beatMs = await processorMs(9, async () => {
    for (const answer of open) answer.write(bytes);
    // What was written leaves in the next tick.
    await new Promise<void>((resolve) => process.nextTick(resolve));
  });
  for (const client of clients) client.destroy();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  return (beatMs * 1_000) / streams;
}
