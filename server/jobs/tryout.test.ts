import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { startKlingSimulator } from '../../demo/simulators/kling.ts';
import { createDownloader } from '../media/download.ts';
import { samplePicture } from '../media/sample-picture.ts';
import { createKlingAccount } from '../providers/kling.ts';
import { checkDraft, createTryout, isLoopback, type TryDraft } from './tryout.ts';

const draft: TryDraft = {
  provider: 'kling',
  model: 'kling-v2-6',
  mode: 'std',
  seconds: 5,
  sound: false,
  aspectRatio: '3:4',
  prompt: 'Show {title}',
  negativePrompt: 'blur',
};
const mug = { title: 'Clay mug', description: '' };
const failing = (change: Partial<TryDraft>, order = mug) =>
  checkDraft({ ...draft, ...change }, order).flatMap(({ check, passes }) => (passes ? [] : [check]));

describe('a try-out', () => {
  let kling: Awaited<ReturnType<typeof startKlingSimulator>>;
  before(async () => {
    kling = await startKlingSimulator({ video: 'tiny', submittedMs: 20, processingMs: 40 });
  });
  after(() => kling.close());

  const account = () =>
    createKlingAccount({
      id: 'kling',
      credentials: { accessKey: kling.accessKey, secretKey: kling.secretKey },
      baseUrl: kling.url,
      now: Date.now,
      concurrency: 1,
    });

  const tryout = (baseUrl = kling.url) =>
    createTryout({
      callbackUrl: 'https://covers.example/hooks/kling/<token>',
      account: account(),
      baseUrl,
      download: createDownloader({ allowedHosts: [new URL(kling.url).host], maxBytes: 5_000_000, timeoutMs: 5_000 }),
      runtime: { newId: uuidv7, deadline: (ms) => AbortSignal.timeout(ms) },
    });

  async function ended(id: string) {
    for (;;) {
      const state = await tryout().look(id);
      if (state?.state !== 'waiting') return state;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it('shows the very body that would be sent, without credentials', () => {
    assert.deepEqual(tryout().preview(draft, mug), {
      method: 'POST',
      address: `${kling.url}/v1/videos/image2video`,
      body: {
        model_name: 'kling-v2-6',
        image: '<the framed picture>',
        prompt: 'Show Clay mug',
        negative_prompt: 'blur',
        mode: 'std',
        duration: '5',
        sound: 'off',
        external_task_id: 'kvc-<job id>',
        callback_url: 'https://covers.example/hooks/kling/<token>',
      },
    });
  });

  it('makes a clip at the simulator under an id of its own and brings it here', async () => {
    const started = await tryout().run(draft, mug);
    assert.ok('id' in started);
    assert.match(started.id, /^try-/);
    assert.deepEqual(await ended(started.id), { state: 'done' });
    const clip = await tryout().clip(started.id);
    assert.equal(clip?.subarray(4, 8).toString(), 'ftyp');
  });

  it('tells why there is no clip, at once or later', async () => {
    const later = await tryout().run({ ...draft, prompt: '[[sim:fail]]' }, mug);
    assert.ok('id' in later);
    assert.match(JSON.stringify(await ended(later.id)), /"failed".*risk control/);
    assert.equal(await tryout().clip(later.id), null);
    const atOnce = await tryout().run({ ...draft, model: 'kling-v9' }, mug);
    assert.ok('reason' in atOnce && atOnce.reason !== '');
  });

  it('does nothing at an address that is not this machine', async () => {
    const real = tryout('https://api-singapore.klingai.com');
    assert.equal(real.canRun, false);
    await assert.rejects(real.run(draft, mug), /simulator only/);
    const started = await tryout().run(draft, mug);
    assert.ok('id' in started);
    assert.deepEqual([await real.look(started.id), await real.clip(started.id)], [null, null]);
  });

  it("never looks at what is not a try-out, such as a seller's task", async () => {
    const picture = { bytes: await samplePicture({ width: 3, height: 4 }) };
    const request = { ...draft, externalId: 'kvc-of-a-seller', picture };
    assert.equal((await account().client.submit(request, AbortSignal.timeout(5_000))).outcome, 'accepted');
    for (const id of ['kvc-of-a-seller', 'try-', `try-${uuidv7()}/../kvc-of-a-seller`, `try-${uuidv7()}`])
      assert.deepEqual([await tryout().look(id), await tryout().clip(id)], [null, null], id);
  });
});

it('only names of this machine are loopback', () => {
  for (const address of ['http://127.0.0.1:8789', 'http://localhost:1/x', 'http://[::1]:1', 'https://127.9.9.9'])
    assert.ok(isLoopback(address), address);
  for (const address of [
    'https://api-singapore.klingai.com',
    'http://127.0.0.1.example',
    'http://localhost.example',
    'http://10.0.0.1',
    'http://user@example.com#127.0.0.1',
    'nothing',
  ])
    assert.ok(!isLoopback(address), address);
});

it('each limit of the provider is a check of its own', () => {
  assert.deepEqual(failing({}), []);
  assert.deepEqual(failing({ model: 'kling-v1' }), ['model', 'seconds']);
  assert.deepEqual(failing({ seconds: 7 }), ['seconds']);
  assert.deepEqual(failing({ sound: true }), ['sound']);
  assert.deepEqual(failing({ sound: true, mode: 'pro' }), []);
  assert.deepEqual(failing({ prompt: 'of {brand}' }), ['variables']);
  assert.deepEqual(failing({ prompt: 'x'.repeat(2501) }), ['prompt']);
  assert.deepEqual(failing({ prompt: '{title}' }, { title: '', description: '' }), ['prompt']);
  assert.deepEqual(failing({ negativePrompt: 'x'.repeat(2501) }), ['negativePrompt']);
  assert.deepEqual(failing({ prompt: '{title}' }, { title: 'x'.repeat(9000), description: '' }), []);
});
