import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { createKlingAccount, createKlingAccounts } from '../providers/kling.ts';
import { checkKling } from '../providers/kling-check.ts';
import { startWorld, type World } from '../jobs/testing.ts';
import type { JobRow } from '../store/schema.ts';
import { testJob } from '../store/testing.ts';
import { examine, type DoctorParts } from './checks.ts';

const cover = { kind: 'image-to-video', model: 'kling-v2-6' } as const;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

describe('the doctor, with the Kling simulator', () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.close());

  function parts(changes: Partial<DoctorParts> & { adopt?: boolean } = {}): DoctorParts {
    const { store, blobs, kling, runtime } = world;
    const { accessKey, secretKey, url: baseUrl } = kling;
    const { now } = runtime;
    const account = createKlingAccount({
      id: 'kling',
      credentials: { accessKey, secretKey },
      baseUrl,
      concurrency: 5,
      now,
    });
    const { adopt = false, ...rest } = changes;
    return {
      store,
      blobs,
      now: now(),
      settings: { publicUrl: 'https://covers.example', folders: [], concurrency: 5, dailyJobs: 0 },
      provider: {
        accounts: [account],
        adopt,
        check: () => checkKling({ accessKey, secretKey, baseUrl, concurrency: 5, now }),
      },
      ...rest,
    };
  }

  /** The findings of one name. */
  async function about(id: string, changes: Parameters<typeof parts>[0] = {}) {
    return (await examine(parts(changes))).filter((finding) => finding.id === id);
  }
  const statesOf = async (id: string, changes: Parameters<typeof parts>[0] = {}) =>
    (await about(id, changes)).map(({ state }) => state);

  /** A job with its debit, in whatever state. */
  async function insertJob(facts: Partial<JobRow>): Promise<JobRow> {
    const accountId = await world.seller(10);
    const job = testJob({ accountId, ...facts });
    await world.store.transaction(async (tx) => {
      await world.store.jobs.insert(tx, job);
      const entry = { id: uuidv7(), accountId, jobId: job.id, price: 10, actor: 'seller', now: job.createdAt };
      await world.store.ledger.debit(tx, entry);
    });
    return job;
  }

  /** Ends it with its refund, so that the next test starts from a calm house. */
  async function end({ id }: JobRow): Promise<void> {
    const now = world.runtime.now();
    await world.store.transaction(async (tx) => {
      await world.store.jobs.end(tx, 'failed', { id, now });
      await world.store.ledger.refund(tx, { id: uuidv7(), jobId: id, actor: 'test', now });
    });
  }

  /** A task at Kling that carries this external id. */
  async function paidTask(externalId: string): Promise<string> {
    const outcome = await parts()
      .provider!.accounts[0]!.clientFor(cover)!
      .submit(
        {
          ...cover,
          externalId,
          aspectRatio: '3:4',
          mode: 'std',
          seconds: 5,
          sound: false,
          prompt: 'a calm turn',
          negativePrompt: '',
          picture: { bytes: await stillBytes() },
        },
        AbortSignal.timeout(10_000),
      );
    assert.equal(outcome.outcome, 'accepted');
    return outcome.outcome === 'accepted' ? outcome.taskId : '';
  }

  let still: Uint8Array | undefined;
  async function stillBytes(): Promise<Uint8Array> {
    if (!still) {
      const [job] = await world.store.audit.newestCompleted(1);
      still = Buffer.concat(await (await world.blobs.read(job!.still!.key))!.toArray());
    }
    return still;
  }

  it('a house with a finished cover is well, and looking at it spends nothing', async () => {
    const { id } = await world.order(await world.seller(10));
    await world.live(30);
    assert.equal((await world.read(id)).status, 'completed');
    const findings = await examine(parts());
    // A simulated clock beside a real one: Kling's own date header is checked in kling-check.test.ts.
    const bad = findings.filter((finding) => finding.state !== 'ok' && finding.id !== 'kling-clock');
    assert.deepEqual(bad, []);
    assert.ok(
      ['ledger', 'clips', 'orphans', 'kling-authentication'].every((name) => findings.some((f) => f.id === name)),
    );
    assert.equal(world.kling.tasks().length, 1);
  });

  it('a balance that was tampered with fails, naming the account', async () => {
    const job = await insertJob({});
    await world.store.transaction((tx) =>
      world.store.ledger.refund(tx, { id: uuidv7(), jobId: job.id, actor: 'thief', now: world.runtime.now() }),
    );
    const [finding] = await about('ledger');
    assert.equal(finding!.state, 'failed');
    assert.match(finding!.text, new RegExp(`${job.accountId}, job ${job.id}: .* a refund of 10`));
    assert.ok(finding!.remedy);
    await world.store.transaction((tx) =>
      world.store.jobs.end(tx, 'cancelled', { id: job.id, now: world.runtime.now() }),
    );
    assert.deepEqual(await statesOf('ledger'), ['ok']);
  });

  it('jobs past their deadline, left alone, or not brought home are found', async () => {
    const now = world.runtime.now();
    const at = { status: 'processing', deadlineAt: now + hourMs, dueAt: now, providerAccount: 'kling' } as const;
    const cases: [string, Partial<JobRow>][] = [
      ['jobs-overdue', { ...at, stage: 'generating', deadlineAt: now - 1 }],
      ['jobs-abandoned', { ...at, stage: 'submitting', dueAt: now - 11 * minuteMs }],
      [
        'jobs-unsaved',
        { ...at, stage: 'saving', succeededAt: now - hourMs - 1, errorMessage: 'the address answers 403' },
      ],
    ];
    for (const [id, facts] of cases) {
      const job = await insertJob(facts);
      const [finding] = await about(id);
      assert.equal(finding!.state, 'failed', id);
      assert.ok(finding!.text.includes(job.id));
      await end(job);
      assert.deepEqual(await statesOf(id), ['ok'], id);
    }
  });

  it('a clip that is gone, or shorter than it was, is found', async () => {
    const [job] = await world.store.audit.newestCompleted(1);
    const { key } = job!.video!;
    const whole = Buffer.concat(await (await world.blobs.read(key))!.toArray());
    const put = (bytes: Buffer) => world.blobs.put(key, asyncOf(bytes), { maxBytes: bytes.length });
    await world.blobs.remove(key);
    assert.match((await about('clips'))[0]!.text, /\.mp4 is missing/);
    await put(whole.subarray(1));
    assert.match(
      (await about('clips'))[0]!.text,
      new RegExp(`has ${whole.length - 1} bytes instead of ${whole.length}`),
    );
    await world.blobs.remove(key);
    await put(whole);
    assert.deepEqual(await statesOf('clips'), ['ok']);
  });

  it('a paused account and a used budget are told', async () => {
    const { store, runtime } = world;
    const now = runtime.now();
    const pause = (until: number) =>
      store.transaction((tx) => store.queue.pauseAccount(tx, { id: 'kling', until, reason: '1102 empty pack', now }));
    await pause(now + minuteMs);
    const [finding] = await about('provider-accounts');
    assert.equal(finding!.state, 'failed');
    assert.match(finding!.text, /kling is paused: 1102 empty pack/);
    await pause(0);
    assert.deepEqual(await statesOf('provider-accounts'), ['ok']);
    const settings = { ...parts().settings, dailyJobs: 1 };
    assert.deepEqual(await statesOf('provider-accounts', { settings }), ['warning']);
    await world.store.transaction(async (tx) => {
      for (const name of ['kling-images', 'kie']) await store.queue.lockAccount(tx, name, now);
    });
    const told = (await about('provider-accounts', { settings })).map(
      ({ state, text }) => `${state} ${text.split(' ')[0]}`,
    );
    assert.deepEqual(
      told.toSorted(),
      ['ok kie', 'warning kling', 'warning kling-images'],
      'one budget for both of Kling',
    );
  });

  it('a task whose job is not in the database is reported: loudly for a day, then quietly', async () => {
    const now = world.runtime.now();
    const fresh = `kvc-${uuidv7({ msecs: now - hourMs })}`;
    const taskId = await paidTask(fresh);
    const [finding] = await about('orphans');
    assert.equal(finding!.state, 'failed');
    assert.ok(finding!.text.includes(`${taskId} (${fresh}, `));
    assert.deepEqual(await statesOf('orphans', { now: now + 24 * hourMs }), ['warning']);
    assert.deepEqual(await statesOf('orphans', { now: now + 24 * hourMs, adopt: true }), ['warning']);
  });

  it('tasks without a job are found in every list of both accounts, each once', async () => {
    const { now } = world.runtime;
    const { apiKey, url: baseUrl } = world.kling;
    const accounts = createKlingAccounts({ id: 'kling', credentials: { apiKey }, baseUrl, concurrency: 5, now });
    const text = { mode: '', aspectRatio: '1:1', seconds: 5, sound: false, prompt: 'a mug', negativePrompt: '' };
    const ids: string[] = [];
    for (const sort of [
      { kind: 'text-to-video', model: 'kling-v2-6', mode: 'std' },
      { kind: 'text-to-video', model: 'kling-2.6', mode: '720p' },
      { kind: 'text-to-image', model: 'kling-v3', mode: '1k' },
    ] as const) {
      const client = accounts.map((account) => account.clientFor(sort)).find((one) => one !== null);
      const externalId = `kvc-${uuidv7({ msecs: now() - hourMs })}`;
      ids.push(externalId);
      const request = { ...text, ...sort, externalId, picture: null };
      assert.equal((await client!.submit(request, AbortSignal.timeout(5_000))).outcome, 'accepted');
    }
    const provider = { accounts, adopt: false, check: () => Promise.resolve([]) };
    const texts = (await about('orphans', { provider })).map((finding) => finding.text);
    assert.deepEqual(ids.map((id) => texts.join(' ').split(id).length - 1), [1, 1, 1]); // prettier-ignore
  });

  it("a stranger's task on the same account is none of ours", async () => {
    const before = (await about('orphans')).map(({ text }) => text);
    await paidTask(`another-product-${uuidv7()}`);
    assert.deepEqual(
      (await about('orphans')).map(({ text }) => text),
      before,
    );
  });

  it('the job of an orphan is left alone without --adopt and adopted by the worker with it, for one task', async () => {
    const { runtime } = world;
    const id = await orderedButSent();
    const before = await world.read(id);
    const told = (await about('orphans')).find(({ text }) => text.includes(before.externalId));
    assert.equal(told?.state, 'warning');
    assert.match(told!.remedy!, /--adopt/);
    assert.deepEqual(await world.read(id), before);

    const done = (await about('orphans', { adopt: true })).find(({ text }) => text.includes(id));
    assert.equal(done?.state, 'ok');
    assert.equal((await world.read(id)).dueAt, runtime.now());
    await world.live(30);
    const after = await world.read(id);
    assert.equal(after.status, 'completed');
    assert.equal(world.kling.postsFor(after.externalId), 1, 'it was looked up, not sent again');
  });

  it('a job that a worker has in hand is not taken for an orphan', async () => {
    const id = await orderedButSent({ leaseUntil: world.runtime.now() + minuteMs });
    const { externalId } = await world.read(id);
    assert.ok((await about('orphans')).every(({ text }) => !text.includes(externalId)));
  });

  it('a second task of one job, and one of a refunded job, are reported', async () => {
    const now = world.runtime.now();
    const at = { status: 'processing', stage: 'generating', createdAt: now, providerAccount: 'kling' } as const;
    const twice = await insertJob({ ...at, providerTaskId: 'the-task-it-knows' });
    const ended = await insertJob({ ...at, stage: 'confirming' });
    await end(ended);
    await paidTask(twice.externalId);
    await paidTask(ended.externalId);
    const texts = (await about('orphans')).filter(({ state }) => state === 'failed').map(({ text }) => text);
    assert.ok(texts.some((text) => text.includes('beside the one') && text.includes(twice.externalId)));
    assert.ok(texts.some((text) => text.includes('without an open job') && text.includes(ended.externalId)));
    await end(twice);
  });

  it('wrong keys are found, and the orphans then cannot be told', async () => {
    const { url: baseUrl } = world.kling;
    const { now } = world.runtime;
    const credentials = { apiKey: 'a-wrong-key' };
    const account = createKlingAccount({ id: 'kling', credentials, baseUrl, concurrency: 5, now });
    const provider = { accounts: [account], adopt: false, check: () => checkKling({ ...credentials, baseUrl, now }) };
    assert.deepEqual(await statesOf('kling-authentication', { provider }), ['failed']);
    assert.deepEqual(await statesOf('orphans', { provider }), ['warning']);
  });

  it('a check that cannot be made is a failed finding, and the others are made', async () => {
    const { store } = parts();
    const broken = {
      ...store,
      audit: { ...store.audit, ledgerFaults: () => Promise.reject(new Error('no such table')) },
    };
    const findings = await examine(parts({ store: broken }));
    assert.match(findings.find(({ id }) => id === 'ledger')!.text, /could not be checked: no such table/);
    assert.ok(findings.some(({ id }) => id === 'presets'));
  });

  /** An order whose task is at Kling while the row knows nothing of it, as after a restored backup. */
  async function orderedButSent(facts: Partial<JobRow> = {}): Promise<string> {
    const { store, runtime } = world;
    const now = runtime.now();
    const { id, externalId } = await world.order(await world.seller(10));
    await paidTask(externalId);
    await store.transaction((tx) =>
      store.jobs.advance(tx, 'submitting', {
        id,
        now,
        set: { providerAccount: 'kling', dueAt: now + hourMs, ...facts },
      }),
    );
    return id;
  }
});

async function* asyncOf(bytes: Buffer) {
  yield bytes;
}
