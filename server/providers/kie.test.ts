import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { startKieSimulator } from '../../demo/simulators/kie.ts';
import { createKieAccount } from './kie.ts';
import { testProvider, type ProviderUnderTest } from './provider.suite.ts';
import type { TaskRequest } from './provider.ts';
import { findDeadUrl } from './scripted-server.ts';

const picture = await sharp({ create: { width: 300, height: 400, channels: 3, background: '#2f6f4f' } })
  .jpeg()
  .toBuffer();
const nobody = 'http://127.0.0.1:9/hooks/kie/token';

async function start(request: Omit<TaskRequest, 'externalId' | 'prompt'>): Promise<ProviderUnderTest> {
  let nowMs = Date.now();
  const now = () => nowMs;
  const simulator = await startKieSimulator({
    video: 'tiny',
    clock: now,
    waitingMs: 4000,
    processingMs: 8000,
    createsPerTenSeconds: 100,
    callbackRetryDelaysMs: [],
  });
  const dead = await findDeadUrl();
  const account = (baseUrl: string, uploadBaseUrl: string) =>
    createKieAccount({ id: 'kie', apiKey: simulator.apiKey, baseUrl, uploadBaseUrl, now, concurrency: 20 });
  const idIn = (url: string | null) => (url === null ? null : new URL(url).searchParams.get('task'));
  return {
    provider: account(simulator.url, simulator.uploadUrl).clientFor(request)!,
    unreachable: account(dead, simulator.uploadUrl).clientFor(request)!,
    knowsOurIds: false,
    taskIdOf: (externalId) => simulator.tasks().find(({ callBackUrl }) => idIn(callBackUrl) === externalId)?.id ?? null,
    request,
    prompts: {
      answerCut: '[[sim:lost-answer]]',
      requestLost: '[[sim:lost-before-always]]',
      hangs: '[[sim:hang]]',
      contentRefused: '[[sim:fail]]',
      busy: '[[sim:code-429]]',
      fails: '[[sim:fail-later]]',
      failedText: '500 Internal Error, Please try again later.',
      unknownWord: '[[sim:unknown-status]]',
    },
    passHalf() {
      nowMs += 8000;
      simulator.advance();
    },
    close: () => simulator.close(),
  };
}

const clip = {
  kind: 'image-to-video',
  model: 'kling-2.6/image-to-video',
  mode: '',
  aspectRatio: '3:4',
  seconds: 5,
  sound: false,
  negativePrompt: '',
  picture: { bytes: picture },
  callbackUrl: nobody,
} as const;

testProvider('Kie.ai with a clip of a picture', () => start(clip));
testProvider('Kie.ai with a picture from text', () =>
  start({ ...clip, kind: 'text-to-image', model: 'google/nano-banana', seconds: 0, picture: null }),
);

test('every field of every model is known to a service that refuses unknown ones', async (t) => {
  const simulator = await startKieSimulator({ video: 'tiny', strict: true, paused: [], createsPerTenSeconds: 100 });
  t.after(() => simulator.close());
  const { apiKey, url: baseUrl, uploadUrl: uploadBaseUrl } = simulator;
  const account = createKieAccount({ id: 'kie', apiKey, baseUrl, uploadBaseUrl, now: Date.now, concurrency: 20 });
  const fromText = { kind: 'text-to-video', aspectRatio: '9:16', picture: null } as const;
  const image = { seconds: 0, kind: 'image-to-image' } as const;
  const orders: (Partial<TaskRequest> & { model: string })[] = [
    { ...image, model: 'google/nano-banana-edit' },
    { ...image, model: 'nano-banana-2', mode: '1K' },
    { ...image, model: 'nano-banana-pro', mode: '2K', kind: 'text-to-image', picture: null },
    { model: 'kling-2.6/image-to-video', sound: true },
    { ...fromText, model: 'kling-2.6/text-to-video', seconds: 10 },
    { ...fromText, model: 'kling-3.0/video', mode: 'pro', seconds: 15 },
    { model: 'kling-3.0/video', mode: 'std', seconds: 3 },
    { model: 'kling/v2-1-standard', negativePrompt: 'blur' },
    { model: 'kling/v2-1-pro' },
    { model: 'kling/v2-1-master-image-to-video' },
    { model: 'kling/v2-5-turbo-image-to-video-pro' },
    { ...fromText, model: 'sora-2-text-to-video', seconds: 10 },
    { model: 'sora-2-image-to-video', seconds: 15 },
  ];
  for (const order of orders) {
    const request = { ...clip, ...order, externalId: crypto.randomUUID(), prompt: 'a slow turn' };
    const submitted = await account.clientFor(request)!.submit(request, AbortSignal.timeout(5000));
    assert.equal(submitted.outcome, 'accepted', `${order.model}: ${JSON.stringify(submitted)}`);
  }
});
