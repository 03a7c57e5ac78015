import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { AppError, type ErrorCode } from '../errors.ts';
import type { NewPreset } from '../store/schema.ts';
import { testPreset } from '../store/testing.ts';
import type { JobRequest } from './new-job.ts';
import { createOperatorService } from './operator-service.ts';
import { receiptOf } from './receipt.ts';
import { createJobService } from './service.ts';
import { styles } from './styles.ts';
import { startWorld, type World } from './testing.ts';

/** The code, and for a bad request its one issue. */
const fails =
  (code: ErrorCode, issue = /.*/) =>
  (fault: unknown) => {
    assert.ok(fault instanceof AppError, String(fault));
    assert.equal(fault.code, code);
    assert.match(String(fault.facts['issues'] ?? ''), issue);
    return true;
  };

const choices = {
  aspectRatios: [{ value: '9:16', extraTokens: 0 }],
  seconds: [{ value: 10, extraTokens: 7 }],
  modes: [{ value: 'pro', extraTokens: 3 }],
};
const free = { ...testPreset, presetId: 'free', choices, tokensCost: 2, prompt: '{title}' } satisfies NewPreset;
const words = { ...free, presetId: 'words', kind: 'text-to-video', aspectRatio: '16:9' } satisfies NewPreset;
const picture = {
  ...free,
  presetId: 'picture',
  kind: 'image-to-image',
  provider: 'kie',
  model: 'google/nano-banana-edit',
  mode: '',
  seconds: 0,
  aspectRatio: '1:1',
  choices: {},
} satisfies NewPreset;

let world: World;
before(async () => {
  world = await startWorld();
  const short = { ...free, presetId: 'short', provider: 'kie', model: 'kling-2.6/image-to-video', mode: '' } as const;
  const unknown = { ...free, presetId: 'unknown', model: 'made-up', prompt: 'calm' } as const;
  const broken = { ...free, presetId: 'broken', choices: { modes: [{ value: 'ultra', extraTokens: 0 }] } };
  await world.store.presets.addMissing([free, words, picture, { ...short, choices: {} }, unknown, broken], 1);
});
after(() => world.close());

/** A seller with tokens and a picture of 600×800. */
async function ready(tokens = 100) {
  const accountId = await world.seller(tokens);
  const uploadId = await world.upload(accountId);
  const create = async (request: Omit<JobRequest, 'presetId'> & { presetId?: string }) =>
    (await world.jobs.create({ accountId, idempotencyKey: uuidv7(), request: { presetId: 'free', ...request } })).job;
  const costs = async () => 100 - (await world.balance(accountId));
  return { accountId, uploadId, create, costs };
}

describe('what a preset offers', () => {
  it('costs what the choices say, on the receipt and in the ledger', async () => {
    const { uploadId, create, costs } = await ready();
    const plain = await create({ uploadId, title: 'Mug' });
    assert.deepEqual([plain.seconds, plain.mode, plain.aspectRatio, plain.tokensCost], [5, 'std', '3:4', 2]);
    const chosen = await create({ uploadId, title: 'Mug', seconds: 10, mode: 'pro', aspectRatio: '9:16' });
    assert.deepEqual([chosen.seconds, chosen.mode, chosen.aspectRatio], [10, 'pro', '9:16']);
    assert.deepEqual(receiptOf(chosen), { quoted: 12, debited: 12, refunded: 0 });
    assert.equal(await costs(), 14);
    const ended = await world.jobs.cancel(chosen.accountId, chosen.id);
    assert.deepEqual(receiptOf(ended.job), { quoted: 12, debited: 12, refunded: 12, reason: 'cancelled' });
    assert.equal(await costs(), 2);
  });

  it('may be named with its own value, for nothing on top', async () => {
    const { uploadId, create } = await ready();
    const job = await create({ uploadId, title: 'Mug', seconds: 5, mode: 'std', aspectRatio: '3:4' });
    assert.equal(job.tokensCost, 2);
  });

  it('is all that can be had', async () => {
    const { uploadId, create, costs } = await ready();
    const wishes: [Partial<JobRequest>, RegExp][] = [
      [{ seconds: 15 }, /^seconds: this preset does not offer 15$/],
      [{ mode: '4k' }, /^mode: /],
      [{ mode: '__proto__' }, /^mode: /],
      [{ aspectRatio: '1:1' }, /^aspectRatio: /],
      [{ aspectRatio: '0:0' }, /^aspectRatio: /],
      [{ presetId: 'video-cover', seconds: 10 }, /^seconds: /],
      [{ presetId: 'broken', mode: 'ultra' }, /^mode: kling-v2-6 cannot do this$/],
    ];
    for (const [wish, issue] of wishes)
      await assert.rejects(create({ uploadId, title: 'Mug', ...wish }), fails('invalid_request', issue));
    assert.equal(await costs(), 0);
  });

  it('is quoted before anything is ordered', async () => {
    const { accountId, costs } = await ready();
    const quote = (wish: Partial<JobRequest>) =>
      world.jobs.quote({ accountId, request: { presetId: 'free', ...wish } });
    assert.deepEqual([await quote({}), await quote({ seconds: 10 })], [2, 9]);
    await assert.rejects(quote({ presetId: 'nothing' }), fails('not_found'));
    await assert.rejects(quote({ mode: '4k' }), fails('invalid_request'));
    assert.equal(await costs(), 0);
  });
});

describe('a prompt', () => {
  it('gets the words of the style at its end, kept with the job', async () => {
    const { uploadId, create } = await ready();
    const [style] = styles;
    const filled = await create({ uploadId, title: 'Mug', styleId: style!.id });
    const own = await create({ uploadId, prompt: 'Turn it', styleId: style!.id });
    assert.deepEqual([filled.prompt, own.prompt], [`Mug ${style!.fragment}`, `Turn it ${style!.fragment}`]);
    assert.deepEqual([filled.styleId, own.styleId], [style!.id, style!.id]);
    await assert.rejects(create({ uploadId, prompt: 'x', styleId: 'none' }), fails('invalid_request', /^styleId: /));
  });

  it('is needed where the preset has none of its own', async () => {
    const { uploadId, create } = await ready();
    await assert.rejects(create({ uploadId }), fails('invalid_request', /^prompt: this preset needs one$/));
    assert.equal((await create({ uploadId, prompt: 'Turn it' })).prompt, 'Turn it');
  });

  it('may be as long as the model takes, with the style', async () => {
    const { uploadId, create, costs } = await ready();
    const order = (prompt: string, styleId?: string) =>
      create({ presetId: 'short', uploadId, prompt, ...(styleId && { styleId }) });
    assert.equal((await order('x'.repeat(1000))).prompt.length, 1000);
    await assert.rejects(order('x'.repeat(1001)), fails('invalid_request', /^prompt: at most 1000 characters here$/));
    const [{ id, fragment }] = styles as [(typeof styles)[number]];
    const room = 1000 - fragment.length - 1;
    assert.equal((await order('x'.repeat(room), id)).prompt.length, 1000);
    await assert.rejects(order('x'.repeat(room + 1), id), fails('invalid_request', new RegExp(`at most ${room} `)));
    assert.equal(
      (await create({ presetId: 'short', uploadId, title: 'y'.repeat(1500), styleId: id })).prompt.length,
      1000,
    );
    assert.equal(await costs(), 6);
  });
});

describe('a job without a picture of its own', () => {
  it('is made of words alone, and a picture that was sent along is not kept, whoever owns it', async () => {
    const [mine, other] = [await ready(), await ready()];
    const frame = { x: 0, y: 0, width: 600, height: 800 };
    for (const uploadId of [mine.uploadId, other.uploadId, 'no-such-upload']) {
      const job = await mine.create({ presetId: 'words', title: 'A mug', uploadId, frame });
      assert.deepEqual([job.uploadId, job.frame, job.kind], [null, null, 'text-to-video']);
    }
  });

  it('is refused by a kind that needs one', async () => {
    const { create, costs } = await ready();
    for (const presetId of ['free', 'picture'])
      await assert.rejects(create({ presetId, title: 'Mug' }), fails('invalid_request', /^uploadId: /));
    assert.equal(await costs(), 0);
  });
});

describe('a variant', () => {
  const frame = { x: 0, y: 0, width: 540, height: 720 };
  const full = { title: 'Mug', description: 'By hand', groupId: 'g', fit: 'crop', frame } as const;

  it('takes from its parent what it leaves out, and nothing that it says itself', async () => {
    const { uploadId, create } = await ready();
    const parent = await create({ ...full, uploadId });
    const same = await create({ parentId: parent.id, prompt: 'Another turn' });
    assert.deepEqual(
      [same.parentId, same.uploadId, same.frame, same.fit, same.title, same.description, same.groupId],
      [parent.id, uploadId, frame, 'crop', 'Mug', 'By hand', 'g'],
    );
    assert.equal(same.tokensCost, 2, 'choices are not inherited: what is not asked for is not paid');
    const own = await create({ parentId: parent.id, title: 'Cup', groupId: 'h', frame: { ...frame, x: 10 } });
    assert.deepEqual([own.prompt, own.groupId, own.frame!.x, own.description], ['Cup', 'h', 10, 'By hand']);
    await create({ parentId: parent.id, groupName: 'Mugs' });
    const [group] = await world.store.groups.list({ accountId: parent.accountId, limit: 1 });
    assert.deepEqual([group!.id, group!.name], ['g', 'Mugs']);
    await assert.rejects(create({ uploadId, title: 'x', groupName: 'Mugs' }), fails('invalid_request', /^groupName: /));
  });

  it('that is fitted otherwise, or has another picture, has its own frame', async () => {
    const { accountId, uploadId, create } = await ready();
    const parent = await create({ ...full, uploadId });
    const padded = await create({ parentId: parent.id, fit: 'pad' });
    assert.deepEqual([padded.fit, padded.frame], ['pad', { x: 0, y: 0, width: 600, height: 800 }]);
    assert.equal((await create({ parentId: padded.id })).fit, 'pad');
    const other = await create({ parentId: padded.id, uploadId: await world.upload(accountId) });
    assert.deepEqual([other.fit, other.frame], ['crop', { x: 0, y: 0, width: 600, height: 800 }]);
  });

  it('of a preset with another shape takes the largest frame in the middle', async () => {
    const { uploadId, create } = await ready();
    const parent = await create({ ...full, uploadId });
    const square = await create({ parentId: parent.id, presetId: 'picture' });
    assert.deepEqual(square.frame, { x: 0, y: 100, width: 600, height: 600 });
    const tall = await create({ parentId: parent.id, aspectRatio: '9:16' });
    assert.deepEqual(tall.frame, { x: 75, y: 0, width: 450, height: 800 });
    const said = { parentId: parent.id, presetId: 'picture', frame };
    await assert.rejects(create(said), fails('invalid_request', /^frame must have the ratio 1:1$/));
  });

  it('of a foreign, a deleted or a missing job is none', async () => {
    const [mine, other] = [await ready(), await ready()];
    const theirs = await other.create({ ...full, uploadId: other.uploadId });
    const gone = await mine.create({ ...full, uploadId: mine.uploadId });
    await world.jobs.cancel(gone.accountId, gone.id);
    await world.jobs.remove(gone.accountId, gone.id);
    for (const parentId of [theirs.id, gone.id, 'nothing'])
      await assert.rejects(mine.create({ parentId, title: 'x' }), fails('not_found'));
    assert.equal(await mine.costs(), 0);
  });

  it('takes no picture of another seller, said or inherited', async () => {
    const [mine, other] = [await ready(), await ready()];
    const parent = await mine.create({ ...full, uploadId: mine.uploadId });
    const wish = { parentId: parent.id, uploadId: other.uploadId };
    await assert.rejects(mine.create(wish), fails('not_found'));
  });
});

describe('a preset that no account can make', () => {
  it('is neither listed nor sold', async () => {
    const { store, runtime } = world;
    const settings = { deadlineMs: 3_600_000, minSide: 300 };
    const canMake = async ({ provider }: { provider: string }) => provider === 'kling';
    const jobs = createJobService({ store, runtime, settings, slots: 1, canMake });
    const listed = (await jobs.orderablePresets()).map(({ presetId }) => presetId);
    assert.ok(listed.includes('free') && !listed.includes('picture'));
    const { accountId, uploadId } = await ready();
    const order = (presetId: string) =>
      jobs.create({ accountId, idempotencyKey: uuidv7(), request: { presetId, uploadId, title: 'Mug' } });
    await assert.rejects(order('picture'), fails('not_found'));
    assert.equal((await order('free')).balance, 98);
  });
});

describe("an operator's retry", () => {
  const deed = { actor: 'anna', note: 'again', attempt: 1, payer: 'seller' } as const;
  const retry = (jobId: string, attempt = 1) => createOperatorService(world).retry({ ...deed, jobId, attempt });

  async function cancelled() {
    const { accountId, uploadId, create } = await ready();
    const [style] = styles;
    const job = await create({ uploadId, title: 'Mug', seconds: 10, mode: 'pro', styleId: style!.id });
    await world.jobs.cancel(accountId, job.id);
    return job;
  }

  it('keeps what was chosen and the prompt to the letter', async () => {
    const old = await cancelled();
    const { job } = await retry(old.id);
    assert.deepEqual([job.seconds, job.mode, job.tokensCost, job.prompt], [10, 'pro', 12, old.prompt]);
  });

  it('leaves out what is no longer offered, and is the same job when its form is sent again after that', async () => {
    const old = await cancelled();
    const { store, runtime } = world;
    const { job: first } = await retry(old.id);
    const { revision } = (await store.presets.get('free'))!;
    const now = runtime.now();
    const less = { seconds: choices.seconds };
    const revise = (expectedRevision: number, change: Partial<NewPreset>) =>
      store.presets.revise({ id: 'free', expectedRevision, change, author: 'anna', now });
    await revise(revision, { choices: less });
    const { job: again } = await retry(old.id);
    const { job: second } = await retry(old.id, 2);
    await revise(revision + 1, { choices });
    assert.equal(again.id, first.id);
    assert.deepEqual([second.seconds, second.mode, second.tokensCost], [10, 'std', 9]);
  });

  it('of a job that the seller has deleted is made all the same', async () => {
    const old = await cancelled();
    await world.jobs.remove(old.accountId, old.id);
    const { job } = await retry(old.id);
    assert.deepEqual([job.uploadId, job.frame, job.title, job.parentId], [old.uploadId, old.frame, 'Mug', null]);
  });
});
