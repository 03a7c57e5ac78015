import { test } from 'node:test';
import assert from 'node:assert/strict';
import sharp from 'sharp';
import { startKlingSimulator, type KlingSimulator } from '../../demo/simulators/kling.ts';
import { createKlingAccounts, klingPictureRules, type KlingSettings } from './kling.ts';
import type { ProviderClient, TaskRequest } from './provider.ts';
import { testProvider, type ProviderUnderTest } from './provider.suite.ts';
import { findDeadUrl } from './scripted-server.ts';

const bytes = await sharp({ create: { width: 300, height: 400, channels: 3, background: '#2f6f4f' } })
  .jpeg()
  .toBuffer();

type Order = Omit<TaskRequest, 'externalId' | 'prompt'>;
const clip = { seconds: 5, sound: false, negativePrompt: '', aspectRatio: '9:16' };
const picture = { ...clip, seconds: 0, aspectRatio: '3:4', model: 'kling-v3', mode: '1k' };
const fromPicture = { picture: { bytes } };
const fromText = { picture: null };

/** One order for each place where Kling makes things. */
const orders = {
  image2video: { ...clip, ...fromPicture, kind: 'image-to-video', model: 'kling-v2-6', mode: 'std' },
  text2video: { ...clip, ...fromText, kind: 'text-to-video', model: 'kling-v2-6', mode: 'std' },
  'pictures from text': { ...picture, ...fromText, kind: 'text-to-image' },
  'pictures from a picture': { ...picture, ...fromPicture, kind: 'image-to-image' },
  'the new image-to-video': { ...clip, ...fromPicture, kind: 'image-to-video', model: 'kling-2.6', mode: '720p' },
  'the new text-to-video': { ...clip, ...fromText, kind: 'text-to-video', model: 'kling-3.0', mode: '720p' },
} as const satisfies Record<string, Order>;

const accountsAt = (settings: Omit<KlingSettings, 'id' | 'concurrency'>) =>
  createKlingAccounts({ id: 'kling', concurrency: 5, ...settings });

function clientFor(order: Order, settings: Omit<KlingSettings, 'id' | 'concurrency'>): Required<ProviderClient> {
  const clients = accountsAt(settings).map((account) => account.clientFor(order));
  return clients.find((client) => client !== null) as Required<ProviderClient>;
}

async function start(order: Order, credentials: KlingSettings['credentials']): Promise<ProviderUnderTest> {
  let nowMs = Date.now();
  const now = () => nowMs;
  const times = { submittedMs: 4000, processingMs: 8000 };
  const slots = { concurrency: 50, imageConcurrency: 50 };
  const simulator = await startKlingSimulator({ video: 'tiny', clock: now, ...slots, ...times });
  return {
    provider: clientFor(order, { baseUrl: simulator.url, credentials, now }),
    unreachable: clientFor(order, { baseUrl: await findDeadUrl(), credentials, now }),
    knowsOurIds: true,
    taskIdOf: (externalId) => simulator.tasks().find((task) => task.externalId === externalId)?.id ?? null,
    request: order,
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

const pair = { accessKey: 'simulated-access-key', secretKey: 'simulated-secret-key-of-32-letters' };
const key = { apiKey: 'api-key-kling-simulated' };
for (const [name, order] of Object.entries(orders)) testProvider(`Kling, ${name}`, () => start(order, key));
testProvider('Kling, image2video with a key pair', () => start(orders.image2video, pair));

function strict(t: { after(end: () => Promise<void>): void }) {
  const starting = startKlingSimulator({ video: 'tiny', strict: true, concurrency: 20 });
  t.after(async () => (await starting).close());
  return starting;
}

async function submitTo(simulator: KlingSimulator, order: Order) {
  const settings = { baseUrl: simulator.url, credentials: { apiKey: simulator.apiKey }, now: Date.now };
  const request = {
    ...order,
    externalId: crypto.randomUUID(),
    prompt: 'a slow turn',
    callbackUrl: 'http://127.0.0.1:9/',
  };
  return clientFor(order, settings).submit(request, AbortSignal.timeout(5000));
}

test('every field that is sent is known to a service that refuses unknown ones', async (t) => {
  const simulator = await strict(t);
  const sounding = { sound: true, mode: '1080p' };
  const more: Order[] = [
    ...Object.values(orders),
    { ...orders.image2video, mode: 'pro', seconds: 10, sound: true, negativePrompt: 'blur' },
    { ...orders.text2video, mode: 'pro', sound: true, negativePrompt: 'blur' },
    { ...orders.image2video, model: 'kling-v2-5-turbo' },
    { ...orders.text2video, model: 'kling-v3', seconds: 15 },
    { ...orders['pictures from text'], model: 'kling-v2-1', negativePrompt: 'blur' },
    { ...orders['pictures from a picture'], model: 'kling-v2-1', mode: '2k', negativePrompt: 'blur' },
    ...(['kling-2.5-turbo', 'kling-2.6', 'kling-3.0', 'kling-3.0-turbo'] as const).flatMap((model) => [
      { ...orders['the new image-to-video'], model },
      { ...orders['the new text-to-video'], model },
    ]),
    { ...orders['the new image-to-video'], ...sounding },
    { ...orders['the new text-to-video'], ...sounding },
  ];
  for (const order of more) {
    const submitted = await submitTo(simulator, order);
    assert.equal(submitted.outcome, 'accepted', JSON.stringify([order.kind, order.model, submitted]));
  }
});

test('no clip of a single picture is cut into shots, and sound comes where it was ordered', async (t) => {
  const simulator = await strict(t);
  for (const order of [orders['the new image-to-video'], orders['the new text-to-video']])
    for (const model of ['kling-2.6', 'kling-3.0'])
      for (const sound of [false, true]) {
        await submitTo(simulator, { ...order, model, sound, mode: '1080p' });
        const task = simulator.tasks().at(-1)!;
        assert.deepEqual(
          [task.generation, task.sound, task.multiShot],
          ['new', sound, false],
          `${order.kind} ${model}`,
        );
      }
});

for (const offMs of [3600_000, -3600_000]) {
  const now = () => Date.now() + offMs;
  test(`with our clock off by ${offMs} ms tokens are accepted after one more request, and at once from then on`, async (t) => {
    const simulator = await startKlingSimulator({ video: 'tiny' });
    t.after(() => simulator.close());
    const provider = clientFor(orders.image2video, { baseUrl: simulator.url, credentials: pair, now });
    for (const requests of [2, 3]) {
      assert.equal((await provider.listNewest(10, AbortSignal.timeout(5000))).outcome, 'listed');
      assert.equal(simulator.log.length, requests);
    }
  });
}

test('without a pack for pictures only their account is blocked', async (t) => {
  const simulator = await strict(t);
  simulator.setPacks(['video']);
  const submitted = await submitTo(simulator, orders['pictures from text']);
  assert.equal(submitted.outcome, 'account-blocked');
  assert.match((submitted as { reason: string }).reason, /^1102 /);
  assert.equal((await submitTo(simulator, orders.image2video)).outcome, 'accepted');
});

test('one set of credentials gives an account for clips and one for pictures, each with its slots', () => {
  const settings = { id: 'kling-2', credentials: key, now: Date.now };
  const seen = [5, 20].flatMap((concurrency) =>
    createKlingAccounts({ ...settings, concurrency }).map((one) => [one.id, one.provider, one.concurrency]),
  );
  assert.deepEqual(seen, [
    ['kling-2', 'kling', 5],
    ['kling-2-images', 'kling', 5],
    ['kling-2', 'kling', 20],
    ['kling-2-images', 'kling', 9],
  ]);
  for (const account of accountsAt({ credentials: key, now: Date.now }))
    assert.equal(account.pictureRules, klingPictureRules);
  assert.ok(klingPictureRules.maxBytes < 10_000_000);
});

test('an account has one client for all that one list shows, and none for what its credentials cannot have made', () => {
  const [clips, pictures] = accountsAt({ credentials: key, now: Date.now });
  const [pairClips] = accountsAt({ credentials: pair, now: Date.now });
  const sorts = [orders.image2video, orders.text2video, orders['the new image-to-video'], orders['pictures from text']];
  const [image2video, text2video, newClip, text2image] = sorts;
  const clients = [image2video, text2video, newClip].map((sort) => clips.clientFor(sort!));
  assert.equal(new Set(clients).size, 3);
  assert.ok(!clients.includes(null));
  assert.equal(clips.clientFor({ kind: 'image-to-video', model: 'kling-v3' }), clients[0]);
  assert.equal(clips.clientFor(orders['the new text-to-video']), clients[2]);
  assert.equal(clips.clientFor(text2image!), null);
  assert.ok(pictures.clientFor(text2image!));
  assert.equal(pictures.clientFor(orders['pictures from a picture']), pictures.clientFor(text2image!));
  assert.equal(pictures.clientFor(image2video!), null);
  assert.deepEqual([pairClips.clientFor(newClip!), pairClips.clientFor(text2video!) !== null], [null, true]);
  for (const model of ['kling-9', 'kling-v9', 'kling-3.0-omni', 'toString', ''])
    for (const kind of ['image-to-video', 'text-to-video', 'text-to-image', 'image-to-image'] as const)
      assert.deepEqual([clips.clientFor({ kind, model }), pictures.clientFor({ kind, model })], [null, null], model);
});

test('what is shown as sent is what is sent, and nothing where there is no client', () => {
  const [clips, pictures] = accountsAt({ credentials: key, baseUrl: 'https://kling.example', now: Date.now });
  const facts = { externalId: 'kvc-1', prompt: 'a slow turn' };
  const shown = clips.describe!({ ...orders['the new text-to-video'], ...facts });
  assert.deepEqual(shown, {
    method: 'POST',
    address: 'https://kling.example/text-to-video/kling-3.0',
    body: {
      prompt: 'a slow turn',
      settings: { resolution: '720p', duration: 5, aspect_ratio: '9:16', audio: 'off', multi_shot: false },
      options: { external_task_id: 'kvc-1' },
    },
  });
  assert.equal(pictures.describe!({ ...orders.image2video, ...facts }), null);
  assert.equal(pictures.describe!({ ...orders['pictures from text'], ...facts })!.body['n'], 1);
});
