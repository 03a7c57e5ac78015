import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { startKieSimulator } from '../../demo/simulators/kie.ts';
import { startKlingSimulator } from '../../demo/simulators/kling.ts';
import { createDownloader } from '../media/download.ts';
import { samplePicture } from '../media/sample-picture.ts';
import { createKieAccount } from '../providers/kie.ts';
import { createKlingAccounts } from '../providers/kling.ts';
import { createTryout, isLoopback, type TryDraft } from './tryout.ts';

const draft: TryDraft = {
  kind: 'image-to-video',
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
describe('a try-out', () => {
  let kling: Awaited<ReturnType<typeof startKlingSimulator>>;
  let kie: Awaited<ReturnType<typeof startKieSimulator>>;
  before(async () => {
    [kling, kie] = await Promise.all([
      startKlingSimulator({ video: 'tiny', submittedMs: 20, processingMs: 40 }),
      startKieSimulator({ video: 'tiny', waitingMs: 20, processingMs: 40 }),
    ]);
  });
  after(() => Promise.all([kling.close(), kie.close()]));

  const accounts = () =>
    createKlingAccounts({
      id: 'kling',
      credentials: { accessKey: kling.accessKey, secretKey: kling.secretKey },
      baseUrl: kling.url,
      now: Date.now,
      concurrency: 1,
    });
  const kieAccount = () => {
    const { url: baseUrl, uploadUrl: uploadBaseUrl, apiKey } = kie;
    return createKieAccount({ id: 'kie', apiKey, baseUrl, uploadBaseUrl, now: Date.now, concurrency: 1 });
  };

  const tryout = (baseUrl = kling.url) =>
    createTryout({
      places: [...accounts(), kieAccount()].map((account) => ({
        account,
        baseUrl,
        callbackUrl: 'https://covers.example/hooks/kling/<token>',
      })),
      download: createDownloader({
        allowedHosts: [kling.url, kie.url].map((url) => new URL(url).host),
        maxBytes: 5_000_000,
        timeoutMs: 5_000,
      }),
      runtime: { newId: uuidv7, deadline: (ms) => AbortSignal.timeout(ms) },
    });

  async function ended(desk: ReturnType<typeof tryout>, id: string) {
    for (;;) {
      const state = await desk.look(id);
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
    const desk = tryout();
    const started = await desk.run(draft, mug);
    assert.ok('id' in started);
    assert.match(started.id, /^try-/);
    assert.deepEqual(await ended(desk, started.id), { state: 'done' });
    const clip = await desk.result(started.id);
    assert.equal(clip?.contentType, 'video/mp4');
    assert.equal(clip.bytes.subarray(4, 8).toString(), 'ftyp');
    assert.equal(desk.makesVideo(started.id), true);
  });

  it('tells why there is no clip, at once or later', async () => {
    const desk = tryout();
    const later = await desk.run({ ...draft, prompt: '[[sim:fail]]' }, mug);
    assert.ok('id' in later);
    assert.match(JSON.stringify(await ended(desk, later.id)), /"failed".*risk control/);
    assert.equal(await desk.result(later.id), null);
    const atOnce = await desk.run({ ...draft, prompt: '[[sim:refuse-1301]]' }, mug);
    assert.ok('reason' in atOnce && atOnce.reason !== '');
  });

  it('does nothing at an address that is not this machine', async () => {
    const real = tryout('https://api-singapore.klingai.com');
    assert.equal(real.canRun(draft), false);
    await assert.rejects(real.run(draft, mug), /simulator only/);
  });

  it('makes every kind at either service', async () => {
    const desk = tryout();
    const kinds = [
      { kind: 'text-to-video', aspectRatio: '9:16' },
      { kind: 'text-to-image', model: 'kling-v3', mode: '1k', seconds: 0 },
      { kind: 'image-to-image', model: 'kling-v3', mode: '1k', seconds: 0 },
      { kind: 'image-to-video', provider: 'kie', model: 'kling-3.0/video' },
      { kind: 'text-to-video', provider: 'kie', model: 'kling-2.6/text-to-video', mode: '', aspectRatio: '1:1' },
      { kind: 'text-to-image', provider: 'kie', model: 'google/nano-banana', mode: '', seconds: 0 },
      { kind: 'image-to-image', provider: 'kie', model: 'nano-banana-2', mode: '1K', seconds: 0 },
    ] as const;
    for (const one of kinds) {
      const order = { ...draft, negativePrompt: '', ...one };
      const [said, isClip] = [JSON.stringify(one), one.kind.endsWith('video')];
      const started = await desk.run(order, mug);
      assert.ok('id' in started, `${said} ${JSON.stringify(started)}`);
      assert.deepEqual(await ended(desk, started.id), { state: 'done' }, said);
      const result = await desk.result(started.id);
      assert.match(result!.contentType, isClip ? /^video\/mp4$/ : /^image\/(png|jpeg)$/, said);
      assert.equal(desk.makesVideo(started.id), isClip, said);
    }
  });

  it('does nothing for what no account can have made, and shows no request for it', async () => {
    const elsewhere: TryDraft = { ...draft, model: 'kling-v9' };
    assert.equal(tryout().canRun(elsewhere), false);
    assert.equal(tryout().canRun({ ...draft, provider: 'kie' }), false, 'a name of the other service');
    assert.equal(tryout().preview(elsewhere, mug), null);
    await assert.rejects(tryout().run(elsewhere, mug), /simulator only/);
  });

  it("never looks at what it did not start, such as a seller's task", async () => {
    const picture = { bytes: await samplePicture({ width: 3, height: 4 }) };
    const request = { ...draft, externalId: 'kvc-of-a-seller', picture };
    const client = accounts()[0].clientFor(draft)!;
    assert.equal((await client.submit(request, AbortSignal.timeout(5_000))).outcome, 'accepted');
    for (const id of ['kvc-of-a-seller', 'try-', `try-${uuidv7()}/../kvc-of-a-seller`, `try-${uuidv7()}`])
      assert.deepEqual([await tryout().look(id), await tryout().result(id)], [null, null], id);
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
