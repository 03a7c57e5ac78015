import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startKlingSimulator, type KlingSimulator } from '../../demo/simulators/kling.ts';
import { silentLog } from '../jobs/testing.ts';
import { createWorker, type Worker } from '../jobs/worker.ts';
import { createDownloader } from '../media/download.ts';
import { createKlingAccount } from '../providers/kling.ts';
import { startTestServer, type TestServer } from './testing.ts';

const webhookSecret = 'whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI=';
/** So rare that nothing but a callback can bring news within the test. */
const pollIntervalMs = 3_600_000;

describe('callbacks of Kling, signed, all the way', () => {
  let server: TestServer;
  let kling: KlingSimulator;
  let worker: Worker;

  before(async () => {
    server = await startTestServer({ webhookSecret });
    kling = await startKlingSimulator({ video: 'tiny', submittedMs: 100, processingMs: 300, webhookSecret });
    const { parts } = server;
    worker = createWorker({
      ...parts,
      log: silentLog,
      accounts: [
        createKlingAccount({
          id: 'kling',
          credentials: { apiKey: kling.apiKey },
          baseUrl: kling.url,
          now: parts.runtime.now,
          concurrency: 5,
        }),
      ],
      download: createDownloader({ allowedHosts: [new URL(kling.url).host], maxBytes: 50_000_000, timeoutMs: 10_000 }),
      settings: {
        pollIntervalMs,
        callbackUrl: ({ id }) => `${server.url}/hooks/kling/${parts.secrets.callbackTokens.sign(id)}`,
      },
    });
    worker.start();
  });
  after(async () => {
    await worker.stop(0);
    await kling.close();
    await server.close();
  });

  it('a finished task becomes a finished job at once, without a timed look', { timeout: 20_000 }, async () => {
    const token = await server.mint();
    await server.grant(10);
    const { job } = await server.ordered(token);
    const events = await server.call('/v1/events', { token });
    let seen = '';
    for await (const chunk of events.body!) {
      seen += Buffer.from(chunk).toString();
      if (seen.includes('"status":"completed"')) break;
    }
    const row = await server.parts.store.jobs.get(job.id);
    assert.equal(row?.status, 'completed');
    assert.ok(row!.dueAt - row!.createdAt < pollIntervalMs);
  });
});
