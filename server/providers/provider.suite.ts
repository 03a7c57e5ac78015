import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { TaskRequest, ProviderTask, ProviderClient } from './provider.ts';

/** One adapter with its double, ready to be tried. */
export interface ProviderUnderTest {
  /** Talks to the double. */
  provider: Required<ProviderClient>;
  /** The same adapter, sent to a port where nobody listens. */
  unreachable: Required<ProviderClient>;
  /** A valid request but for `externalId` and `prompt`. */
  request: Omit<TaskRequest, 'externalId' | 'prompt'>;
  /** Prompts that make the double misbehave. */
  prompts: {
    /** The task is made, then the connection is cut. */
    answerCut: string;
    /** The connection is cut and no task is made. */
    requestLost: string;
    /** The task is made and never answered for. */
    hangs: string;
    contentRefused: string;
    /** No slot is free. */
    busy: string;
    /** The task ends as failed, with `failedText` as the service's words. */
    fails: string;
    failedText: string;
    /** The task passes through a status word that no document knows. */
    unknownWord: string;
  };
  /** Lets half of a task's time pass, so that it runs; a second time, and it has ended. */
  passHalf(): void;
  close(): Promise<void>;
}

/**
 * What every adapter promises, tried on a real HTTP double of its service. For services that find a task by our own
 * external id; one that cannot needs a suite of its own for that part.
 */
export function testProvider(name: string, start: () => Promise<ProviderUnderTest>): void {
  describe(`${name} keeps the promises of the port`, () => {
    let parts: ProviderUnderTest;
    const signal = new AbortController().signal;
    before(async () => {
      parts = await start();
    });
    after(() => parts.close());

    function submit(externalId: string, prompt = 'a slow turn', provider = parts.provider) {
      return provider.submit({ ...parts.request, externalId, prompt }, signal);
    }

    async function submitAccepted(externalId: string, prompt?: string): Promise<string> {
      const submitted = await submit(externalId, prompt);
      assert.ok(submitted.outcome === 'accepted', JSON.stringify(submitted));
      return submitted.taskId;
    }

    async function find(externalId: string): Promise<ProviderTask> {
      const found = await parts.provider.findByExternalId(externalId, signal);
      assert.ok(found.outcome === 'found', JSON.stringify(found));
      return found.task;
    }

    test('an accepted task is found by both ids and in the list, runs, and ends with an address', async () => {
      const externalId = crypto.randomUUID();
      const taskId = await submitAccepted(externalId);
      const waiting = await find(externalId);
      assert.deepEqual(waiting, { taskId, externalId, state: 'waiting', reason: '', resultUrl: null });
      parts.passHalf();
      assert.equal((await find(externalId)).state, 'running');
      parts.passHalf();
      const ended = await find(externalId);
      assert.equal(ended.state, 'succeeded');
      assert.ok(URL.canParse(ended.resultUrl ?? ''));

      const byTaskId = await parts.provider.findByTaskId(taskId, signal);
      assert.ok(byTaskId.outcome === 'found');
      assert.equal(byTaskId.task.externalId, externalId);
      const listed = await parts.provider.listNewest(500, signal);
      assert.ok(listed.outcome === 'listed');
      const row = listed.tasks.find((task) => task.taskId === taskId);
      assert.deepEqual([row?.externalId, row?.state], [externalId, 'succeeded']);
      assert.equal(listed.complete, true);
    });

    test('the list begins with the newest task and says when older ones are left out', async () => {
      const ids = [crypto.randomUUID(), crypto.randomUUID()];
      for (const id of ids) {
        await submitAccepted(id);
        parts.passHalf();
        parts.passHalf();
      }
      const listed = await parts.provider.listNewest(1, signal);
      assert.ok(listed.outcome === 'listed');
      assert.deepEqual(listed.tasks.map((task) => task.externalId), [ids[1]]); // prettier-ignore
      assert.equal(listed.complete, false);
    });

    test('a second task under the same external id is not made', async () => {
      const externalId = crypto.randomUUID();
      const taskId = await submitAccepted(externalId);
      assert.equal((await submit(externalId)).outcome, 'exists');
      assert.equal((await find(externalId)).taskId, taskId);
    });

    test('a task that was never made is absent', async () => {
      assert.deepEqual(await parts.provider.findByExternalId(crypto.randomUUID(), signal), { outcome: 'absent' });
      assert.deepEqual(await parts.provider.findByTaskId('1234567890123456789', signal), { outcome: 'absent' });
    });

    test('a cut answer is unclear, and the task may be there', async () => {
      const externalId = crypto.randomUUID();
      assert.equal((await submit(externalId, parts.prompts.answerCut)).outcome, 'unclear');
      assert.equal((await find(externalId)).externalId, externalId);
    });

    test('a lost request is unclear, and the task may be missing', async () => {
      const externalId = crypto.randomUUID();
      assert.equal((await submit(externalId, parts.prompts.requestLost)).outcome, 'unclear');
      assert.equal((await parts.provider.findByExternalId(externalId, signal)).outcome, 'absent');
    });

    test('a call that its caller ended is unclear, and the task may be there', async () => {
      const externalId = crypto.randomUUID();
      const giveUp = new AbortController();
      const request = { ...parts.request, externalId, prompt: parts.prompts.hangs };
      const pending = parts.provider.submit(request, giveUp.signal);
      for (let isMade = false, tries = 0; !isMade && tries < 100; tries++) {
        isMade = (await parts.provider.findByExternalId(externalId, signal)).outcome === 'found';
      }
      giveUp.abort();
      assert.equal((await pending).outcome, 'unclear');
    });

    test('a refused connection is not sent, and a read of it is unclear', async () => {
      const externalId = crypto.randomUUID();
      assert.equal((await submit(externalId, undefined, parts.unreachable)).outcome, 'not-sent');
      assert.equal((await parts.unreachable.findByExternalId(externalId, signal)).outcome, 'unclear');
      assert.equal((await parts.unreachable.findByTaskId('1', signal)).outcome, 'unclear');
      assert.equal((await parts.unreachable.listNewest(10, signal)).outcome, 'unclear');
    });

    test('refused content and a full account are told apart, and neither makes a task', async () => {
      for (const [prompt, outcome] of [
        [parts.prompts.contentRefused, 'refused'],
        [parts.prompts.busy, 'busy'],
      ] as const) {
        const externalId = crypto.randomUUID();
        const submitted = await submit(externalId, prompt);
        assert.equal(submitted.outcome, outcome);
        if (submitted.outcome === 'refused') assert.equal(submitted.because, 'content');
        assert.equal((await parts.provider.findByExternalId(externalId, signal)).outcome, 'absent');
      }
    });

    test("a failed task carries the service's words and no address", async () => {
      const externalId = crypto.randomUUID();
      await submitAccepted(externalId, parts.prompts.fails);
      parts.passHalf();
      parts.passHalf();
      const task = await find(externalId);
      assert.deepEqual([task.state, task.reason, task.resultUrl], ['failed', parts.prompts.failedText, null]);
    });

    test('a status word that nobody documented decides nothing', async () => {
      const externalId = crypto.randomUUID();
      await submitAccepted(externalId, parts.prompts.unknownWord);
      parts.passHalf();
      const task = await find(externalId);
      assert.deepEqual([task.state, task.resultUrl], ['unknown', null]);
      assert.notEqual(task.reason, '');
    });
  });
}
