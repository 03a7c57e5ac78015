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
const signal = new AbortController().signal;
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
