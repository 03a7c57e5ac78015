import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { createKlingAccount } from './kling.ts';
import type { ProviderClient, TaskRequest } from './provider.ts';

let answer: (response: ServerResponse) => void;
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => answer(response));
});
const clients: { [name: string]: Required<ProviderClient> } = {};
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { apiKey: 'key' };
  const account = createKlingAccount({ id: 'kling', credentials, baseUrl, now: Date.now, concurrency: 1 });
  for (const model of ['kling-v2-6', 'kling-2.6'])
    clients[model] = account.clientFor({ ...clip, model }) as Required<ProviderClient>;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const clip: TaskRequest = {
  externalId: 'kvc-1',
  kind: 'image-to-video',
  model: 'kling-v2-6',
  mode: 'std',
  aspectRatio: '3:4',
  seconds: 5,
  sound: false,
  prompt: 'calm',
  negativePrompt: '',
  picture: { bytes: Buffer.from('picture') },
};
async function outcomes(timeoutMs: number) {
  const all: string[] = [];
  for (const client of Object.values(clients))
    all.push(
      (await client.submit(clip, AbortSignal.timeout(timeoutMs))).outcome,
      (await client.findByExternalId('kvc-1', AbortSignal.timeout(timeoutMs))).outcome,
      (await client.listNewest(10, AbortSignal.timeout(timeoutMs))).outcome,
    );
  return all;
}
const unclear = Array.from({ length: 6 }, () => 'unclear');

for (const [name, body] of [
  ['JSON nested a hundred thousand deep', '['.repeat(100_000) + ']'.repeat(100_000)],
  [
    'a task nested in the place of its own id',
    `{"code":0,"data":{"task_id":${'{"task_id":'.repeat(5_000)}1${'}'.repeat(5_000)}}}`,
  ],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
  [
    'a task of the new API nested in the place of its own id',
    `{"code":0,"data":{"id":${'{"id":'.repeat(5_000)}1${'}'.repeat(5_000)}}}`,
  ],
  ['a key given twice, at last without a task', '{"code":0,"data":{"task_id":"t-1"},"data":null}'],
  ['a code that only looks like one', '{"code":"0","data":{"task_id":"t-1"}}'],
  ['a prototype in the place of a task', '{"code":0,"__proto__":{"data":{"task_id":"t-1"}}}'],
] as const)
  test(`${name} decides nothing`, async () => {
    answer = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    assert.deepEqual(await outcomes(5_000), unclear);
  });

test('an answer that drips is left at the deadline of the whole call, though it is never silent', async (t) => {
  const drips: NodeJS.Timeout[] = [];
  t.after(() => drips.forEach((drip) => clearInterval(drip)));
  answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    drips.push(setInterval(() => response.write(' '), 10));
  };
  const asked = performance.now();
  assert.deepEqual(await outcomes(100), unclear);
  assert.ok(performance.now() - asked < 2_000);
});

test('an answer without an end is left after a few megabytes', async () => {
  let sent = 0;
  answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const flood = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, ' '))) sent += 65_536;
      if (!response.destroyed) response.once('drain', flood);
    };
    flood();
  };
  const { outcome } = await clients['kling-v2-6']!.submit(clip, AbortSignal.timeout(10_000));
  assert.equal(outcome, 'unclear');
  assert.ok(sent < 32 * 1024 * 1024, `${sent} bytes were taken`);
});
