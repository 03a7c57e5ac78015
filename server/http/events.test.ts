import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { CreatedJob } from '../contract.ts';
import { AppError } from '../errors.ts';
import { openSqlite } from '../store/sqlite.ts';
import { temporaryFolder } from '../store/testing.ts';
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
async function listen(token: string, headers: Record<string, string> = {}, at = server) {
  const leaving = new AbortController();
  const answer = await fetch(`${at.url}/v1/events`, {
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
    async next(patienceMs = 1000): Promise<EventSourceMessage> {
      const patience = AbortSignal.timeout(patienceMs);
      while (waiting.length === 0) {
        await new Promise<void>((resolve, reject) => {
          wake = resolve;
          patience.addEventListener('abort', () => reject(new Error('no event in time')), { once: true });
        });
      }
      return waiting.shift()!;
    },
    /** The next events as [name, what matters]. */
    async take(count: number, patienceMs?: number): Promise<[string | undefined, unknown][]> {
      const taken: [string | undefined, unknown][] = [];
      for (let n = 0; n < count; n++) {
        const { event, data } = await stream.next(patienceMs);
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

async function advanced(
  job: CreatedJob['job'],
  stage: 'submitting' | 'generating',
  now = server.parts.runtime.now(),
  at = server,
) {
  const { store } = at.parts;
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

describe('signals that are lost', () => {
  /** A server whose line to the other nodes can be cut. */
  async function startDeafServer() {
    const folder = temporaryFolder();
    const database = openSqlite(join(folder.path, 'deaf.db'));
    const line = { isDown: false, tellGap: () => {} };
    const own = await startTestServer({
      database: {
        ...database,
        signals: {
          ...database.signals,
          subscribe(hear, onGap = () => {}) {
            line.tellGap = onGap;
            return database.signals.subscribe((signal) => line.isDown || hear(signal));
          },
        },
      },
    });
    return { own, line, close: () => own.close().then(folder.remove) };
  }

  it('leave a gap after which what was missed is told, and nothing twice', async (t) => {
    const { own, line, close } = await startDeafServer();
    t.after(close);
    await own.grant(100);
    const token = await own.mint();
    const stream = await listen(token, {}, own);
    await stream.take(1);
    const { job } = await own.ordered(token);
    assert.deepEqual(await stream.take(2), [
      ['job', `${job.id} queued`],
      ['balance', 90],
    ]);
    line.isDown = true;
    await advanced(job, 'submitting', own.parts.runtime.now(), own);
    await own.grant(5);
    line.tellGap();
    assert.deepEqual(await stream.take(2), [
      ['job', `${job.id} submitting`],
      ['balance', 95],
    ]);
    line.tellGap();
    line.tellGap();
    line.isDown = false;
    await advanced(job, 'generating', own.parts.runtime.now(), own);
    assert.deepEqual(await stream.take(1), [['job', `${job.id} generating`]]);
    stream.leave();
  });

  it('or could not be read after, are made up for as soon as the database answers', async (t) => {
    const { own, close } = await startDeafServer();
    t.after(close);
    const token = await own.mint();
    await own.grant(100);
    const stream = await listen(token, {}, own);
    await stream.take(1);
    const { store } = own.parts;
    const { changedSince, getOwn } = store.jobs;
    let refusals = 0;
    const refuse = async () => {
      refusals += 1;
      throw new AppError('unavailable');
    };
    Object.assign(store.jobs, { getOwn: refuse, changedSince: refuse });
    const { job } = await own.ordered(token);
    while (refusals < 2) await new Promise(setImmediate);
    Object.assign(store.jobs, { getOwn, changedSince });
    assert.deepEqual(await stream.take(2, 3_000), [
      ['job', `${job.id} queued`],
      ['balance', 90],
    ]);
    stream.leave();
  });
});

it('closing the hub ends every stream and takes no new one', async () => {
  const own = await startTestServer();
  try {
    const token = await own.mint();
    const answer = await own.call('/v1/events', { token });
    const read = answer.text();
    own.app.hub.close();
    assert.match(await read, /^: welcome\nretry: 2000\n[^]*: stopping\nretry: \d+\n\n$/);
    await problemOf(await own.call('/v1/events', { token }), { status: 503, code: 'unavailable' });
  } finally {
    await own.close();
  }
});
