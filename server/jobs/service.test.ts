import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AppError, type ErrorCode } from '../errors.ts';
import type { JobRequest } from './new-job.ts';
import { startWorld, type World } from './testing.ts';

const failsWith = (code: ErrorCode) => (fault: unknown) => fault instanceof AppError && fault.code === code;

describe("the seller's use cases", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.close());

  /** A seller with a picture, and a create that may be repeated or bent. */
  async function ready(tokens: number) {
    const accountId = await world.seller(tokens);
    const uploadId = await world.upload(accountId);
    const request: JobRequest = { presetId: 'video-cover', uploadId, fit: 'crop' };
    const create = (key: string, change: Partial<JobRequest> = {}) =>
      world.jobs.create({ accountId, idempotencyKey: key, request: { ...request, ...change } });
    return { accountId, create };
  }

  it('eight clicks with one key make one job and one debit', async () => {
    const { accountId, create } = await ready(100);
    const answers = await Promise.all(Array.from({ length: 8 }, () => create('click')));
    assert.equal(new Set(answers.map(({ job }) => job.id)).size, 1);
    assert.equal(await world.balance(accountId), 90);
  });

  it('the same key with another body is refused and charges nothing', async () => {
    const { accountId, create } = await ready(100);
    await create('key');
    await assert.rejects(create('key', { title: 'another' }), failsWith('idempotency_mismatch'));
    assert.equal(await world.balance(accountId), 90);
  });

  it('the same key answers the same job even when the preset was disabled meanwhile', async () => {
    const { create } = await ready(100);
    const first = await create('key');
    const revise = (expectedRevision: number, enabled: boolean) =>
      world.store.presets.revise({
        id: 'video-cover',
        expectedRevision,
        change: { enabled },
        author: 'admin',
        now: world.runtime.now(),
      });
    await revise(1, false);
    assert.equal((await create('key')).job.id, first.job.id);
    await assert.rejects(create('other'), failsWith('not_found'));
    await revise(2, true);
  });

  it("another seller's picture is a missing picture", async () => {
    const [mine, other] = [await ready(10), await ready(10)];
    const { job } = await other.create('key');
    await assert.rejects(mine.create('key', { uploadId: job.uploadId! }), failsWith('not_found'));
    await assert.rejects(world.jobs.get(mine.accountId, job.id), failsWith('not_found'));
    await assert.rejects(world.jobs.cancel(mine.accountId, job.id), failsWith('not_found'));
    await assert.rejects(world.jobs.remove(mine.accountId, job.id), failsWith('not_found'));
  });

  it('too few tokens, a bad frame, no picture, no preset: nothing is made and nothing charged', async () => {
    const { accountId, create } = await ready(9);
    await assert.rejects(create('a'), failsWith('insufficient_tokens'));
    await assert.rejects(
      create('b', { frame: { x: 500, y: 0, width: 600, height: 800 } }),
      failsWith('invalid_request'),
    );
    await assert.rejects(create('d', { presetId: 'none' }), failsWith('not_found'));
    await assert.rejects(
      world.jobs.create({ accountId, idempotencyKey: 'c', request: { presetId: 'video-cover', fit: 'crop' } }),
      failsWith('invalid_request'),
    );
    assert.deepEqual(await world.jobs.list({ accountId, limit: 10 }), []);
    assert.equal(await world.balance(accountId), 9);
  });

  it("the operator's prompt is filled from the order when the job is made; the seller's own is sent to the letter", async () => {
    const { accountId, create } = await ready(100);
    const revise = (expectedRevision: number, change: object) =>
      world.store.presets.revise({ id: 'video-cover', expectedRevision, change, author: 'admin', now: 1 });
    const before = (await world.store.presets.get('video-cover'))!;
    await revise(before.revision, { prompt: 'Show {title}. {description}', negativePrompt: 'no {title} twins' });
    const { job } = await create('filled', { title: 'Clay mug', description: 'By hand\n{title}' });
    assert.deepEqual([job.prompt, job.negativePrompt], ['Show Clay mug. By hand {title}', 'no Clay mug twins']);
    assert.equal((await world.read(job.id)).prompt, job.prompt);
    const [bare, own] = [await create('bare'), await create('own', { title: 'Mug', prompt: 'Just {title}' })];
    assert.deepEqual([bare.job.prompt, own.job.prompt], ['Show.', 'Just {title}']);
    for (const { id } of [job, bare.job, own.job]) await world.jobs.cancel(accountId, id);
    await revise(before.revision + 1, { prompt: before.prompt, negativePrompt: before.negativePrompt });
  });

  it('a job keeps the price it was made with', async () => {
    const { accountId, create } = await ready(100);
    const { job } = await create('before');
    const { revision } = (await world.store.presets.get('video-cover'))!;
    const now = world.runtime.now();
    await world.store.presets.revise({
      id: 'video-cover',
      expectedRevision: revision,
      change: { tokensCost: 50 },
      author: 'admin',
      now,
    });
    const ended = await world.jobs.cancel(accountId, job.id);
    assert.deepEqual([ended.job.tokensCost, ended.balance], [10, 100]);
    await world.store.presets.revise({
      id: 'video-cover',
      expectedRevision: revision + 1,
      change: { tokensCost: 10 },
      author: 'admin',
      now,
    });
  });

  it('cancelling gives the tokens back once, and only while the job waits', async () => {
    const { accountId, create } = await ready(20);
    const waiting = await create('waiting');
    const cancels = await Promise.allSettled(
      Array.from({ length: 5 }, () => world.jobs.cancel(accountId, waiting.job.id)),
    );
    assert.equal(cancels.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal(await world.balance(accountId), 20);
    const sent = await create('sent', { prompt: '[[sim:never]]' });
    await world.live(1);
    await assert.rejects(world.jobs.cancel(accountId, sent.job.id), failsWith('not_cancellable'));
    await assert.rejects(world.jobs.remove(accountId, sent.job.id), failsWith('not_deletable'));
    assert.equal(await world.balance(accountId), 10);
  });

  it('a removed job is gone for the seller and stays in the books', async () => {
    const { accountId, create } = await ready(10);
    const { job } = await create('key');
    await world.jobs.cancel(accountId, job.id);
    await world.jobs.remove(accountId, job.id);
    await assert.rejects(world.jobs.get(accountId, job.id), failsWith('not_found'));
    assert.equal((await world.store.ledger.list({ accountId, limit: 10 })).length, 3);
    assert.deepEqual(await world.store.ledger.disagreements(), []);
  });
});
