import { test } from 'node:test';
import assert from 'node:assert/strict';
import sharp from 'sharp';
import { startKlingSimulator, type KlingSimulator } from '../../demo/simulators/kling.ts';
import { createKling } from './kling.ts';
import type { KlingCredentials } from './kling-auth.ts';
import { testProvider, type ProviderUnderTest } from './provider.suite.ts';
import { findDeadUrl } from './scripted-server.ts';

const picture = await sharp({ create: { width: 300, height: 400, channels: 3, background: '#2f6f4f' } })
  .jpeg()
  .toBuffer();

async function start(choose: (simulator: KlingSimulator) => KlingCredentials): Promise<ProviderUnderTest> {
  let nowMs = Date.now();
  const now = () => nowMs;
  const times = { submittedMs: 4000, processingMs: 8000 };
  const simulator = await startKlingSimulator({ video: 'tiny', clock: now, concurrency: 50, ...times });
  const credentials = choose(simulator);
  return {
    provider: createKling({ baseUrl: simulator.url, credentials, now }),
    unreachable: createKling({ baseUrl: await findDeadUrl(), credentials, now }),
    request: {
      model: 'kling-v2-6',
      mode: 'std',
      seconds: 5,
      sound: false,
      negativePrompt: 'blur',
      picture: { bytes: picture },
    },
    prompts: {
      answerCut: '[[sim:lost-answer]]',
      requestLost: '[[sim:lost-before]]',
      hangs: '[[sim:hang]]',
      contentRefused: '[[sim:refuse-1301]]',
      busy: '[[sim:refuse-1303]]',
      fails: '[[sim:fail-later]]',
      failedText: 'Failure to pass the risk control system',
      unknownWord: '[[sim:unknown-status]]',
    },
    passHalf() {
      nowMs += 8000;
      simulator.advance();
    },
    close: () => simulator.close(),
  };
}

testProvider('Kling with a key pair', () => start(({ accessKey, secretKey }) => ({ accessKey, secretKey })));
testProvider('Kling with an API key', () => start(({ apiKey }) => ({ apiKey })));

test('every field that is sent is known to a service that refuses unknown ones', async (t) => {
  const simulator = await startKlingSimulator({ video: 'tiny', strict: true });
  t.after(() => simulator.close());
  const provider = createKling({ baseUrl: simulator.url, credentials: { apiKey: simulator.apiKey }, now: Date.now });
  const request = {
    externalId: crypto.randomUUID(),
    model: 'kling-v2-6',
    mode: 'pro',
    seconds: 10,
    sound: true,
    prompt: 'a slow turn',
    negativePrompt: 'blur',
    picture: { bytes: picture },
    callbackUrl: 'http://127.0.0.1:9/hook',
  };
  const submitted = await provider.submit(request, AbortSignal.timeout(5000));
  assert.equal(submitted.outcome, 'accepted', JSON.stringify(submitted));
});

for (const offMs of [3600_000, -3600_000]) {
  const now = () => Date.now() + offMs;
  test(`with our clock off by ${offMs} ms tokens are accepted after one more request, and at once from then on`, async (t) => {
    const simulator = await startKlingSimulator({ video: 'tiny' });
    t.after(() => simulator.close());
    const { accessKey, secretKey, url: baseUrl } = simulator;
    const provider = createKling({ baseUrl, credentials: { accessKey, secretKey }, now });
    for (const requests of [2, 3]) {
      assert.equal((await provider.listNewest(10, AbortSignal.timeout(5000))).outcome, 'listed');
      assert.equal(simulator.log.length, requests);
    }
  });
}
