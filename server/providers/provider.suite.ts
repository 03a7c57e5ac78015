import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { TaskRequest, ProviderTask, ProviderClient } from './provider.ts';

/** One adapter with its double, ready to be tried. */
export interface ProviderUnderTest {
  /** Talks to the double. */
  provider: ProviderClient;
  /** The same adapter, sent to a port where nobody listens. */
  unreachable: ProviderClient;
  /** False for a service that cannot be asked by an id of ours and would make a second task for the same one. */
  knowsOurIds: boolean;
  /** What the double itself holds for an id of ours: the task's own id, or null. */
  taskIdOf(externalId: string): string | null;
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
    /** Refused for what it shows: at once, or by a task that fails with such words. */
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

/** What every adapter promises, tried on a real HTTP double of its service; what a service cannot do it must say. */
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
      const taskId = parts.taskIdOf(externalId);
      assert.ok(taskId !== null, `no task is there for ${externalId}`);
      const found = await parts.provider.findByTaskId(taskId, signal);
      assert.ok(found.outcome === 'found', JSON.stringify(found));
      assert.equal(found.task.externalId, externalId);
      const lookup = await parts.provider.findByExternalId(externalId, signal);
      assert.deepEqual(lookup, parts.knowsOurIds ? found : { outcome: 'untraceable' });
      return found.task;
    }

    async function assertNotMade(externalId: string): Promise<void> {
      assert.equal(parts.taskIdOf(externalId), null);
      const lookup = await parts.provider.findByExternalId(externalId, signal);
      assert.equal(lookup.outcome, parts.knowsOurIds ? 'absent' : 'untraceable');
    }

    test('an accepted task is found, runs, and ends with an address', async () => {
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
    });

    test('a list, where there is one, begins with the newest task and says when older ones are left out', async (t) => {
      if (!parts.provider.listNewest) return t.skip('the service has no list');
      const ids = [crypto.randomUUID(), crypto.randomUUID()];
      for (const id of ids) {
        await submitAccepted(id);
        parts.passHalf();
        parts.passHalf();
      }
      const listed = await parts.provider.listNewest(1, signal);
      assert.ok(listed.outcome === 'listed');
      assert.deepEqual(listed.tasks.map((task) => [task.externalId, task.state]), [[ids[1], 'succeeded']]); // prettier-ignore
      assert.equal(listed.complete, false);
      const all = await parts.provider.listNewest(500, signal);
      assert.ok(all.outcome === 'listed' && all.complete);
      assert.ok(all.tasks.some((task) => task.externalId === ids[0]));
    });

    test('a second task under the same external id is made only where the service knows no such ids', async () => {
      const externalId = crypto.randomUUID();
      const taskId = await submitAccepted(externalId);
      const again = await submit(externalId);
      assert.equal(again.outcome, parts.knowsOurIds ? 'exists' : 'accepted');
      if (again.outcome === 'accepted') assert.notEqual(again.taskId, taskId);
      else assert.equal((await find(externalId)).taskId, taskId);
    });

    test('a task that was never made is absent', async () => {
      await assertNotMade(crypto.randomUUID());
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
      await assertNotMade(externalId);
    });

    test('a call that its caller ended is unclear, and the task may be there', async () => {
      const externalId = crypto.randomUUID();
      const giveUp = new AbortController();
      const request = { ...parts.request, externalId, prompt: parts.prompts.hangs };
      const pending = parts.provider.submit(request, giveUp.signal);
      for (let tries = 0; parts.taskIdOf(externalId) === null && tries < 100; tries++)
        await parts.provider.findByTaskId('1', signal);
      giveUp.abort();
      assert.equal((await pending).outcome, 'unclear');
    });

    test('a refused connection is not sent, and a read of it is unclear', async () => {
      const externalId = crypto.randomUUID();
      assert.equal((await submit(externalId, undefined, parts.unreachable)).outcome, 'not-sent');
      const lookup = await parts.unreachable.findByExternalId(externalId, signal);
      assert.equal(lookup.outcome, parts.knowsOurIds ? 'unclear' : 'untraceable');
      assert.equal((await parts.unreachable.findByTaskId('1', signal)).outcome, 'unclear');
      const listed = await parts.unreachable.listNewest?.(10, signal);
      assert.equal(listed?.outcome ?? 'unclear', 'unclear');
    });

    test('refused content is told apart, whether at once or later', async () => {
      const externalId = crypto.randomUUID();
      const submitted = await submit(externalId, parts.prompts.contentRefused);
      if (submitted.outcome === 'refused') {
        assert.equal(submitted.because, 'content');
        return assertNotMade(externalId);
      }
      assert.equal(submitted.outcome, 'accepted');
      parts.passHalf();
      parts.passHalf();
      const task = await find(externalId);
      assert.deepEqual([task.state, task.because], ['failed', 'content']);
    });

    test('a full account is busy, and no task is made', async () => {
      const externalId = crypto.randomUUID();
      assert.equal((await submit(externalId, parts.prompts.busy)).outcome, 'busy');
      await assertNotMade(externalId);
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
