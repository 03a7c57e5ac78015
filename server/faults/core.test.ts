import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leaseMs } from '../jobs/job.ts';
import { startWorld, type World } from '../jobs/testing.ts';

const secondMs = 1_000;
const hourMs = 3_600 * secondMs;
const price = 10;

async function inWorld(options: Parameters<typeof startWorld>[0], story: (world: World) => Promise<void>) {
  const world = await startWorld(options);
  try {
    await story(world);
  } finally {
    await world.close();
  }
}

/** One task, and tokens that agree with how the job ended. */
async function assertFair(
  world: World,
  { id, externalId, accountId }: { id: string; externalId: string; accountId: string },
) {
  const job = await world.read(id);
  const balance = await world.balance(accountId);
  assert.equal(balance, job.status === 'failed' ? price : 0, `${job.status} with a balance of ${balance}`);
  assert.ok(world.kling.tasks().filter((task) => task.externalId === externalId).length <= 1);
  assert.deepEqual(await world.store.audit.ledgerFaults(), []);
  return job;
}

describe('a clock that jumps', () => {
  const stages: { stage: string; prompt: string; ticks: number }[] = [
    { stage: 'confirming', prompt: '[[sim:502-html]]', ticks: 1 },
    { stage: 'generating', prompt: 'calm', ticks: 1 },
    { stage: 'saving', prompt: '[[sim:download-500]]', ticks: 12 },
  ];
  for (const { stage, prompt, ticks } of stages)
    it(`by an hour or a day, back or forth, ends no job whose task is alive and makes no second one: ${stage}`, () =>
      inWorld({}, async (world) => {
        for (const jumpMs of [hourMs, -hourMs, 24 * hourMs, -24 * hourMs]) {
          const accountId = await world.seller(price);
          const job = await world.order(accountId, prompt);
          for (let tick = 0; tick < 60 && (tick < ticks || (await world.read(job.id)).stage !== stage); tick++) {
            await world.worker.tick();
            if ((await world.read(job.id)).stage === stage) break;
            world.runtime.pass(secondMs);
            world.kling.advance();
          }
          assert.equal((await world.read(job.id)).stage, stage);
          world.runtime.pass(jumpMs);
          await world.live(10);
          const after = await assertFair(world, job);
          assert.notEqual(after.status, 'failed');
          assert.equal(world.kling.postsFor(job.externalId), 1);
          // What waits for a moment that was set by the wrong clock goes on when that moment comes.
          if (jumpMs < 0) world.runtime.pass(-jumpMs);
          await world.live(60);
          assert.equal((await assertFair(world, job)).status, 'completed', `a jump of ${jumpMs / hourMs} h`);
          assert.equal(world.kling.postsFor(job.externalId), 1);
        }
      }));

  it('past the deadline gives the tokens of a job back that was never sent, and only of such', () =>
    inWorld({ concurrency: 1 }, async (world) => {
      const running = await world.order(await world.seller(price));
      await world.worker.tick();
      const waiting = await world.order(await world.seller(price));
      world.runtime.pass(24 * hourMs);
      await world.worker.tick();
      assert.equal((await assertFair(world, waiting)).errorCode, 'timed_out');
      await world.live(30);
      assert.equal((await assertFair(world, running)).status, 'completed');
    }));

  it('back does not let a second node take what the first has in hand', () =>
    inWorld({}, async (world) => {
      const job = await world.order(await world.seller(price));
      const other = world.newWorker();
      const { withFile } = world.blobs;
      world.blobs.withFile = async (key, use) => {
        world.runtime.pass(-hourMs);
        const { fence } = await world.read(job.id);
        await other.tick();
        assert.equal((await world.read(job.id)).fence, fence);
        return withFile(key, use);
      };
      await world.worker.tick();
      world.blobs.withFile = withFile;
      assert.equal(world.kling.postsFor(job.externalId), 1);
      await other.stop(0);
    }));
});

describe('a node that stalls for longer than its lease', () => {
  it('sends nothing when it wakes: the node that took the job over has sent it', () =>
    inWorld({}, async (world) => {
      const job = await world.order(await world.seller(price));
      const other = world.newWorker();
      const { withFile } = world.blobs;
      world.blobs.withFile = async (key, use) => {
        world.blobs.withFile = withFile;
        world.runtime.pass(leaseMs + secondMs);
        await other.tick();
        assert.equal(world.kling.postsFor(job.externalId), 1);
        return withFile(key, use);
      };
      await world.worker.tick();
      assert.equal(world.kling.postsFor(job.externalId), 1);
      await world.live(30);
      assert.equal((await assertFair(world, job)).status, 'completed');
      await other.stop(0);
    }));

  it('leaves no second clip: what the other node has published stays, its own is removed', () =>
    inWorld({}, async (world) => {
      const job = await world.order(await world.seller(price));
      const other = world.newWorker();
      const { put } = world.blobs;
      const clips: string[] = [];
      let stalls = true;
      world.blobs.put = async (key, source, limits) => {
        const kept = await put(key, source, limits);
        if (!key.endsWith('.mp4')) return kept;
        clips.push(key);
        if (!stalls) return kept;
        stalls = false;
        world.runtime.pass(20 * 60 * secondMs);
        await other.tick();
        return kept;
      };
      await world.live(30);
      const done = await assertFair(world, job);
      assert.equal(clips.length, 2);
      assert.equal(done.video!.key, clips[1]);
      assert.equal(await world.blobs.stat(clips[0]!), null);
      assert.ok(await world.blobs.stat(clips[1]!));
      await other.stop(0);
    }));
});

describe('a job that breaks whoever works on it', () => {
  it('by an error, every time: the others go on, and it is refunded at its deadline', () =>
    inWorld({ deadlineMs: hourMs / 4 }, async (world) => {
      const poison = await world.order(await world.seller(price), 'poison');
      const { withFile } = world.blobs;
      const bad = (await world.store.uploads.get(poison.accountId, poison.uploadId!))!.key;
      let tries = 0;
      world.blobs.withFile = (key, use) => {
        if (key === bad) throw new TypeError(`no luck, for the ${++tries}th time`);
        return withFile(key, use);
      };
      const others = [];
      for (let nth = 0; nth < 6; nth++) others.push(await world.order(await world.seller(price)));
      await world.live(60);
      for (const job of others) assert.equal((await assertFair(world, job)).status, 'completed');
      assert.ok(tries > 3 && tries < 12, `${tries} tries in a minute`);
      await world.live(900, 30);
      assert.equal((await assertFair(world, poison)).errorCode, 'timed_out');
    }));

  it('by killing the process, every time: the others get through between the restarts, and it is refunded', () =>
    inWorld({ deadlineMs: hourMs / 4, concurrency: 5 }, async (world) => {
      const poison = await world.order(await world.seller(price), 'poison');
      const { withFile } = world.blobs;
      const bad = (await world.store.uploads.get(poison.accountId, poison.uploadId!))!.key;
      let death = Promise.withResolvers<void>();
      let isDead = false;
      let deaths = 0;
      world.blobs.withFile = (key, use) => {
        if (key === bad && !isDead) {
          isDead = true;
          deaths++;
          death.resolve();
        }
        return isDead ? new Promise<never>(() => {}) : withFile(key, use);
      };
      const others = [];
      for (let nth = 0; nth < 6; nth++) others.push(await world.order(await world.seller(price)));

      const livesUntil = world.runtime.now() + hourMs / 2;
      while (world.runtime.now() < livesUntil) {
        const worker = world.newWorker();
        while (!isDead && world.runtime.now() < livesUntil) {
          await Promise.race([worker.tick(), death.promise]);
          world.runtime.pass(2 * secondMs);
          world.kling.advance();
        }
        [death, isDead] = [Promise.withResolvers(), false];
      }
      assert.ok(deaths > 2, `the process died ${deaths} times`);
      for (const job of others) assert.equal((await assertFair(world, job)).status, 'completed');
      assert.equal((await assertFair(world, poison)).errorCode, 'timed_out');
    }));
});

describe('news from Kling', () => {
  it('a success long after the deadline is delivered, without a second debit', () =>
    inWorld({ deadlineMs: 20 * secondMs }, async (world) => {
      const job = await world.order(await world.seller(price), '[[sim:slow]]');
      await world.live(40);
      assert.ok(world.runtime.now() > (await world.read(job.id)).deadlineAt);
      assert.equal((await assertFair(world, job)).status, 'processing');
      await world.live(120, 5);
      assert.equal((await assertFair(world, job)).status, 'completed');
    }));

  it('a clip that cannot be fetched for thirty days is given up, with a refund', () =>
    inWorld({}, async (world) => {
      const job = await world.order(await world.seller(price), '[[sim:private-url]]');
      await world.live(60);
      world.runtime.pass(29 * 24 * hourMs);
      await world.live(120, 30);
      assert.equal((await assertFair(world, job)).stage, 'saving');
      world.runtime.pass(24 * hourMs);
      await world.live(120, 30);
      assert.equal((await assertFair(world, job)).errorCode, 'result_lost');
    }));

  it('callbacks at every moment, of every job and of none, change nothing but the time of the next look', () =>
    inWorld({}, async (world) => {
      const prompts = ['calm', '[[sim:502-html]]', '[[sim:fail-later]]', '[[sim:flip]]', '[[sim:busy-twice]]'];
      const jobs = [];
      for (const prompt of prompts) jobs.push(await world.order(await world.seller(price), prompt));
      for (let second = 0; second < 60; second++) {
        for (const { id } of jobs) await Promise.all([world.jobs.hint(id), world.jobs.hint(id)]);
        await world.jobs.hint('a job that never was');
        await world.live(1);
      }
      const ended = await Promise.all(jobs.map((job) => assertFair(world, job)));
      const expected = ['completed', 'completed', 'failed', 'completed', 'completed'];
      assert.deepEqual(
        ended.map(({ status }) => status),
        expected,
      );
      const looks = world.kling.log.filter(({ method }) => method === 'GET').length;
      assert.ok(looks < 80, `${looks} looks at Kling`);
    }));
});
