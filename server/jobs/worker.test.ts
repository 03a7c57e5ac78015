import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { probeClip } from '../media/clip.ts';
import { nextLooks } from './job.ts';
import { receiptOf } from './receipt.ts';
import { startWorld, type World } from './testing.ts';

const minute = 60;

describe('the worker, with the Kling simulator', () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.close());

  /** Orders with this marker, lives so long, and answers the job as it then is. */
  async function ordered(marker: string, seconds: number) {
    const accountId = await world.seller(10);
    const { id, externalId } = await world.order(accountId, `a calm turn ${marker}`);
    await world.live(seconds);
    const tasks = world.kling.tasks().filter((task) => task.externalId === externalId);
    return {
      job: await world.read(id),
      balance: await world.balance(accountId),
      tasks,
      posts: world.kling.postsFor(externalId),
    };
  }

  it('a cover goes from one picture to a stored 3:4 clip for one debit and one task', async () => {
    const { job, balance, tasks, posts } = await ordered('', 30);
    assert.equal(job.status, 'completed');
    assert.equal(job.stage, 'done');
    assert.equal(balance, 0);
    assert.deepEqual([tasks.length, posts], [1, 1]);
    assert.equal(job.video!.width * 4, job.video!.height * 3);
    const facts = await world.blobs.withFile(job.video!.key, probeClip);
    assert.ok(facts && Math.abs(facts.seconds - 5) < 0.3);
    assert.equal((await world.blobs.stat(job.video!.key))?.bytes, job.video!.bytes);
    assert.deepEqual(receiptOf(job), { quoted: 10, debited: 10, refunded: 0 });
  });

  for (const marker of [
    '[[sim:lost-answer]]',
    '[[sim:502-html]]',
    '[[sim:504-created]]',
    '[[sim:no-id]]',
    '[[sim:500-created]]',
  ])
    it(`a task that was made under an unclear answer is adopted, never made twice: ${marker}`, async () => {
      const { job, balance, tasks, posts } = await ordered(marker, 40);
      assert.equal(job.status, 'completed');
      assert.deepEqual([tasks.length, posts, balance], [1, 1, 0]);
    });

  for (const marker of ['[[sim:lost-before]]', '[[sim:500]]', '[[sim:no-id-nothing]]'])
    it(`a request that never arrived goes out again only after two minutes of proven absence: ${marker}`, async () => {
      const accountId = await world.seller(10);
      const { id, externalId } = await world.order(accountId, marker);
      await world.live(2 * minute);
      assert.equal((await world.read(id)).stage, 'confirming');
      assert.equal(world.kling.postsFor(externalId), 1);
      await world.live(2 * minute);
      assert.equal((await world.read(id)).status, 'completed');
      assert.equal(world.kling.postsFor(externalId), 2);
    });

  it('a task that is not visible at once is still found', async () => {
    const { job, tasks } = await ordered('[[sim:lost-answer]] [[sim:late-visible]]', 60);
    assert.equal(job.status, 'completed');
    assert.equal(tasks.length, 1);
  });

  for (const marker of [
    '[[sim:busy-twice]]',
    '[[sim:flip]]',
    '[[sim:unknown-status]]',
    '[[sim:query-500]]',
    '[[sim:query-busy]]',
  ])
    it(`a passing trouble costs only time: ${marker}`, async () => {
      const { job, balance, tasks } = await ordered(marker, 90);
      assert.equal(job.status, 'completed');
      assert.deepEqual([tasks.length, balance], [1, 0]);
    });

  for (const marker of ['[[sim:truncated]]', '[[sim:download-500]]', '[[sim:expired-url]]'])
    it(`a clip that cannot be fetched at first is fetched later: ${marker}`, async () => {
      const { job } = await ordered(marker, 60);
      assert.equal(job.status, 'completed');
    });

  for (const [marker, errorCode] of [
    ['[[sim:fail]]', 'content_refused'],
    ['[[sim:fail-later]]', 'content_refused'],
    ['[[sim:fail-shape]]', 'provider_failed'],
    ['[[sim:square-result]]', 'result_rejected'],
    ['[[sim:short-result]]', 'result_rejected'],
  ] as const)
    it(`a definite failure gives the tokens back: ${marker}`, async () => {
      const { job, balance } = await ordered(marker, 60);
      assert.deepEqual([job.status, job.errorCode, balance], ['failed', errorCode, 10]);
      assert.ok(job.errorMessage, 'the reason is kept for the operator');
      assert.deepEqual(receiptOf(job), { quoted: 10, debited: 10, refunded: 10, reason: errorCode });
    });

  it('a hostile result address is never fetched and the job waits for the operator', async () => {
    const { job, balance } = await ordered('[[sim:private-url]]', 60);
    assert.deepEqual([job.status, job.stage, balance], ['processing', 'saving', 0]);
    assert.match(job.errorMessage!, /host|address/);
  });

  it('a clip that stays broken past the deadline ends with a refund', async () => {
    const { job, balance } = await ordered('[[sim:html-result]]', 3);
    assert.deepEqual([job.status, balance], ['processing', 0]);
    await world.live(65 * minute, 30);
    const ended = await world.read(job.id);
    assert.deepEqual([ended.status, ended.errorCode], ['failed', 'result_lost']);
    assert.equal(await world.balance(job.accountId), 10);
  });

  it('a task that never ends is not refunded by the clock: a timeout is not an outcome', async () => {
    const { job } = await ordered('[[sim:never]]', 3);
    await world.live(65 * minute, 30);
    assert.deepEqual([(await world.read(job.id)).status, await world.balance(job.accountId)], ['processing', 0]);
  });
});

describe('the answers of Kling at create, code by code', () => {
  const refusals: [number, string][] = [
    [1200, 'provider_refused'],
    [1201, 'provider_refused'],
    [1202, 'provider_refused'],
    [1203, 'provider_refused'],
    [1300, 'content_refused'],
    [1301, 'content_refused'],
  ];
  for (const [code, errorCode] of refusals)
    it(`${code} ends the job with a refund`, async () => {
      const world = await startWorld();
      const accountId = await world.seller(10);
      const { id } = await world.order(accountId, `[[sim:refuse-${code}]]`);
      await world.live(2);
      const job = await world.read(id);
      assert.deepEqual([job.status, job.errorCode, await world.balance(accountId)], ['failed', errorCode, 10]);
      await world.close();
    });

  for (const code of [1000, 1001, 1002, 1003, 1004, 1100, 1101, 1102, 1103, 1304])
    it(`${code} stops the account: the job waits, and is refunded at its deadline`, async () => {
      const world = await startWorld({ deadlineMs: 10 * minute * 1_000 });
      const accountId = await world.seller(10);
      const { id } = await world.order(accountId, `[[sim:refuse-${code}]]`);
      await world.live(3);
      assert.deepEqual([(await world.read(id)).status, await world.balance(accountId)], ['processing', 0]);
      const [paused] = await world.store.queue.providerAccounts();
      assert.ok(paused!.pausedUntil > world.runtime.now());
      await world.live(12 * minute, 30);
      const job = await world.read(id);
      assert.deepEqual([job.status, job.errorCode, await world.balance(accountId)], ['failed', 'timed_out', 10]);
      await world.close();
    });

  for (const code of [1302, 1303])
    it(`${code} only costs time, however long it lasts`, async () => {
      const world = await startWorld();
      const accountId = await world.seller(10);
      const { id } = await world.order(accountId, `[[sim:refuse-${code}]]`);
      await world.live(5 * minute, 5);
      const job = await world.read(id);
      assert.deepEqual([job.status, job.stage, job.sends], ['processing', 'submitting', 0]);
      await world.close();
    });

  for (const code of [5000, 5001, 5002])
    it(`${code} says nothing about the task: no refund, no second post within the grace`, async () => {
      const world = await startWorld();
      const accountId = await world.seller(10);
      const { id, externalId } = await world.order(accountId, `[[sim:refuse-${code}]]`);
      await world.live(minute);
      const job = await world.read(id);
      assert.deepEqual([job.status, job.stage, await world.balance(accountId)], ['processing', 'confirming', 0]);
      assert.equal(world.kling.postsFor(externalId), 1);
      await world.close();
    });
});

describe('slots and turns', () => {
  it('twenty jobs of two sellers share five slots; nobody starves, nothing fails, the list call answers for all', async () => {
    const world = await startWorld({ concurrency: 5, kling: { concurrency: 5 } });
    const [eager, calm] = [await world.seller(180), await world.seller(20)];
    const eagerJobs = [];
    for (let n = 0; n < 18; n++) eagerJobs.push(await world.order(eager));
    await world.order(calm);
    const last = await world.order(calm);
    assert.equal((await world.jobs.queuePlaces()).get(last.id)?.position, 4);
    let mostAtOnce = 0;
    for (let round = 0; round < 30; round++) {
      await world.live(3);
      const running = world.kling.tasks().filter(({ status }) => status === 'submitted' || status === 'processing');
      mostAtOnce = Math.max(mostAtOnce, running.length);
    }
    assert.equal(mostAtOnce, 5);
    const eagerDone = await Promise.all(eagerJobs.map(({ id }) => world.read(id)));
    assert.ok(eagerDone.every((job) => job.status === 'completed'));
    const calmDone = await world.read(last.id);
    assert.ok(
      eagerDone.filter((job) => job.completedAt! > calmDone.completedAt!).length >= 10,
      'the calm seller was not kept behind',
    );
    const statusCalls = world.kling.log.filter(({ method, path }) => method === 'GET' && path.startsWith('/v1/videos'));
    assert.ok(statusCalls.length <= 20 * 2, `${statusCalls.length} status calls for 20 clips`);
    await world.close();
  });

  it('when Kling grants fewer slots than we think, jobs wait and none fails', async () => {
    const world = await startWorld({ concurrency: 5, kling: { concurrency: 2 } });
    const accountId = await world.seller(80);
    const jobs = [];
    for (let n = 0; n < 8; n++) jobs.push(await world.order(accountId));
    await world.live(4 * minute, 2);
    for (const { id } of jobs) assert.equal((await world.read(id)).status, 'completed');
    await world.close();
  });

  it('two nodes on one database make each task once', async () => {
    const world = await startWorld({ concurrency: 10, kling: { concurrency: 10 } });
    const other = world.newWorker();
    const accountId = await world.seller(100);
    const jobs = [];
    for (let n = 0; n < 10; n++) jobs.push(await world.order(accountId));
    for (let round = 0; round < 10; round++) {
      await Promise.all([world.worker.tick(), other.tick()]);
      world.runtime.pass(3_000);
      world.kling.advance();
    }
    for (const { id, externalId } of jobs) {
      assert.equal((await world.read(id)).status, 'completed');
      assert.equal(world.kling.postsFor(externalId), 1);
    }
    await other.stop(0);
    await world.close();
  });
});

describe('looks', () => {
  const clip = (seconds: number) => ({ kling: { submittedMs: 2_000, processingMs: (seconds - 2) * 1_000 } });
  const statusCalls = (world: World) =>
    world.kling.log.filter(({ method, path }) => method === 'GET' && path.startsWith('/v1/')).length;

  it('a clip of minutes is asked for half as often, once it takes so long or is known to', async () => {
    const world = await startWorld(clip(5 * minute));
    const accountId = await world.seller(20);
    const counted = [];
    for (let n = 0; n < 2; n++) {
      const before = statusCalls(world);
      const { id } = await world.order(accountId);
      while ((await world.read(id)).status !== 'completed') await world.live(5, 5);
      counted.push(statusCalls(world) - before);
    }
    assert.ok(counted[0]! <= 25 && counted[1]! <= 16, `${counted.join(' and ')} calls`);
    await world.close();
  });

  it('a clip of a minute is asked for every ten seconds', async () => {
    const world = await startWorld(clip(minute));
    const { id } = await world.order(await world.seller(10));
    while ((await world.read(id)).status !== 'completed') await world.live(1);
    const { submittedAt, succeededAt } = await world.read(id);
    assert.ok(succeededAt! - submittedAt! <= 71_000);
    await world.close();
  });

  it('about tasks that simply go on nothing is written but when they are looked at next', async () => {
    const world = await startWorld();
    const accountId = await world.seller(20);
    const ids = [];
    for (let n = 0; n < 2; n++) ids.push((await world.order(accountId, '[[sim:never]]')).id);
    await world.live(15);
    const before = await Promise.all(ids.map((id) => world.read(id)));
    await world.live(20);
    for (const job of before)
      assert.deepEqual(
        { ...(await world.read(job.id)) },
        { ...job, dueAt: job.dueAt + 20_000, checkedAt: job.dueAt + 10_000 },
      );
    await world.close();
  });

  it('a look that a dead node owes comes with the next one', async () => {
    const world = await startWorld();
    const { id } = await world.order(await world.seller(10));
    await world.live(3);
    const look = { providerAccount: 'kling', limit: 10, now: (await world.read(id)).dueAt };
    await world.store.transaction((tx) =>
      world.store.queue.takeLooks(tx, { ...look, next: nextLooks(look.now, 10_000) }),
    );
    await world.live(40);
    assert.equal((await world.read(id)).status, 'completed');
    await world.close();
  });

  it('a callback during a look is not lost with it', async () => {
    const world = await startWorld();
    const { id } = await world.order(await world.seller(10), '[[sim:never]]');
    await world.live(3);
    const { dueAt } = await world.read(id);
    const look = { providerAccount: 'kling', limit: 10, now: dueAt };
    await world.store.transaction((tx) => world.store.queue.takeLooks(tx, { ...look, next: nextLooks(dueAt, 10_000) }));
    world.runtime.pass(dueAt - world.runtime.now() + 1_000);
    await world.jobs.hint(id);
    const before = statusCalls(world);
    await world.worker.tick();
    assert.equal(statusCalls(world), before + 1);
    await world.close();
  });
});

describe('interruptions', () => {
  it('a node that dies after the intent and before the answer leaves a job that is looked up, not sent again', async () => {
    const world = await startWorld({ callTimeoutMs: 300 });
    const accountId = await world.seller(10);
    const { id, externalId } = await world.order(accountId, '[[sim:hang]]');
    await world.worker.tick();
    assert.equal((await world.read(id)).stage, 'confirming');
    await world.live(40);
    assert.equal((await world.read(id)).status, 'completed');
    assert.equal(world.kling.postsFor(externalId), 1);
    await world.close();
  });

  it('a claim whose lease ran out cannot write any more', async () => {
    const world = await startWorld();
    const accountId = await world.seller(10);
    const { id } = await world.order(accountId, '[[sim:never]]');
    await world.live(15);
    const stale = await world.read(id);
    await world.store.transaction((tx) =>
      world.store.queue.claimDue(tx, {
        stages: ['generating'],
        now: world.runtime.now() + 600_000,
        limit: 1,
        leaseMs: 1_000,
      }),
    );
    const written = await world.store.transaction((tx) =>
      world.store.jobs.advance(tx, 'saving', { id, fence: stale.fence, now: world.runtime.now() }),
    );
    assert.equal(written, null);
    await world.close();
  });

  it('stopping lets the call in hand finish and takes nothing new', async () => {
    const world = await startWorld();
    const accountId = await world.seller(20);
    world.worker.start();
    const { id } = await world.order(accountId);
    while ((await world.read(id)).sends === 0) await new Promise(setImmediate);
    await world.worker.stop(10_000);
    assert.equal((await world.read(id)).stage, 'generating');
    const later = await world.order(accountId);
    assert.equal((await world.read(later.id)).stage, 'queued');
    await world.close();
  });
});
