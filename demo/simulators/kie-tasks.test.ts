import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import { startKieSimulator } from './kie.ts';
import type { KieSimulatorOptions } from './kie.ts';
import { simulateKie } from './kie-testing.ts';
import { plainPhoto } from './kling-testing.ts';

/** A simulator with the system's clock and a folder of its own; `run` gives the record of a task that has ended. */
async function hurried(t: TestContext, options: KieSimulatorOptions = {}) {
  const resultDirectory = await mkdtemp(join(tmpdir(), 'kie-results-'));
  const simulator = await startKieSimulator({ waitingMs: 2, processingMs: 2, resultDirectory, ...options });
  t.after(async () => {
    await simulator.close();
    await rm(resultDirectory, { recursive: true });
  });

  async function post(path: string, body: object) {
    const headers = { authorization: `Bearer ${simulator.apiKey}` };
    const response = await fetch(simulator.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return ((await response.json()) as { data: { taskId: string; downloadUrl: string } }).data;
  }

  async function run(model: string, input: object) {
    const { taskId } = await post('/api/v1/jobs/createTask', { model, input });
    for (let tries = 0; tries < 1000; tries += 1) {
      const task = simulator.tasks().find(({ id }) => id === taskId);
      if (task?.completedAtMs != null) return task;
      await pause(5);
    }
    return assert.fail('The task does not end.');
  }

  async function upload(base64Data: string): Promise<string> {
    return (await post('/api/file-base64-upload', { base64Data, uploadPath: 'photos' })).downloadUrl;
  }
  return { simulator, run, upload };
}

test('without a clock of the caller, states change by themselves', async (t) => {
  const { run } = await hurried(t, { video: 'tiny' });
  assert.equal((await run('google/nano-banana', { prompt: 'a mug' })).state, 'success');
});

test('a task with real results waits for its result', async (t) => {
  const { run, simulator } = await hurried(t);
  const { id, state } = await run('google/nano-banana', { prompt: 'a mug', image_size: '16:9' });
  assert.equal(state, 'success');
  const headers = { authorization: `Bearer ${simulator.apiKey}` };
  const response = await fetch(`${simulator.url}/api/v1/jobs/recordInfo?taskId=${id}`, { headers });
  const { data } = (await response.json()) as { data: { resultJson: string } };
  const url = JSON.parse(data.resultJson).resultUrls[0] as string;
  const { width, height } = await sharp(await (await fetch(url)).bytes()).metadata();
  assert.deepEqual([width, height], [1365, 768]);
});

test('a picture that is no picture, or half of one, fails the task', async (t) => {
  const { run, upload } = await hurried(t);
  const turn = async (image: string) => {
    const { state, failCode } = await run('kling/v2-1-standard', { prompt: 'a turn', image_url: await upload(image) });
    return [state, failCode];
  };
  assert.deepEqual(await turn(Buffer.from('no picture').toString('base64')), ['fail', '422']);
  const photo = Buffer.from(await plainPhoto(1200, 900), 'base64');
  assert.deepEqual(await turn(photo.subarray(0, photo.length / 2).toString('base64')), ['fail', '500']);
});

test('a picture over the limit of its model, or in another format, fails the task', async (t) => {
  const { run, upload } = await hurried(t, { video: 'tiny' });
  const photo = Buffer.from(await plainPhoto(), 'base64');
  const heavy = await upload(Buffer.concat([photo, Buffer.alloc(10 * 1024 * 1024)]).toString('base64'));
  assert.equal((await run('kling/v2-1-pro', { prompt: 'a turn', image_url: heavy })).failCode, '422');
  assert.equal((await run('nano-banana-2', { prompt: 'a turn', image_input: [heavy] })).state, 'success');
  const gif = await upload((await sharp(photo).gif().toBuffer()).toString('base64'));
  assert.equal((await run('nano-banana-2', { prompt: 'a turn', image_input: [gif] })).failCode, '422');
});

test('a task ends when its picture has come, not when it was due', async (t) => {
  const photo = Buffer.from(await plainPhoto(), 'base64');
  const slowHost = createServer((_request, response) => setTimeout(() => response.end(photo), 60)).listen(
    0,
    '127.0.0.1',
  );
  t.after(() => slowHost.close());
  await once(slowHost, 'listening');
  const image_url = `http://127.0.0.1:${(slowHost.address() as AddressInfo).port}/mug.jpg`;
  const { run } = await hurried(t, { video: 'tiny', reachPrivateHosts: true });
  const { state, createdAtMs, completedAtMs } = await run('kling/v2-1-standard', { prompt: 'a turn', image_url });
  assert.equal(state, 'success');
  assert.ok(completedAtMs! - createdAtMs >= 50);

  const { create, read, pass } = await simulateKie(t, { reachPrivateHosts: true });
  const { taskId } = (await create({ image_url }, { model: 'kling/v2-1-standard' })).body.data;
  pass(10_000);
  assert.equal((await read(taskId)).body.data.state, 'success');
});

test('pictures on private hosts are reached on request only', async (t) => {
  const host = await hurried(t, { video: 'tiny' });
  const image_url = await host.upload(await plainPhoto());
  const outside = await hurried(t, { video: 'tiny' });
  assert.equal((await outside.run('kling/v2-1-standard', { prompt: 'a turn', image_url })).failCode, '400');
  const inside = await hurried(t, { video: 'tiny', reachPrivateHosts: true });
  assert.equal((await inside.run('kling/v2-1-standard', { prompt: 'a turn', image_url })).state, 'success');
});

test('a port that is taken is an error', async (t) => {
  const { simulator } = await hurried(t);
  await assert.rejects(startKieSimulator({ port: simulator.port }), { code: 'EADDRINUSE' });
});
