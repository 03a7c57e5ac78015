import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { after, before, test, type TestContext } from 'node:test';
import { decodeJwt } from 'jose';
import { Agent, buildConnector } from 'undici';
import { klingCodes } from './kling-codes.ts';
import { createKlingAccount, type KlingSettings } from './kling.ts';
import type { TaskRequest, ProviderClient } from './provider.ts';
import { findDeadUrl, startScriptedServer, type ScriptedServer } from './scripted-server.ts';

// Legacy image-to-video: what goes over the wire and how each exact answer is read, against a real HTTP server that follows
// a script. Most of it is the same code for every client of Kling.

const pair = { accessKey: 'AK-1', secretKey: 'SK-1' };
const startMs = Date.parse('2026-11-20T10:00:00Z');
let server: ScriptedServer;
let kling: Required<ProviderClient>;
before(async () => {
  server = await startScriptedServer();
  kling = createKling({});
});
after(() => server.close());

function createKling(change: Partial<KlingSettings>): Required<ProviderClient> {
  const credentials = { apiKey: 'k' };
  const account = { id: 'kling', concurrency: 5, baseUrl: server.url, credentials, now: () => startMs };
  return createKlingAccount({ ...account, ...change }).clientFor(request) as Required<ProviderClient>;
}

const request: TaskRequest = {
  externalId: '0193-ext',
  kind: 'image-to-video',
  model: 'kling-v2-6',
  mode: 'std',
  aspectRatio: '3:4',
  seconds: 5,
  sound: false,
  prompt: 'a slow turn',
  negativePrompt: '',
  picture: { bytes: new Uint8Array([255, 216, 255, 224]) },
};
const signal = new AbortController().signal;
const submit = (change: Partial<TaskRequest> = {}, provider = kling) =>
  provider.submit({ ...request, ...change }, signal);
const created = { status: 200, body: { code: 0, message: 'SUCCEED', request_id: 'r', data: { task_id: 't-1' } } };
const lastSeen = () => server.seen.at(-1)!;

function taskAnswer(change: object, status = 200) {
  return {
    status,
    body: { code: 0, message: 'SUCCEED', data: { task_id: 't-1', task_status: 'submitted', ...change } },
  };
}

test('a clip without extras is sent with exactly the fields that Kling knows', async () => {
  server.script(created);
  assert.deepEqual(await submit(), { outcome: 'accepted', taskId: 't-1' });
  assert.equal(`${lastSeen().method} ${lastSeen().target}`, 'POST /v1/videos/image2video');
  assert.equal(lastSeen().headers['content-type'], 'application/json');
  assert.deepEqual(lastSeen().body, {
    model_name: 'kling-v2-6',
    image: '/9j/4A==',
    prompt: 'a slow turn',
    mode: 'std',
    duration: '5',
    sound: 'off',
    external_task_id: '0193-ext',
  });
});

test('negative prompt, sound, callback and a picture address are sent when there are any', async () => {
  server.script(created);
  const picture = { url: 'https://shop.example/p.jpg' };
  const callbackUrl = 'https://cover.example/hook';
  await submit({ negativePrompt: 'blur', sound: true, mode: 'pro', seconds: 10, picture, callbackUrl });
  assert.deepEqual(lastSeen().body, {
    model_name: 'kling-v2-6',
    image: 'https://shop.example/p.jpg',
    prompt: 'a slow turn',
    negative_prompt: 'blur',
    mode: 'pro',
    duration: '10',
    sound: 'on',
    external_task_id: '0193-ext',
    callback_url: 'https://cover.example/hook',
  });
});

test('a model from before sound gets no sound field, a later one gets it', async () => {
  server.script(created);
  for (const [model, hasSound] of [
    ['kling-v2-5-turbo', false],
    ['kling-v3', true],
  ] as const) {
    await submit({ model });
    assert.equal('sound' in (lastSeen().body as object), hasSound, model);
  }
});

test('a part of a larger buffer is sent as its own bytes only', async () => {
  server.script(created);
  await submit({ picture: { bytes: new Uint8Array([1, 2, 255, 216, 3]).subarray(2, 4) } });
  assert.equal((lastSeen().body as { image: string }).image, Buffer.from([255, 216]).toString('base64'));
});

test('an API key goes as a bearer, a key pair as a token of its claims', async () => {
  server.script(created);
  await submit();
  assert.equal(lastSeen().headers.authorization, 'Bearer k');
  await submit({}, createKling({ credentials: pair }));
  const token = lastSeen().headers.authorization!.slice('Bearer '.length);
  assert.deepEqual(decodeJwt(token), { iss: 'AK-1', exp: startMs / 1000 + 1800, nbf: startMs / 1000 - 5 });
});

// Every documented code: what a create says and what a lookup says.
const blocked = [1000, 1001, 1002, 1003, 1004, 1100, 1101, 1102, 1103, 1304];
const createOutcomes: Record<string, number[]> = {
  'account-blocked': blocked,
  busy: [1302, 1303],
  refused: [1200, 1201, 1202, 1203, 1300, 1301],
  unclear: [5000, 5001, 5002],
};

for (const [code, { httpStatus }] of Object.entries(klingCodes)) {
  const outcome = Object.keys(createOutcomes).find((name) => createOutcomes[name]!.includes(Number(code)));
  const readOutcome = blocked.includes(Number(code)) ? 'account-blocked' : 'unclear';
  for (const status of new Set([httpStatus, httpStatus < 500 ? 200 : httpStatus])) {
    test(`code ${code} with HTTP ${status}: create ${outcome}, lookup and list ${readOutcome}`, async () => {
      server.script({ status, body: { code: Number(code), message: 'words', request_id: 'r-9' } });
      const answer = await submit();
      assert.equal(answer.outcome, outcome);
      assert.match((answer as { reason: string }).reason, new RegExp(`^${code} .+HTTP ${status}, request r-9.+words$`));
      if (answer.outcome === 'refused') assert.equal(answer.because, code >= '1300' ? 'content' : 'request');
      assert.equal((await kling.findByTaskId('t-1', signal)).outcome, readOutcome);
      assert.equal((await kling.findByExternalId('0193-ext', signal)).outcome, readOutcome);
      assert.equal((await kling.listNewest(10, signal)).outcome, readOutcome);
    });
  }
}

test('the table has every documented code', () => {
  assert.deepEqual(
    Object.keys(klingCodes).map(Number),
    Object.values(createOutcomes)
      .flat()
      .toSorted((a, b) => a - b),
  );
});

test('a taken external id is not a refusal', async () => {
  server.script({ status: 400, body: { code: 1201, message: 'External_task_id 0193-ext already exists', data: null } });
  assert.equal((await submit()).outcome, 'exists');
});

test('only the service saying that there is no such task makes it absent', async () => {
  server.script({ status: 400, body: { code: 1201, message: 'Task not found by id/external id: 0193-ext' } });
  assert.deepEqual(await kling.findByExternalId('0193-ext', signal), { outcome: 'absent' });
  assert.deepEqual(await kling.findByTaskId('t-1', signal), { outcome: 'absent' });
  assert.equal((await submit()).outcome, 'refused');
  for (const [status, body] of [
    [404, 'Not Found'],
    [404, { code: 1203, message: 'Task not found' }],
    [400, { code: 1201, message: 'page size is invalid' }],
    [503, { code: 1201, message: 'Task not found by id/external id: 0193-ext' }],
    [200, { code: 0, message: 'SUCCEED', data: null }],
  ] as const) {
    server.script({ status, body });
    assert.equal((await kling.findByExternalId('0193-ext', signal)).outcome, 'unclear', JSON.stringify(body));
  }
});

for (const [name, status, body] of [
  ['HTTP 429 without a code', 429, 'slow down'],
  ['an unknown code', 400, { code: 1299, message: 'news' }],
  ['code 0 without data', 200, { code: 0, message: 'SUCCEED' }],
  ['code 0 with an empty id', 200, { code: 0, data: { task_id: '' } }],
  ['code 0 with a numeric id', 200, { code: 0, data: { task_id: 12 } }],
  ['code 0 with HTTP 400', 400, created.body],
  ['an HTML page with HTTP 502', 502, '<html>Bad Gateway</html>'],
  ['a success inside HTTP 500', 500, created.body],
  ['a content refusal inside HTTP 500', 500, { code: 1301, message: 'no' }],
  ['a redirect', 302, ''],
  ['an empty answer', 200, ''],
  ['an array', 200, []],
  ['a code in words', 200, { code: 'ok', data: { task_id: 't-1' } }],
  ['half a JSON', 200, '{"code":0,"data":{"task_id":"t-'],
  ['two megabytes', 200, JSON.stringify({ ...created.body, padding: 'x'.repeat(2_000_000) })],
] as const) {
  test(`${name} leaves a create, a lookup and a list unclear`, async () => {
    server.script({ status, body });
    assert.equal((await submit()).outcome, 'unclear');
    assert.equal((await kling.findByTaskId('t-9', signal)).outcome, 'unclear');
    if (name !== 'two megabytes') assert.equal((await kling.listNewest(10, signal)).outcome, 'unclear');
  });
}

test('a connection cut before or within the answer is unclear', async () => {
  for (const answer of ['cut', 'cut-half-way'] as const) {
    server.script(answer);
    assert.equal((await submit()).outcome, 'unclear', answer);
    assert.equal((await kling.findByTaskId('t-1', signal)).outcome, 'unclear', answer);
  }
});

test('a create that hangs is unclear once its caller gives up', async () => {
  server.script('hang');
  const giveUp = new AbortController();
  const arrived = server.nextRequest();
  const pending = kling.submit(request, giveUp.signal);
  await arrived;
  giveUp.abort();
  assert.equal((await pending).outcome, 'unclear');
});

test('a call whose caller gave up beforehand sends nothing', async () => {
  server.script(created);
  const seenBefore = server.seen.length;
  assert.equal((await kling.submit(request, AbortSignal.abort())).outcome, 'not-sent');
  assert.equal((await kling.findByTaskId('t-1', AbortSignal.abort())).outcome, 'unclear');
  assert.equal(server.seen.length, seenBefore);
});

test('a refused connection and an unknown name are not sent', async () => {
  for (const baseUrl of [await findDeadUrl(), 'http://kling.invalid']) {
    const unreachable = createKling({ baseUrl });
    const answer = await submit({}, unreachable);
    assert.equal(answer.outcome, 'not-sent', baseUrl);
    assert.match((answer as { reason: string }).reason, /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/);
    assert.equal((await unreachable.findByTaskId('t-1', signal)).outcome, 'unclear');
  }
});

/** A port that accepts connections and lets the test decide what happens to the first bytes. */
async function startRawServer(t: TestContext, onBytes: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const raw = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.once('data', () => onBytes(socket));
  });
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    raw.close();
  });
  return `127.0.0.1:${(raw.address() as AddressInfo).port}`;
}

test('a TLS handshake that breaks is not sent, though its fault looks like a broken answer', async (t) => {
  const host = await startRawServer(t, (socket) => socket.resetAndDestroy());
  const overTls = createKling({ baseUrl: `https://${host}` });
  assert.equal((await submit({}, overTls)).outcome, 'not-sent');
  const overHttp = createKling({ baseUrl: `http://${host}` });
  assert.equal((await submit({}, overHttp)).outcome, 'unclear');
});

test('a handshake that never ends is left when the caller gives up, and nothing was sent', async (t) => {
  const heard = Promise.withResolvers<void>();
  const host = await startRawServer(t, () => heard.resolve());
  const overTls = createKling({ baseUrl: `https://${host}` });
  const giveUp = new AbortController();
  const pending = overTls.submit(request, giveUp.signal);
  await heard.promise;
  giveUp.abort();
  assert.equal((await pending).outcome, 'not-sent');
});

test('a call given up before the connection stood is not sent afterwards either', async (t) => {
  const asked = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const connectNow = buildConnector({});
  const late = new Agent({
    connect: async (options, callback) => {
      asked.resolve();
      await gate.promise;
      connectNow(options, (...given) => {
        callback(...given);
        connected.resolve();
      });
    },
  });
  const connected = Promise.withResolvers<void>();
  t.after(() => {
    gate.resolve();
    return late.destroy();
  });
  const provider = createKling({ credentials: pair, dispatcher: late });
  const seenBefore = server.seen.length;
  const giveUp = new AbortController();
  const pending = provider.submit(request, giveUp.signal);
  await asked.promise;
  giveUp.abort();
  assert.equal((await pending).outcome, 'not-sent');
  gate.resolve();
  await connected.promise;
  await late.close();
  assert.equal(server.seen.length, seenBefore);
});

test('credentials that cannot be sent block the account and reach nobody', async () => {
  const seenBefore = server.seen.length;
  const bad = createKling({ credentials: { apiKey: 'two\nlines' } });
  assert.equal((await submit({}, bad)).outcome, 'account-blocked');
  assert.equal((await bad.findByTaskId('t-1', signal)).outcome, 'account-blocked');
  assert.equal(server.seen.length, seenBefore);
});

for (const code of [1003, 1004]) {
  const refusal = {
    status: 401,
    body: { code, message: 'time' },
    headers: { date: 'Fri, 20 Nov 2026 12:00:00 GMT' },
  };
  const serverSeconds = Date.parse('2026-11-20T12:00:00Z') / 1000;

  test(`${code} is answered once with a token signed by Kling's clock`, async () => {
    const seenBefore = server.seen.length;
    server.script(refusal, created);
    const provider = createKling({ credentials: pair });
    assert.equal((await submit({}, provider)).outcome, 'accepted');
    assert.equal(server.seen.length, seenBefore + 2);
    const claims = decodeJwt(lastSeen().headers.authorization!.slice(7));
    assert.equal(claims.nbf, serverSeconds - 5);
    assert.equal(claims.exp, serverSeconds + 1800);
  });

  test(`${code} twice blocks the account after two requests`, async () => {
    const seenBefore = server.seen.length;
    server.script(refusal);
    const provider = createKling({ credentials: pair });
    assert.equal((await submit({}, provider)).outcome, 'account-blocked');
    assert.equal(server.seen.length, seenBefore + 2);
    assert.equal((await submit()).outcome, 'account-blocked');
    assert.equal(server.seen.length, seenBefore + 3, 'an API key is not tried again');
  });
}

test('1003 from a service in trouble is no reason to send again', async () => {
  const seenBefore = server.seen.length;
  server.script({ status: 500, body: { code: 1003, message: 'time' } });
  const provider = createKling({ credentials: pair });
  assert.equal((await submit({}, provider)).outcome, 'unclear');
  assert.equal(server.seen.length, seenBefore + 1);
});

const words = [
  ['submitted', 'waiting'],
  ['processing', 'running'],
  ['succeed', 'succeeded'],
  ['succeeded', 'succeeded'],
  ['failed', 'failed'],
  ['Succeed', 'unknown'],
  ['finished', 'unknown'],
  ['toString', 'unknown'],
  ['', 'unknown'],
] as const;
for (const [word, state] of words) {
  test(`the status word "${word}" means ${state}`, async () => {
    const task_result = { videos: [{ id: 'v', url: 'https://cdn/v.mp4', watermark_url: 'https://cdn/w.mp4' }] };
    server.script(taskAnswer({ task_status: word, task_result, task_info: { external_task_id: '0193-ext' } }));
    const found = await kling.findByTaskId('t-1', signal);
    assert.ok(found.outcome === 'found');
    assert.equal(found.task.state, state);
    assert.equal(found.task.externalId, '0193-ext');
    assert.equal(found.task.resultUrl, state === 'succeeded' ? 'https://cdn/v.mp4' : null);
  });
}

test('a task with odd or missing parts is still a task', async () => {
  for (const task_result of [undefined, null, {}, { videos: null }, { videos: [] }, { videos: [{ url: 7 }] }]) {
    server.script(taskAnswer({ task_status: 'succeed', task_result, task_info: null, task_status_msg: 7 }));
    const found = await kling.findByTaskId('t-1', signal);
    const task = { taskId: 't-1', externalId: null, state: 'succeeded', reason: '', resultUrl: null };
    assert.deepEqual(found, { outcome: 'found', task });
  }
});

test("the vendor's words come as one clean line of at most 500 characters", async () => {
  server.script(
    taskAnswer({ task_status: 'failed', task_status_msg: `risk\r\n\u0000\u001b[31m\u202econtrol ${'x'.repeat(9000)}` }),
  );
  const found = await kling.findByTaskId('t-1', signal);
  assert.ok(found.outcome === 'found');
  assert.match(found.task.reason, /^risk \[31m control x+…$/);
  assert.equal(found.task.reason.length, 500);
});

test('an answer about another task is not taken for the one that was asked for', async () => {
  server.script(taskAnswer({ task_info: { external_task_id: 'someone-else' } }));
  assert.equal((await kling.findByExternalId('0193-ext', signal)).outcome, 'unclear');
  assert.equal((await kling.findByTaskId('t-2', signal)).outcome, 'unclear');
});

test('an id stays one segment of the path', async () => {
  server.script(taskAnswer({ task_id: '../a/b?c' }));
  assert.equal((await kling.findByTaskId('../a/b?c', signal)).outcome, 'found');
  assert.equal(lastSeen().target, '/v1/videos/image2video/..%2Fa%2Fb%3Fc');
  const seenBefore = server.seen.length;
  for (const id of ['', '.', '..']) assert.equal((await kling.findByTaskId(id, signal)).outcome, 'unclear');
  assert.equal(server.seen.length, seenBefore);
});

test('a base address with a path and a closing slash keeps its path', async () => {
  server.script(created);
  const behindGateway = createKling({ baseUrl: `${server.url}/kling/` });
  await submit({}, behindGateway);
  assert.equal(lastSeen().target, '/kling/v1/videos/image2video');
});

function page(...ids: number[]) {
  const data = ids.map((id) => ({ task_id: `t-${id}`, task_status: 'processing' }));
  return { status: 200, body: { code: 0, message: 'SUCCEED', data } };
}
const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

test('a short page ends the list', async () => {
  server.script(page(1, 2));
  const listed = await kling.listNewest(3, signal);
  assert.ok(listed.outcome === 'listed');
  assert.equal(lastSeen().target, '/v1/videos/image2video?pageNum=1&pageSize=3');
  assert.deepEqual(listed.tasks.map((task) => task.taskId), ['t-1', 't-2']); // prettier-ignore
  assert.equal(listed.complete, true);
});

test('a full page at the limit leaves open whether there are older tasks', async () => {
  server.script(page(1, 2, 3));
  const listed = await kling.listNewest(3, signal);
  assert.ok(listed.outcome === 'listed');
  assert.equal(listed.tasks.length, 3);
  assert.equal(listed.complete, false);
});

test('more than 500 tasks come page by page, and one that moved between pages comes once', async () => {
  server.script(page(...range(1, 500)), page(...range(500, 300)));
  const listed = await kling.listNewest(1000, signal);
  assert.ok(listed.outcome === 'listed');
  assert.equal(lastSeen().target, '/v1/videos/image2video?pageNum=2&pageSize=500');
  assert.equal(listed.tasks.length, 799);
  assert.equal(listed.complete, true);
});

test('a row that cannot be read is left out and the list is not called complete', async () => {
  server.script({ status: 200, body: { code: 0, data: [{ task_status: 'failed' }, { task_id: 't-2' }] } });
  const listed = await kling.listNewest(10, signal);
  assert.ok(listed.outcome === 'listed');
  assert.equal(listed.tasks.length, 1);
  assert.equal(listed.complete, false);
});

test('a fault on a later page is a fault of the whole list', async () => {
  server.script(page(...range(1, 500)), 'cut');
  assert.equal((await kling.listNewest(1000, signal)).outcome, 'unclear');
});

test('a list may be longer than a single answer', async () => {
  const data = range(1, 400).map((id) => ({ task_id: `t-${id}`, task_status: 'failed', padding: 'x'.repeat(5000) }));
  server.script({ status: 200, body: { code: 0, data } });
  assert.equal((await kling.listNewest(500, signal)).outcome, 'listed');
  const tooLong = data.map((row) => ({ ...row, padding: 'x'.repeat(25_000) }));
  server.script({ status: 200, body: { code: 0, data: tooLong } });
  assert.equal((await kling.listNewest(500, signal)).outcome, 'unclear');
});
