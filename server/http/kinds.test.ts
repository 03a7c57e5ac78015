/** The four kinds over HTTP: what is offered, what is ordered, and every bad order of each. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import type { CreatedJob, Job, Problem, Session } from '../contract.ts';
import { jobKinds, makesVideo, needsPicture, type JobKind } from '../jobs/job.ts';
import { styles } from '../jobs/styles.ts';
import type { NewPreset } from '../store/schema.ts';
import { testPreset } from '../store/testing.ts';
import { problemOf, startTestServer, type TestServer } from './testing.ts';

const clip = {
  ...testPreset,
  tokensCost: 3,
  prompt: '{title}',
  choices: {
    seconds: [{ value: 10, extraTokens: 2 }],
    modes: [{ value: 'pro', extraTokens: 4 }],
    aspectRatios: [{ value: '9:16', extraTokens: 0 }],
  },
} satisfies Partial<NewPreset>;
const image = {
  ...clip,
  provider: 'kie',
  mode: '',
  seconds: 0,
  choices: { aspectRatios: clip.choices.aspectRatios },
} satisfies Partial<NewPreset>;
const presets: Record<JobKind, NewPreset> = {
  'image-to-video': { ...clip, presetId: 'image-to-video', kind: 'image-to-video' },
  'text-to-video': { ...clip, presetId: 'text-to-video', kind: 'text-to-video', aspectRatio: '16:9' },
  'text-to-image': { ...image, presetId: 'text-to-image', kind: 'text-to-image', model: 'google/nano-banana' },
  'image-to-image': { ...image, presetId: 'image-to-image', kind: 'image-to-image', model: 'google/nano-banana-edit' },
};

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await server.parts.store.presets.addMissing(Object.values(presets), 1);
});
after(() => server.close());

async function seller(sub: string) {
  await server.grant(100, { userId: sub });
  const token = await server.mint({ sub });
  const { id: uploadId } = await server.uploaded(token);
  const ask = (json: unknown) => server.call('/v1/jobs', { token, json, headers: { 'idempotency-key': uuidv7() } });
  const session = async (language = 'en') =>
    (await (await server.call('/v1/session', { token, headers: { 'accept-language': language } })).json()) as Session;
  const jobs = async () => ((await (await server.call('/v1/jobs', { token })).json()) as { items: Job[] }).items;
  return { token, uploadId, ask, session, jobs };
}

describe('the session', () => {
  it('tells what each preset offers, its own value first, and the quality by its name', async () => {
    const { presets: told } = await (await seller('session')).session();
    const byId = new Map(told.map((preset) => [preset.id, preset]));
    const video = byId.get('text-to-video')!;
    assert.deepEqual([video.kind, video.quality, video.seconds, video.tokensCost], ['text-to-video', '720p', 5, 3]);
    assert.deepEqual(video.choices, {
      aspectRatios: [
        { value: '16:9', extraTokens: 0 },
        { value: '9:16', extraTokens: 0 },
      ],
      seconds: [
        { value: 5, extraTokens: 0 },
        { value: 10, extraTokens: 2 },
      ],
      modes: [
        { value: 'std', extraTokens: 0, quality: '720p' },
        { value: 'pro', extraTokens: 4, quality: '1080p' },
      ],
    });
    const picture = byId.get('text-to-image')!;
    assert.deepEqual([picture.seconds, picture.quality, picture.choices.modes], [null, '', []]);
    const plain = byId.get('video-cover')!;
    assert.deepEqual(plain.choices, { aspectRatios: [], seconds: [], modes: [] });
  });

  it('promises no longer a prompt than an order may have', async () => {
    const { session, ask } = await seller('longest');
    const { presets: told } = await session();
    for (const { id, limits } of told.filter(({ kind }) => !needsPicture(kind))) {
      const longest = await ask({ presetId: id, prompt: 'x'.repeat(limits.maxPromptLength) });
      assert.equal(longest.status, 201, `${id} ${limits.maxPromptLength}`);
      await problemOf(await ask({ presetId: id, prompt: 'x'.repeat(limits.maxPromptLength + 1) }), invalid);
    }
  });

  it('has every style with its name in the seller’s language and a picture that is there', async () => {
    const { session } = await seller('styles');
    const [russian, vietnamese] = [(await session('ru')).styles, (await session('vi')).styles];
    assert.deepEqual(
      russian.map(({ id, title }) => [id, title]),
      styles.map(({ id, titles }) => [id, titles.ru]),
    );
    assert.deepEqual(
      vietnamese.map(({ title }) => title),
      styles.map(({ titles }) => titles.vi),
    );
    for (const { pictureUrl } of russian) {
      const answer = await server.call(new URL(pictureUrl).pathname);
      assert.equal(answer.status, 200, pictureUrl);
      assert.match(answer.headers.get('content-type')!, /^image\//);
      await answer.arrayBuffer();
    }
  });
});

const invalid = { status: 422, code: 'invalid_request' };
const hostile = {
  title: `<script>alert(1)</script> '"; drop table jobs; -- \${7*7} {{7*7}} {title} %s`,
  description: '\u202E\u200B\uFEFF = cmd|/c calc\r\nX-Header: 1',
};

for (const kind of jobKinds)
  describe(kind, () => {
    it('is ordered with its choices and shown as it was ordered', async () => {
      const { ask, uploadId } = await seller(`good-${kind}`);
      const picture = needsPicture(kind) && { uploadId };
      const longer = makesVideo(kind) && { seconds: 10, mode: 'pro' };
      const styleId = styles[0]!.id;
      const answer = await ask({ presetId: kind, title: 'Mug', aspectRatio: '9:16', styleId, ...picture, ...longer });
      assert.equal(answer.status, 201, await answer.clone().text());
      const { job, balance } = (await answer.json()) as CreatedJob;
      const price = makesVideo(kind) ? 9 : 3;
      assert.deepEqual([job.kind, job.aspectRatio, job.styleId, balance], [kind, '9:16', styleId, 100 - price]);
      assert.deepEqual(job.receipt, { quoted: price, debited: price, refunded: 0 });
      assert.equal(job.seconds, makesVideo(kind) ? 10 : null);
      assert.equal(job.source !== undefined, needsPicture(kind));
    });

    it('says what is wrong with a bad order; nothing is made and nothing charged', async () => {
      const { ask, uploadId, jobs, session } = await seller(`bad-${kind}`);
      const good = { presetId: kind, title: 'Mug', ...(needsPicture(kind) && { uploadId }) };
      const faults: [object, RegExp][] = [
        [{ seconds: '10' }, /^seconds: /],
        [{ seconds: 0 }, /^seconds: /],
        [{ seconds: -5 }, /^seconds: /],
        [{ seconds: 7.5 }, /^seconds: /],
        [{ seconds: 1e21 }, /^seconds: /],
        [{ seconds: 7 }, /^seconds: this preset does not offer 7$/],
        [{ mode: 1 }, /^mode: /],
        [{ mode: 'x'.repeat(21) }, /^mode: /],
        [{ mode: '4k' }, /^mode: this preset does not offer 4k$/],
        [{ aspectRatio: 1.5 }, /^aspectRatio: /],
        [{ aspectRatio: '1000000:1' }, /^aspectRatio: this preset does not offer/],
        [{ aspectRatio: '1:1' }, /^aspectRatio: /],
        [{ aspectRatio: '<b>' }, /^aspectRatio: /],
        [{ styleId: 'none' }, /^styleId: /],
        [{ styleId: ['studio'] }, /^styleId: /],
        [{ styleId: '' }, /^styleId: /],
        [{ title: undefined }, /^prompt: this preset needs one$/],
        [{ prompt: '' }, /^prompt: /],
        [{ prompt: ' \n ' }, /^prompt: /],
        [{ prompt: 'x'.repeat(2501) }, /^prompt: /],
        [{ prompt: { text: 'x' } }, /^prompt: /],
        [{ title: 'x'.repeat(201) }, /^title: /],
        [{ description: 'x'.repeat(5001) }, /^description: /],
        [{ description: 7 }, /^description: /],
        [{ groupName: '' }, /^groupName: /],
        [{ groupName: 'of no group' }, /^groupName: there is no groupId$/],
        [{ groupName: 'x'.repeat(201) }, /^groupName: /],
        [{ groupId: 'x'.repeat(65) }, /^groupId: /],
        [{ parentId: '' }, /^parentId: /],
        [{ fit: 'cover' }, /^fit: /],
        [{ frame: [0, 0, 1, 1] }, /^frame: /],
        [{ frame: { x: 0, y: 0, width: 1, height: 1, z: 1 } }, /^frame: .*z/],
        [{ model: 'kling-v3', negativePrompt: 'x', sound: true }, /model.*negativePrompt.*sound/],
        [{ kind: 'image-to-video' }, /kind/],
        [{ prompt: 'a\u0000b' }, /NUL/],
        ...(needsPicture(kind)
          ? ([
              [{ uploadId: undefined }, /^uploadId: this preset needs a picture$/],
              [{ uploadId: 5 }, /^uploadId: /],
              [{ frame: { x: 0, y: 0, width: 900, height: 900 } }, /^frame must have the ratio 3:4$/],
              [{ frame: { x: 0, y: 1100, width: 600, height: 800 } }, /^frame must lie inside/],
              [{ frame: { x: 0, y: 0, width: 30, height: 40 } }, /^frame must be at least 300×400/],
            ] as [object, RegExp][])
          : []),
      ];
      for (const [fault, issue] of faults) {
        const problem = (await problemOf(await ask({ ...good, ...fault }), invalid)) as Problem & { issues: string[] };
        assert.match(problem.issues.join('\n'), issue, JSON.stringify(fault).slice(0, 100));
      }
      for (const missing of [{ parentId: uuidv7() }, needsPicture(kind) ? { uploadId: uuidv7() } : { presetId: 'no' }])
        await problemOf(await ask({ ...good, ...missing }), { status: 404, code: 'not_found' });
      assert.deepEqual([await jobs(), (await session()).balance], [[], 100]);
    });

    it('takes hostile words as words', async () => {
      const { ask, uploadId } = await seller(`hostile-${kind}`);
      const answer = await ask({ presetId: kind, ...hostile, ...(needsPicture(kind) && { uploadId }) });
      assert.equal(answer.status, 201, await answer.clone().text());
      const { job } = (await answer.json()) as CreatedJob;
      assert.equal(job.title, hostile.title);
      assert.equal(job.prompt, hostile.title, 'a value is not read for variables again');
    });
  });

it('a job of words shows no picture of another seller', async () => {
  const [mine, other] = [await seller('words'), await seller('words-other')];
  const answer = await mine.ask({ presetId: 'text-to-video', prompt: 'x', uploadId: other.uploadId });
  const { job } = (await answer.json()) as CreatedJob;
  assert.equal(job.source, undefined);
  const variant = await mine.ask({ presetId: 'image-to-video', prompt: 'x', parentId: job.id });
  await problemOf(variant, invalid);
});
