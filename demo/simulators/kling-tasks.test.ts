import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startKlingSimulator } from './kling.ts';
import { plainPhoto } from './kling-testing.ts';

function post(simulator: { url: string; apiKey: string }, fields: object): Promise<Response> {
  return fetch(`${simulator.url}/v1/videos/image2video`, {
    method: 'POST',
    headers: { authorization: `Bearer ${simulator.apiKey}` },
    body: JSON.stringify({ model_name: 'kling-v2-5-turbo', prompt: 'a slow turn', ...fields }),
  });
}

test('without a clock of the caller, statuses change by themselves', async (t) => {
  const simulator = await startKlingSimulator({ video: 'tiny', submittedMs: 10, processingMs: 10 });
  t.after(() => simulator.close());
  const words: string[] = [];
  const shop = createServer((request, response) => {
    response.end();
    request.on('data', (chunk) => words.push(JSON.parse(String(chunk)).task_status));
    request.on('end', () => words.length === 2 && shop.emit('both'));
  }).listen(0, '127.0.0.1');
  t.after(() => shop.close());
  await once(shop, 'listening');
  const both = once(shop, 'both', { signal: AbortSignal.timeout(3000) });
  const callbackUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/`;
  await post(simulator, { image: await plainPhoto(), callback_url: callbackUrl });
  await both;
  assert.deepEqual(words.toSorted(), ['processing', 'succeed']);
});

test('with real clips a task waits for its clip, and fails when the picture cannot be decoded', async (t) => {
  const clipDirectory = await mkdtemp(join(tmpdir(), 'clips-'));
  const simulator = await startKlingSimulator({ submittedMs: 0, processingMs: 0, clipDirectory });
  t.after(async () => {
    await simulator.close();
    await rm(clipDirectory, { recursive: true });
  });
  const whole = Buffer.from(await plainPhoto(1200, 1600), 'base64');
  await post(simulator, { image: whole.subarray(0, whole.length / 2).toString('base64') });
  const deadline = AbortSignal.timeout(5000);
  while (simulator.tasks()[0]!.status !== 'failed') {
    deadline.throwIfAborted();
    assert.notEqual(simulator.tasks()[0]!.status, 'succeed');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.match(simulator.tasks()[0]!.statusMessage, /does not|invalid/);
});

test('a port that is taken is an error', async (t) => {
  const simulator = await startKlingSimulator({ video: 'tiny' });
  t.after(() => simulator.close());
  await assert.rejects(startKlingSimulator({ video: 'tiny', port: simulator.port }), { code: 'EADDRINUSE' });
});
