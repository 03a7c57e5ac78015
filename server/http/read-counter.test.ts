import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, it } from 'node:test';
import { testJob, testSeller } from '../store/testing.ts';
import { createReadCounter } from './read-counter.ts';
import { startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
let jobId: string;
let key: string;
before(async () => {
  server = await startTestServer();
  const { store, blobs } = server.parts;
  const accountId = await testSeller(store, { userId: 'seller', tokens: 10 });
  const job = testJob({ accountId });
  jobId = job.id;
  await store.transaction((tx) => store.jobs.insert(tx, job));
  key = `${accountId}/image-to-video/${jobId}-1760000000000.mp4`;
  await blobs.put(key, Readable.from([Buffer.alloc(100)]), { maxBytes: 100 });
});
after(() => server.close());

async function ask({
  query = '',
  ...init
}: { query?: string; method?: string; headers?: Record<string, string> } = {}) {
  const grant = { key, contentType: 'video/mp4', expiresAtMs: Date.now() + 60_000 };
  const token = server.parts.secrets.mediaTokens.sign(grant);
  const answer = await server.call(`/media/${token}${query}`, init);
  await answer.arrayBuffer();
}

/** The counts once they are `expected`, or after a second. */
async function counts(expected: [number, number]) {
  for (const until = Date.now() + 1_000; ;) {
    const { views, downloads } = (await server.parts.store.jobs.get(jobId))!;
    if ((views === expected[0] && downloads === expected[1]) || Date.now() > until) return [views, downloads];
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it('a clip that is read from its start is a view, one that is saved a download, and nothing else counts', async () => {
  await ask();
  await ask({ headers: { range: 'bytes=0-' } });
  assert.deepEqual(await counts([2, 0]), [2, 0]);
  for (const range of ['bytes=50-', 'bytes=0-1', 'bytes=-10', 'bytes=200-']) await ask({ headers: { range } });
  await ask({ method: 'HEAD' });
  await ask({ query: '?download=1' });
  assert.deepEqual(await counts([2, 1]), [2, 1]);
});

it('many reads at once are all counted, in few writes, and a broken database only costs the count', async () => {
  const writes: { id: string; views: number; downloads: number }[] = [];
  const warnings: string[] = [];
  let isBroken = false;
  const store = {
    async transaction(work: (tx: never) => Promise<void>) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isBroken) throw new Error('disk');
      await work(undefined as never);
    },
    jobs: { countReads: async (_: never, more: { reads: typeof writes }) => void writes.push(...more.reads) },
  };
  const log = { ...server.parts.log, warn: (_: object, sentence: string) => void warnings.push(sentence) };
  const counter = createReadCounter({ store: store as never, runtime: server.parts.runtime, log });
  const settle = async () => {
    for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  for (let n = 0; n < 100; n += 1) counter.count(key, 'views');
  counter.count('someone/stills/x.jpg', 'views');
  await settle();
  assert.equal(
    writes.reduce((sum, { views }) => sum + views, 0),
    100,
  );
  assert.equal(writes.length, 2);
  isBroken = true;
  counter.count(key, 'downloads');
  await settle();
  assert.equal(warnings.length, 1);
  isBroken = false;
  counter.count(key, 'downloads');
  await settle();
  assert.equal(writes.at(-1)!.downloads, 1);
});
