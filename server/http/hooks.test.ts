import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { problemOf, startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
let asked: string[];
let claims: unknown;
before(async () => {
  server = await startTestServer();
  server.parts.jobs.hint = async (id, claimed) => {
    asked.push(id);
    claims = claimed;
    if (id === 'broken') throw new Error('the database is away');
  };
  asked = [];
});
after(() => server.close());

const call = (token: string, body: BodyInit = '{"task_status":"succeed"}', headers: Record<string, string> = {}) =>
  server.call(`/hooks/kling/${token}`, { method: 'POST', body, headers });
const sign = (jobId: string) => server.parts.secrets.callbackTokens.sign(jobId);
const quick = ['x-request-id', 'date', 'keep-alive'];
const faceOf = async (answer: Response) => [
  answer.status,
  await answer.text(),
  [...answer.headers].filter(([name]) => !quick.includes(name)),
];

describe('a callback', () => {
  it('is answered alike for known, unknown and forged tokens, and only a known one asks for a look', async () => {
    asked = [];
    const known = await faceOf(await call(sign('job-1')));
    assert.deepEqual(known.slice(0, 2), [200, '{}']);
    const forged = [sign('job-1').slice(0, -2), 'job-1', 'job-1.', `${sign('job-1')}.x`, 'x'.repeat(5000), '%F0%9F'];
    for (const token of forged) assert.deepEqual(await faceOf(await call(token)), known);
    assert.deepEqual(asked, ['job-1']);
  });

  it('of any body is only a hint', async () => {
    asked = [];
    for (const body of ['', 'not json', '['.repeat(100_000), Buffer.from([0xff, 0x00])])
      assert.equal((await call(sign('job-2'), body)).status, 200);
    assert.deepEqual(new Set(asked), new Set(['job-2']));
    await problemOf(await call(sign('job-2'), 'x'.repeat(256 * 1024 + 1)), { status: 413, code: 'body_too_large' });
  });

  it('claims the same in the words of both generations of Kling’s API', async () => {
    // The bodies of the official callbacks page, captured 2026-09-20.
    const times = { create_time: 1781080778802, update_time: 1781080794151 };
    const failed = { task_status: 'failed', task_status_msg: 'risk control' };
    for (const [body, expected] of [
      [{ task_id: '1', task_status: 'failed', task_status_msg: 'risk control', task_result: {} }, failed],
      [{ id: '1', status: 'failed', message: 'risk control', ...times }, failed],
      [{ id: '1', status: 'succeeded', message: '', ...times }, { task_status: 'succeeded' }],
      [{ id: '1', status: 7 }, {}],
    ] as const) {
      await call(sign('job-3'), JSON.stringify(body));
      assert.deepEqual(claims, expected);
    }
  });

  it('that cannot be noted is answered all the same, and logged', async () => {
    assert.equal((await call(sign('broken'))).status, 200);
    assert.equal(server.logged.splice(0).length, 1);
  });

  it('of another provider’s address is not found', async () => {
    await problemOf(await server.call(`/hooks/other/${sign('job-1')}`, { method: 'POST' }), {
      status: 404,
      code: 'not_found',
    });
  });
});

describe('a callback of Kie.ai', () => {
  const kieWebhookKey = 'the webhook key of the console';
  const body = '{"code":200,"data":{"taskId":"t-1","state":"success"}}';
  const claims = { taskId: 't-1', code: 200, state: 'success' };
  let open: TestServer;
  let strict: TestServer;
  let heard: unknown[][] = [];
  before(async () => {
    [open, strict] = await Promise.all([startTestServer(), startTestServer({ kieWebhookKey })]);
    for (const { parts } of [open, strict]) parts.jobs.hint = async (...hint) => void heard.push(hint);
  });
  beforeEach(() => {
    heard = [];
  });
  after(() => Promise.all([open.close(), strict.close()]));

  const send = (
    { url, parts }: TestServer,
    { token = parts.secrets.callbackTokens.sign('job-1'), sent = body, headers = {} },
  ) => fetch(`${url}/hooks/kie/${token}?task=kvc-1`, { method: 'POST', body: sent, headers });
  const signed = (taskId: string, atMs = Date.now()) => {
    const timestamp = String(Math.floor(atMs / 1000));
    const signature = createHmac('sha256', kieWebhookKey).update(`${taskId}.${timestamp}`).digest('base64');
    return { 'x-webhook-timestamp': timestamp, 'x-webhook-signature': signature };
  };

  it('is answered alike whoever its token belongs to, and tells the job what it claims', async () => {
    const known = await faceOf(await send(open, {}));
    assert.deepEqual(known.slice(0, 2), [200, '{}']);
    assert.deepEqual(await faceOf(await send(open, { token: 'job-1.x' })), known);
    assert.deepEqual(heard, [['job-1', claims]]);
  });

  it('of any body is only a hint', async () => {
    for (const sent of ['', 'not json', '[]', '{"data":7}', '['.repeat(100_000), 'x'.repeat(256 * 1024)])
      assert.equal((await send(open, { sent })).status, 200);
    assert.deepEqual(
      heard,
      Array.from({ length: 6 }, () => ['job-1', {}]),
    );
    await problemOf(await send(open, { sent: 'x'.repeat(256 * 1024 + 1) }), { status: 413, code: 'body_too_large' });
  });

  it('signed with the webhook key is a hint, and without it is refused for every token', async () => {
    assert.equal((await send(strict, { headers: signed('t-1') })).status, 200);
    assert.deepEqual(heard, [['job-1', claims]]);
    const day = 24 * 3_600_000;
    for (const headers of [{}, signed('t-2'), signed('t-1', Date.now() - day), signed('t-1', Date.now() + day)])
      for (const token of [undefined, 'job-1.x'])
        await problemOf(await send(strict, { headers, ...(token && { token }) }), {
          status: 401,
          code: 'unauthorized',
        });
    assert.equal(heard.length, 1);
  });
});

describe('with a webhook secret', () => {
  const webhookSecret = `whsec_${Buffer.from('thirty-two bytes of test secret!').toString('base64')}`;
  const body = '{"task_id":"1",  "task_status":"succeed"}';
  let strict: TestServer;
  let hints = 0;
  before(async () => {
    strict = await startTestServer({ webhookSecret });
    strict.parts.jobs.hint = async () => void (hints += 1);
  });
  after(() => strict.close());

  const signed = (sent: string, at = new Date()) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(webhookSecret).sign('msg_1', at, sent),
  });
  const send = (headers: Record<string, string>) =>
    strict.call(`/hooks/kling/${strict.parts.secrets.callbackTokens.sign('job-1')}`, { method: 'POST', body, headers });

  it('a signed callback is a hint', async () => {
    assert.equal((await send(signed(body))).status, 200);
    assert.equal(hints, 1);
  });

  it('an unsigned, altered or old one is refused', async () => {
    hints = 0;
    for (const headers of [
      {},
      signed(JSON.stringify(JSON.parse(body))),
      signed(body, new Date(Date.now() - 6 * 60_000)),
      signed(body, new Date(Date.now() + 6 * 60_000)),
      { ...signed(body), 'webhook-id': 'msg_2' },
    ])
      await problemOf(await send(headers), { status: 401, code: 'unauthorized' });
    assert.equal(hints, 0);
  });
});
