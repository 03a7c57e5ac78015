import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { CreatedJob } from '../contract.ts';
import { problemOf, startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
before(async () => (server = await startTestServer()));
after(() => server.close());

const opened: { leave(): void }[] = [];
afterEach(async () => {
  for (const stream of opened.splice(0)) stream.leave();
  while (server.app.hub.size() > 0) await new Promise(setImmediate);
  assert.deepEqual(
    server.logged.filter(({ level }) => level === 'error'),
    [],
  );
});

/** Reads a stream as the widget does. `next` waits for an event, at most a second. */
async function listen(token: string, headers: Record<string, string> = {}) {
  const leaving = new AbortController();
  const answer = await fetch(`${server.url}/v1/events`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
    signal: leaving.signal,
  });
  const waiting: EventSourceMessage[] = [];
  let wake = () => {};
  const parser = createParser({
    onEvent: (event) => {
      waiting.push(event);
      wake();
    },
  });
  const ended = (async () => {
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) parser.feed(chunk);
  })().catch(() => undefined);
  const stream = {
    answer,
    ended,
    leave: () => leaving.abort(),
    async next(): Promise<EventSourceMessage> {
      const patience = AbortSignal.timeout(1000);
      while (waiting.length === 0) {
        await new Promise<void>((resolve, reject) => {
          wake = resolve;
          patience.addEventListener('abort', () => reject(new Error('no event within a second')), { once: true });
        });
      }
      return waiting.shift()!;
    },
    /** The next events as [name, what matters]. */
    async take(count: number): Promise<[string | undefined, unknown][]> {
      const taken: [string | undefined, unknown][] = [];
      for (let n = 0; n < count; n++) {
        const { event, data } = await stream.next();
        const content = JSON.parse(data) as { balance?: number; job?: { id: string; stage: string } };
        taken.push([event, content.job ? `${content.job.id} ${content.job.stage}` : content.balance]);
      }
      return taken;
    },
  };
  opened.push(stream);
  return stream;
}
type Stream = Awaited<ReturnType<typeof listen>>;

async function seller(sub: string, tokens = 100) {
  await server.grant(tokens, { userId: sub });
  return server.mint({ sub });
}

async function advanced(job: CreatedJob['job'], stage: 'submitting' | 'generating', now = server.parts.runtime.now()) {
  const { store } = server.parts;
  return (await store.transaction((tx) => store.jobs.advance(tx, stage, { id: job.id, now })))!;
}

describe('an event stream', () => {
  it('starts with the balance and the open jobs', async () => {
    const token = await seller('start');
    const { job } = await server.ordered(token);
    const stream = await listen(token);
    assert.equal(stream.answer.status, 200);
    assert.equal(stream.answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    assert.equal(stream.answer.headers.get('cache-control'), 'no-store');
    assert.deepEqual(await stream.take(2), [
      ['balance', 90],
      ['job', `${job.id} queued`],
    ]);
  });

  it('tells each change of a job within a second, and the balance when it differs', async () => {
    const token = await seller('changes');
    const stream = await listen(token);
    assert.deepEqual(await stream.take(1), [['balance', 100]]);
    const { job } = await server.ordered(token);
    assert.deepEqual(await stream.take(2), [
      ['job', `${job.id} queued`],
      ['balance', 90],
    ]);
    const row = await advanced(job, 'submitting');
    const { id, event, data } = await stream.next();
    assert.deepEqual([id, event], [String(row.updatedAt), 'job']);
    assert.equal((JSON.parse(data) as CreatedJob).job.stage, 'submitting');
    await server.grant(5, { userId: 'changes' });
    assert.deepEqual(await stream.take(1), [['balance', 95]]);
  });

  it('tells nothing of other sellers', async () => {
    const mine = await listen(await seller('mine'));
    await mine.take(1);
    await server.ordered(await seller('theirs'));
    await server.grant(1, { userId: 'mine' });
    assert.deepEqual(await mine.take(1), [['balance', 101]]);
  });

  it('resumes after the last event seen, and not with what is older', async () => {
    const token = await seller('resume');
    const [old, fresh] = [await server.ordered(token), await server.ordered(token)];
    const now = server.parts.runtime.now();
    await advanced(old.job, 'submitting', now - 600_000);
    await advanced(fresh.job, 'submitting', now + 5);
    const stream = await listen(token, { 'last-event-id': String(now) });
    assert.deepEqual(await stream.take(2), [
      ['balance', 80],
      ['job', `${fresh.job.id} submitting`],
    ]);
    const odd = await listen(token, { 'last-event-id': '1e9; drop' });
    assert.equal((await odd.take(3)).length, 3);
  });

  it('never follows a newer state with an older one', async () => {
    const token = await seller('order');
    const stream = await listen(token);
    await stream.take(1);
    const { job } = await server.ordered(token);
    await advanced(job, 'submitting');
    await advanced(job, 'generating');
    const stages: string[] = [];
    while (stages.at(-1) !== 'generating') {
      const { event, data } = await stream.next();
      if (event === 'job') stages.push((JSON.parse(data) as CreatedJob).job.stage);
    }
    const ranks = stages.map((stage) => ['queued', 'submitting', 'generating'].indexOf(stage));
    assert.deepEqual(ranks, ranks.toSorted());
  });

  it('ends with its token', async () => {
    const now = Math.floor(Date.now() / 1000);
    const stream = await listen(await server.mint({ sub: 'short', iat: now - 60, exp: now - 1 }));
    await stream.ended;
  });

  it('closes the oldest when a seller opens a seventh', async () => {
    const token = await seller('seven');
    const streams: Stream[] = [];
    for (let n = 0; n < 7; n++) streams.push(await listen(token));
    await streams[0]!.ended;
    await server.grant(1, { userId: 'seven' });
    for (const stream of streams.slice(1)) assert.deepEqual((await stream.take(2)).at(-1), ['balance', 101]);
  });

  it('needs a token, and HEAD opens none', async () => {
    await problemOf(await server.call('/v1/events'), { status: 401, code: 'unauthorized' });
    const token = await seller('head');
    assert.equal((await server.call('/v1/events', { token, method: 'HEAD' })).status, 200);
    assert.equal(server.app.hub.size(), 0);
  });

  it('of a client that does not read is cut', async () => {
    const token = await seller('slow');
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write(`GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    await once(socket, 'readable');
    const { store, runtime } = server.parts;
    const { job } = await server.ordered(token);
    const title = 'x'.repeat(60_000);
    const get = store.jobs.getOwn;
    store.jobs.getOwn = async (accountId, id) => ({ ...(await get(accountId, id))!, title, updatedAt: runtime.now() });
    try {
      const account = (await store.accounts.find('first', 'slow'))!;
      for (let n = 0; n < 2000 && server.app.hub.size() > 0; n++) {
        store.signals.publish({ accountId: account.id, jobId: job.id });
        await new Promise(setImmediate);
      }
      assert.equal(server.app.hub.size(), 0);
    } finally {
      store.jobs.getOwn = get;
      socket.destroy();
    }
  });
});

it('closing the hub ends every stream and takes no new one', async () => {
  const own = await startTestServer();
  try {
    const token = await own.mint();
    const answer = await own.call('/v1/events', { token });
    const read = answer.text();
    own.app.hub.close();
    assert.match(await read, /^: welcome\nretry: 2000\n/);
    await problemOf(await own.call('/v1/events', { token }), { status: 503, code: 'unavailable' });
  } finally {
    await own.close();
  }
});
