import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startKieSimulator, type KieSimulator } from '../../demo/simulators/kie.ts';
import type { CreatedJob } from '../contract.ts';
import { silentLog } from '../jobs/testing.ts';
import { createWorker, type Worker } from '../jobs/worker.ts';
import { createDownloader } from '../media/download.ts';
import { createKieAccount } from '../providers/kie.ts';
import { testPreset } from '../store/testing.ts';
import { startTestServer, type TestServer } from './testing.ts';

const webhookKey = 'the webhook key of the console';
/** So rare that nothing but a callback can bring news within the test. */
const pollIntervalMs = 3_600_000;
const preset = {
  ...testPreset,
  presetId: 'picture',
  kind: 'text-to-image',
  provider: 'kie',
  model: 'google/nano-banana',
  mode: '',
  seconds: 0,
  tokensCost: 1,
} as const;

describe('callbacks of Kie.ai, signed, all the way', () => {
  let server: TestServer;
  let kie: KieSimulator;
  let worker: Worker;
  let token: string;

  before(async () => {
    server = await startTestServer({ kieWebhookKey: webhookKey });
    kie = await startKieSimulator({ video: 'tiny', waitingMs: 100, processingMs: 300, webhookKey });
    const { parts } = server;
    await parts.store.presets.addMissing([preset], 1);
    const { apiKey, url: baseUrl, uploadUrl: uploadBaseUrl } = kie;
    const { now } = parts.runtime;
    const account = createKieAccount({ id: 'kie', apiKey, baseUrl, uploadBaseUrl, now, concurrency: 5 });
    worker = createWorker({
      ...parts,
      log: silentLog,
      accounts: [{ ...account, pollIntervalMs }],
      download: createDownloader({ allowedHosts: [new URL(kie.url).host], maxBytes: 50_000_000, timeoutMs: 10_000 }),
      settings: {
        pollIntervalMs,
        callbackUrl: ({ id }) => `${server.url}/hooks/kie/${parts.secrets.callbackTokens.sign(id)}`,
      },
    });
    worker.start();
    token = await server.mint();
    await server.grant(10);
  });
  after(async () => {
    await worker.stop(0);
    await kie.close();
    await server.close();
  });

  async function ordered(prompt: string): Promise<string> {
    const answer = await server.order(token, { key: crypto.randomUUID(), body: { presetId: preset.presetId, prompt } });
    return ((await answer.json()) as CreatedJob).job.id;
  }

  async function untilTold(id: string, words: string): Promise<void> {
    const events = await server.call('/v1/events', { token });
    let seen = '';
    for await (const chunk of events.body!) {
      seen += Buffer.from(chunk).toString();
      if (seen.split('\n').some((line) => line.includes(id) && line.includes(words))) break;
    }
  }

  it('a finished task becomes a finished job at once, without a timed look', { timeout: 20_000 }, async () => {
    await untilTold(await ordered('calm'), '"status":"completed"');
  });

  it(
    'a task whose create was not answered is found, and one without a true signature is not',
    { timeout: 20_000 },
    async () => {
      const forged = await ordered('calm [[sim:lost-answer]] [[sim:wrong-signature]]');
      const lost = await ordered('calm [[sim:lost-answer]]');
      await untilTold(lost, '"stage":"generating"');
      const { stage, claimedTaskId } = (await server.parts.store.jobs.get(forged))!;
      assert.deepEqual([stage, claimedTaskId], ['confirming', null]);
      assert.ok(kie.tasks().every(({ state }) => state === 'success'));
    },
  );
});
