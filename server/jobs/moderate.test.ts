import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../errors.ts';
import { createModeration } from '../scenes/moderation.ts';
import { testSite } from '../store/testing.ts';
import { createModerate } from './moderate.ts';
import type { JobRequest } from './new-job.ts';
import { createJobService } from './service.ts';
import { startWorld, silentLog, type World } from './testing.ts';

const refuses = (field: string) => (fault: unknown) =>
  fault instanceof AppError && fault.code === 'text_refused' && fault.facts['field'] === field;

let world: World;
let asked: { field: string; text: string }[][];
before(async () => {
  world = await startWorld();
});
after(() => world.close());

/** A service with the site's words and a judge that refuses what says "refuse me". */
async function shop(blockedWords: string[] = []) {
  const { store, runtime } = world;
  const accountId = await world.seller(100);
  await store.sites.put({ ...testSite, blockedWords }, runtime.now());
  const byWords = createModeration({ openAi: undefined, log: silentLog, ...runtime });
  asked = [];
  const check: Parameters<typeof createModerate>[0]['check'] = async (texts, signal) => {
    asked.push([...texts.fields]);
    const bad = texts.fields.find(({ text }) => text.includes('refuse me'));
    return bad ? { field: bad.field, because: 'service', category: 'violence' } : byWords.check(texts, signal);
  };
  const settings = { deadlineMs: 3_600_000, minSide: 300 };
  const jobs = createJobService({
    store,
    runtime,
    settings,
    slots: 1,
    moderate: createModerate({ store, runtime, check }),
  });
  const uploadId = await world.upload(accountId);
  const create = async (change: Partial<JobRequest>, idempotencyKey = uuidv7()) => {
    const request = { presetId: 'video-cover', uploadId, ...change };
    return (await jobs.create({ accountId, idempotencyKey, request })).job;
  };
  const refusals = () => store.auditLog.list({ target: accountId, limit: 50 });
  return { accountId, jobs, create, refusals, balance: () => world.balance(accountId) };
}

describe('words that the site does not want', () => {
  it('are refused in every field of the seller, before any token moves, with one line in the audit log', async () => {
    const { create, refusals, balance, accountId } = await shop(['купон']);
    const fields = ['prompt', 'title', 'description', 'groupName'] as const;
    for (const field of fields)
      await assert.rejects(create({ groupId: 'g', [field]: 'Скидка и КУПОН в подарок' }), refuses(field));
    assert.equal(await balance(), 100);
    assert.deepEqual(await world.store.jobs.list({ accountId, limit: 10 }), []);
    assert.deepEqual(await world.store.groups.list({ accountId, limit: 10 }), []);
    const lines = await refusals();
    assert.deepEqual(
      lines.map(({ actor, action, detail }) => [actor, action, detail]).toReversed(),
      fields.map((field) => ['seller', 'order.refused', { field, because: 'word' }]),
    );
    assert.doesNotMatch(JSON.stringify(lines), /купон|скидка/i, 'the words themselves are not kept');
  });

  it('are also refused where they are inherited', async () => {
    const { accountId, create, balance } = await shop();
    const parent = await create({ title: 'Coupon' });
    await world.store.sites.put({ ...testSite, blockedWords: ['coupon'] }, world.runtime.now());
    await assert.rejects(create({ parentId: parent.id }), refuses('title'));
    assert.equal(await world.balance(accountId), await balance());
    assert.equal(await balance(), 90);
  });

  it('do not touch an order that was made before', async () => {
    const { create } = await shop();
    const { id } = await create({ title: 'Coupon' }, 'key');
    await world.store.sites.put({ ...testSite, blockedWords: ['coupon'] }, world.runtime.now());
    assert.equal((await create({ title: 'Coupon' }, 'key')).id, id);
  });
});

describe('the judge', () => {
  it('is told the field and category of a refusal to the log, and nothing is charged', async () => {
    const { create, refusals, balance } = await shop();
    await assert.rejects(create({ title: 'A mug', prompt: 'refuse me' }), refuses('prompt'));
    const [line] = await refusals();
    assert.deepEqual(line!.detail, { field: 'prompt', because: 'service', category: 'violence' });
    assert.equal(await balance(), 100);
  });

  it('is asked once a minute about the same text, and at once when the list of words changes', async () => {
    const { create } = await shop();
    const textsAsked = () => asked.flat().map(({ text }) => text);
    for (const title of ['one', 'two', 'one']) await create({ title, description: 'the same' });
    assert.deepEqual(textsAsked(), ['one', 'the same', 'two']);
    world.runtime.pass(60_000);
    await create({ title: 'one' });
    assert.equal(textsAsked().at(-1), 'one');
    assert.equal(textsAsked().length, 4);
    await world.store.sites.put({ ...testSite, blockedWords: ['one'] }, world.runtime.now());
    await assert.rejects(create({ title: 'one' }), refuses('title'));
  });

  it('is asked again about what it has refused', async () => {
    const { create } = await shop();
    for (let n = 0; n < 2; n++) await assert.rejects(create({ prompt: 'refuse me' }), refuses('prompt'));
    assert.equal(asked.length, 2);
  });

  it('is not asked about an order that says nothing', async () => {
    const { create } = await shop(['x']);
    await create({});
    assert.deepEqual(asked, []);
  });

  it('speaks before a price is told', async () => {
    const { accountId, jobs } = await shop();
    const request = { presetId: 'video-cover', prompt: 'refuse me' };
    await assert.rejects(jobs.quote({ accountId, request }), refuses('prompt'));
  });
});
