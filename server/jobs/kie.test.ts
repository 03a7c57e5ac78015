/** Jobs made at Kie.ai, all the way: a service that knows no ids of ours, so a create goes out once or its tokens go back. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createKieAccount } from '../providers/kie.ts';
import { startKieWorld, type KieWorld } from './kie-testing.ts';
import { models } from './models.ts';

let world: KieWorld;
afterEach(() => world.close());

const creates = () => world.simulator.log.filter(({ path }) => path.endsWith('/createTask')).length;
const facts = async (id: string) => {
  const { status, stage, errorCode } = await world.read(id);
  return { status, stage, errorCode };
};
const refunded = { status: 'failed', stage: 'confirming', errorCode: 'timed_out' };
const done = { status: 'completed', stage: 'done', errorCode: null };

/** Forges a callback for the job, as somebody who knows its address could. */
async function forge(jobId: string, data: object): Promise<void> {
  const body = JSON.stringify({ code: 200, data });
  await fetch(`${world.hooksUrl}/hooks/kie/${jobId}`, { method: 'POST', body });
}

/** Made under the same key by somebody else, such as the operator at the console. */
async function taskWithoutCallback(): Promise<string> {
  const { url, apiKey } = world.simulator;
  const answer = await fetch(`${url}/api/v1/jobs/createTask`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'google/nano-banana', input: { prompt: 'x' } }),
  });
  return ((await answer.json()) as { data: { taskId: string } }).data.taskId;
}

describe('every kind', () => {
  const results: [kind: string, contentType: string, extension: string][] = [
    ['image-to-video', 'video/mp4', 'mp4'],
    ['text-to-video', 'video/mp4', 'mp4'],
    ['image-to-image', 'image/png', 'png'],
    ['text-to-image', 'image/png', 'png'],
  ];
  for (const [kind, contentType, extension] of results)
    it(`${kind} runs to a stored file of its type`, async () => {
      world = await startKieWorld({ reachable: false });
      const seller = await world.seller(5);
      const { id } = await world.order(seller, kind);
      await world.live(30);
      assert.deepEqual(await facts(id), done);
      const { video, image } = await world.read(id);
      const stored = kind.endsWith('-video') ? video : image;
      assert.equal(stored?.contentType, contentType);
      assert.match(stored!.key, new RegExp(`^${seller}/${kind}/${id}-\\d+\\.${extension}$`));
      assert.ok((await world.blobs.stat(stored!.key))!.bytes > 100);
      assert.equal(await world.balance(seller), 4);
      assert.equal(creates(), 1);
      const [task] = world.simulator.tasks();
      assert.equal(task!.downloads, 1);
    });

  it('has a client for every model of the price list', async () => {
    world = await startKieWorld();
    const account = createKieAccount({ id: 'kie', apiKey: 'k', now: Date.now, concurrency: 1 });
    const listed = models.filter(({ provider }) => provider === 'kie');
    assert.ok(listed.length > 8);
    for (const { model, kinds } of listed)
      for (const kind of kinds) assert.notEqual(account.clientFor({ kind, model }), null, `${kind} by ${model}`);
  });
});

it('a result is fetched in the second in which a callback tells of it, not at the next look', async () => {
  world = await startKieWorld({ waitingMs: 1_000, processingMs: 11_500 });
  const seller = await world.seller(5);
  const { id } = await world.order(seller, 'text-to-image');
  await world.live(12);
  assert.equal((await facts(id)).stage, 'generating');
  const called = world.nextCallback();
  world.runtime.pass(1_000);
  world.simulator.advance();
  await called;
  await world.live(4);
  assert.deepEqual(await facts(id), done);
});

describe('when the answer to the create is lost', () => {
  it('the task is adopted once a callback names it, and there was one POST', async () => {
    world = await startKieWorld();
    const seller = await world.seller(5);
    const { id } = await world.order(seller, 'image-to-video', 'calm [[sim:lost-answer]]');
    await world.live(5);
    assert.equal((await facts(id)).stage, 'confirming');
    const called = world.nextCallback();
    await world.live(10);
    await called;
    await world.live(20);
    assert.deepEqual(await facts(id), done);
    assert.equal((await world.read(id)).providerTaskId, world.simulator.tasks()[0]!.id);
    assert.deepEqual([creates(), world.simulator.tasks().length], [1, 1]);
    assert.equal(await world.balance(seller), 4);
  });

  for (const marker of [
    'lost-before-always',
    'no-id',
    'no-id-nothing',
    '500-created',
    '502-html',
    'code-408',
    'http-500',
  ])
    it(`without a word the tokens go back at the deadline, and nothing was sent again (${marker})`, async () => {
      world = await startKieWorld({ deadlineMs: 60_000, reachable: false });
      const seller = await world.seller(5);
      const { id } = await world.order(seller, 'text-to-image', `calm [[sim:${marker}]]`);
      await world.live(58);
      assert.equal((await facts(id)).stage, 'confirming');
      assert.equal(await world.balance(seller), 4);
      await world.live(6);
      assert.deepEqual(await facts(id), refunded);
      assert.equal(await world.balance(seller), 5);
      await world.live(120);
      assert.deepEqual(await facts(id), refunded);
      assert.equal(creates(), 1);
    });

  for (const marker of ['query-500', 'query-429'])
    it(`a task that a callback named is not given up while Kie.ai does not answer, deadline or not (${marker})`, async () => {
      world = await startKieWorld({ deadlineMs: 10_000 });
      const seller = await world.seller(5);
      const { id } = await world.order(seller, 'text-to-image', `calm [[sim:lost-answer]] [[sim:${marker}]]`);
      await world.live(5);
      const called = world.nextCallback();
      await world.live(5);
      await called;
      await world.live(60);
      assert.deepEqual(await facts(id), done);
      assert.deepEqual([creates(), await world.balance(seller)], [1, 4]);
    });

  it('a callback that names another task changes nothing', async () => {
    world = await startKieWorld({ deadlineMs: 60_000 });
    const [seller, neighbour] = await Promise.all([world.seller(5), world.seller(5)]);
    const theirs = await world.order(neighbour, 'text-to-image');
    await world.live(30);
    assert.deepEqual(await facts(theirs.id), done);
    const [their] = world.simulator.tasks();
    const consoles = await taskWithoutCallback();
    const { id } = await world.order(seller, 'text-to-image', 'calm [[sim:lost-before-always]]');
    await world.live(5);
    for (const taskId of [their!.id, consoles, 'nobody-knows-it']) {
      await forge(id, { taskId, state: 'success', resultJson: '{"resultUrls":["https://evil.example/x.png"]}' });
      await world.live(10);
      assert.deepEqual(await facts(id), { status: 'processing', stage: 'confirming', errorCode: null });
      assert.equal((await world.read(id)).providerTaskId, null);
    }
    await world.live(60);
    assert.deepEqual(await facts(id), refunded);
    assert.equal((await world.read(id)).image, null);
    assert.equal(await world.balance(seller), 5);
  });

  it('a callback that comes before the answer to the create is kept for the look-up', async () => {
    world = await startKieWorld({ callTimeoutMs: 500 });
    const seller = await world.seller(5);
    const { id } = await world.order(seller, 'text-to-image', 'calm [[sim:hang]]');
    const submitting = world.live(1);
    while (world.simulator.tasks().length === 0) await nextTurn();
    const called = world.nextCallback();
    world.runtime.pass(12_000);
    world.simulator.advance();
    await called;
    const { stage, claimedTaskId } = await world.read(id);
    assert.deepEqual([stage, claimedTaskId], ['submitting', world.simulator.tasks()[0]!.id]);
    await submitting;
    await world.live(30);
    assert.deepEqual(await facts(id), done);
    assert.equal(creates(), 1);
  });

  it('a forged callback before the true one does not keep the task from being found', async () => {
    world = await startKieWorld();
    const seller = await world.seller(5);
    const { id } = await world.order(seller, 'text-to-image', 'calm [[sim:lost-answer]]');
    await world.live(4);
    await forge(id, { taskId: 'nobody-knows-it', state: 'fail' });
    const called = world.nextCallback();
    await world.live(8);
    await called;
    await world.live(60);
    assert.deepEqual(await facts(id), done);
  });
});

it('words in a callback decide nothing: a running task goes on to its own end', async () => {
  world = await startKieWorld({ processingMs: 20_000 });
  const seller = await world.seller(5);
  const { id } = await world.order(seller, 'text-to-image');
  await world.live(5);
  await forge(id, { taskId: world.simulator.tasks()[0]!.id, state: 'fail', failCode: '500', failMsg: 'forged' });
  await forge(id, { taskId: 'nobody-knows-it', state: 'success' });
  await world.live(10);
  assert.equal((await facts(id)).stage, 'generating');
  await world.live(30);
  assert.deepEqual(await facts(id), done);
  const told = JSON.stringify(await world.store.jobEvents.list({ jobId: id, limit: 100 }));
  assert.match(told, /forged/);
});

it('402 pauses the account, and the job waits for the top-up', async () => {
  world = await startKieWorld({ credits: 0 });
  const seller = await world.seller(5);
  const { id } = await world.order(seller, 'text-to-image');
  await world.live(70);
  assert.equal((await facts(id)).stage, 'submitting');
  assert.ok(creates() <= 2);
  const [account] = await world.store.queue.providerAccounts();
  assert.match(account!.pauseReason ?? '', /^402 credits used up/);
  world.simulator.setCredits(100);
  await world.live(100);
  assert.deepEqual(await facts(id), done);
});

describe('a failure gives the tokens back', () => {
  const failures: [marker: string, errorCode: string, preset: string][] = [
    ['fail-later', 'provider_failed', 'text-to-image'],
    ['fail-501', 'provider_failed', 'image-to-video'],
    ['fail', 'content_refused', 'image-to-image'],
    ['code-422', 'provider_refused', 'text-to-video'],
    ['code-501', 'provider_refused', 'text-to-image'],
  ];
  for (const [marker, errorCode, preset] of failures)
    it(`${marker} is ${errorCode}`, async () => {
      world = await startKieWorld();
      const seller = await world.seller(5);
      const { id } = await world.order(seller, preset, `calm [[sim:${marker}]]`);
      await world.live(40);
      const job = await world.read(id);
      assert.deepEqual([job.status, job.errorCode], ['failed', errorCode]);
      assert.equal(await world.balance(seller), 5);
      assert.equal(creates(), 1);
    });

  it('and a paused model is a refusal in the words of Kie.ai', async () => {
    world = await startKieWorld({ paused: ['google/nano-banana'] });
    const seller = await world.seller(5);
    const { id } = await world.order(seller, 'text-to-image');
    await world.live(5);
    const job = await world.read(id);
    assert.deepEqual([job.status, job.errorCode], ['failed', 'provider_refused']);
    assert.match(job.errorMessage ?? '', /This interface is temporarily paused/);
  });
});

describe('trouble that passes costs only time', () => {
  for (const marker of [
    'busy-twice',
    'query-500',
    'query-429',
    'late-visible',
    'flip',
    'queuing',
    'truncated',
    'unknown-status',
  ])
    it(`${marker}`, async () => {
      world = await startKieWorld();
      const seller = await world.seller(5);
      const { id } = await world.order(seller, 'text-to-image', `calm [[sim:${marker}]]`);
      await world.live(90);
      assert.deepEqual(await facts(id), done);
      assert.equal(world.simulator.tasks().length, 1);
    });

  it('thirty orders at once: twenty in ten seconds are let through, and none is lost or doubled', async () => {
    world = await startKieWorld();
    const seller = await world.seller(30);
    const ids = [];
    for (let order = 0; order < 30; order++) ids.push((await world.order(seller, 'text-to-image')).id);
    await world.live(90);
    for (const id of ids) assert.deepEqual(await facts(id), done);
    assert.equal(world.simulator.tasks().length, 30);
    assert.equal(await world.balance(seller), 0);
  });
});
