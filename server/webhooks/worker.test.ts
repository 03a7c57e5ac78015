import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { hostEventSchema } from '../contract.ts';
import { createSeal } from '../secrets.ts';
import { openOffice, publicUrl, startReceiver, type Received, type Receiver, type WebhookOffice } from './testing.ts';
import { waitMs } from './worker.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
let office: WebhookOffice;
let receiver: Receiver;
before(async () => {
  receiver = await startReceiver();
  office = await openOffice({ hosts: [receiver.host], startMs: Date.now() });
});
after(async () => {
  await office.close();
  await receiver.close();
});
beforeEach(async () => {
  for (const { id } of await office.store.webhooks.endpoints())
    await office.endpoints.setEnabled({ id, actor: 'test', enabled: false });
  receiver.received.length = 0;
  receiver.answer = (response) => void response.writeHead(204).end();
});

const verify = ({ headers, body }: Received, secret: string) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);
const signatures = ({ headers }: Received) => String(headers['webhook-signature']).split(' ');
const idOf = ({ headers }: Received) => headers['webhook-id'];

describe('a message', () => {
  it('of a finished job carries the saved record, signed as the library checks it', async () => {
    const { secret } = await office.endpoint(receiver.url, ['job.completed']);
    const jobId = await office.complete();
    await office.worker.tick();
    const [got, ...more] = receiver.received;
    assert.equal(more.length, 0);
    const message = hostEventSchema.parse(verify(got!, secret));
    assert.ok(message.type === 'job.completed');
    assert.deepEqual(
      [message.data.userId, message.data.job.id, message.data.job.status],
      ['seller/7', jobId, 'completed'],
    );
    assert.ok(message.data.job.video!.url.startsWith(`${publicUrl}/media/`));
    assert.equal(got!.headers['content-type'], 'application/json');
  });

  it('of a failed job carries error and receipt, and none of the vendor’s words', async () => {
    const { secret } = await office.endpoint(receiver.url, ['job.failed']);
    await office.fail();
    await office.worker.tick();
    const message = hostEventSchema.parse(verify(receiver.received[0]!, secret));
    assert.ok(message.type === 'job.failed');
    assert.equal(message.data.job.error!.code, 'provider_failed');
    assert.deepEqual(message.data.job.receipt, { quoted: 10, debited: 10, refunded: 10, reason: 'provider_failed' });
    assert.doesNotMatch(receiver.received[0]!.body, /vendor words/);
  });

  it('of a balance tells each change with the balance after it', async () => {
    const { secret } = await office.endpoint(receiver.url, ['balance.changed']);
    const start = (await office.store.accounts.get(office.accountId))!.balance;
    const jobId = await office.fail();
    await office.worker.tick();
    const told = receiver.received.map((got) => hostEventSchema.parse(verify(got, secret)));
    const facts = told.map(({ type, data }) => {
      assert.ok(type === 'balance.changed' && 'change' in data);
      return [data.reason, data.change, data.balance, data.jobId];
    });
    assert.deepEqual(facts.toSorted(), [
      ['debit', -10, start - 10, jobId],
      ['refund', 10, start, jobId],
    ]);
  });

  it('with a byte changed is refused by the library', async () => {
    const { secret } = await office.endpoint(receiver.url, ['job.failed']);
    await office.fail();
    await office.worker.tick();
    const { headers, body } = receiver.received[0]!;
    assert.throws(() => verify({ headers, body: body.replace('seller/7', 'seller/8') }, secret), /matching signature/);
  });

  it('of a test reaches an endpoint whatever events it takes', async () => {
    const { id, secret } = await office.endpoint(receiver.url, ['job.completed']);
    await office.endpoints.sendTest({ id, actor: 'test' });
    await office.worker.tick();
    const message = hostEventSchema.parse(verify(receiver.received[0]!, secret));
    assert.deepEqual([message.type, message.data], ['webhook.test', { endpointId: id }]);
  });
});

describe('a rotation', () => {
  it('signs with both secrets until it is finished, then with the new one', async () => {
    const { id, secret: first } = await office.endpoint(receiver.url, ['job.failed']);
    const { secret: second } = await office.endpoints.rotate({ id, actor: 'test' });
    await office.fail();
    await office.worker.tick();
    assert.equal(signatures(receiver.received[0]!).length, 2);
    for (const secret of [first, second]) verify(receiver.received[0]!, secret);

    await office.endpoints.finishRotation({ id, actor: 'test' });
    await office.fail();
    await office.worker.tick();
    assert.equal(signatures(receiver.received[1]!).length, 1);
    verify(receiver.received[1]!, second);
    assert.throws(() => verify(receiver.received[1]!, first), /matching signature/);
  });

  it('that was never begun cannot be finished into nothing', async () => {
    const { id, secret } = await office.endpoint(receiver.url, ['job.failed']);
    await office.endpoints.finishRotation({ id, actor: 'test' });
    await office.fail();
    await office.worker.tick();
    verify(receiver.received[0]!, secret);
  });

  it('leaves no secret readable in the rows or in the audit log', async () => {
    const { id, secret } = await office.endpoint(receiver.url);
    const { secret: next } = await office.endpoints.rotate({ id, actor: 'test' });
    const kept = JSON.stringify([
      await office.store.webhooks.endpoints(),
      await office.store.auditLog.list({ limit: 100 }),
    ]);
    for (const text of [secret, next]) assert.ok(!kept.includes(text.slice('whsec_'.length)));
    const actions = (await office.store.auditLog.list({ limit: 10, target: id })).map(({ action }) => action);
    assert.deepEqual(actions, ['webhook.rotationStarted', 'webhook.created']);
  });
});

describe('a delivery', () => {
  it('is tried again after a growing wait, always as the same message, until it is taken', async () => {
    const { id, secret } = await office.endpoint(receiver.url, ['job.failed']);
    receiver.answer = (response, at) => void response.writeHead(at < 3 ? 500 : 200).end('database is down\0');
    await office.fail();
    await office.worker.tick();
    const [waiting] = await office.deliveries(id);
    assert.deepEqual(
      [waiting!.status, waiting!.attempts, waiting!.lastStatus, waiting!.lastError],
      ['pending', 1, 500, 'database is down'],
    );
    assert.equal(waiting!.dueAt - office.runtime.now(), 10_000);

    await office.worker.tick();
    assert.equal(receiver.received.length, 1, 'not before its time');
    office.runtime.pass(10_000);
    await office.worker.tick();
    office.runtime.pass(30_000);
    await office.worker.tick();
    const [done] = await office.deliveries(id);
    assert.deepEqual([done!.status, done!.attempts, done!.lastStatus, done!.lastError], ['delivered', 3, 200, null]);
    assert.equal(new Set(receiver.received.map(idOf)).size, 1);
    assert.equal(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size, 3);
    for (const got of receiver.received) verify(got, secret);
  });

  it('is given up after a day of about ten tries, and can be replayed as the same message', async () => {
    const { id } = await office.endpoint(receiver.url, ['job.failed']);
    receiver.answer = (response) => void response.writeHead(503).end();
    await office.fail();
    const startMs = office.runtime.now();
    for (;;) {
      await office.worker.tick();
      const [row] = await office.deliveries(id);
      if (row!.status !== 'pending') break;
      office.runtime.pass(row!.dueAt - office.runtime.now());
    }
    assert.equal(office.runtime.now() - startMs, dayMs);
    assert.equal(receiver.received.length, 10);
    assert.ok(office.logged.some(({ facts }) => 'alarm' in facts && facts.alarm === 'webhook_given_up'));
    office.runtime.pass(10 * dayMs);
    await office.worker.tick();
    assert.equal(receiver.received.length, 10);

    const [given] = await office.deliveries(id);
    receiver.answer = (response) => void response.writeHead(200).end();
    await office.endpoints.replay({ id: given!.id, actor: 'test' });
    await office.worker.tick();
    assert.equal((await office.deliveries(id))[0]!.status, 'delivered');
    assert.equal(new Set(receiver.received.map(idOf)).size, 1);
  });

  it('survives a server that dies between commit and send', async () => {
    const { id } = await office.endpoint(receiver.url, ['job.failed']);
    await office.fail();
    const [row] = await office.deliveries(id);
    // Claimed by a process that never came back.
    const claim = { endpointId: id, now: office.runtime.now(), limit: 5, leaseMs: 60_000 };
    await office.store.transaction((tx) => office.store.webhooks.claim(tx, claim));
    const next = office.newWorker();
    await next.tick();
    assert.equal(receiver.received.length, 0, 'the lease holds');
    office.runtime.pass(60_000);
    await next.tick();
    await next.stop(0);
    assert.deepEqual(receiver.received.map(idOf), [row!.messageId]);
  });

  it('is sent by one of several nodes', async () => {
    await office.endpoint(receiver.url, ['job.failed']);
    for (let n = 0; n < 8; n++) await office.fail();
    const nodes = [office.newWorker(), office.newWorker(), office.newWorker()];
    for (let n = 0; n < 4; n++) await Promise.all(nodes.map((node) => node.tick()));
    await Promise.all(nodes.map((node) => node.stop(0)));
    assert.equal(receiver.received.length, 8);
    assert.equal(new Set(receiver.received.map(idOf)).size, 8);
  });

  it('that is cut by a stop is made again at the next start', async () => {
    const { id } = await office.endpoint(receiver.url, ['job.failed']);
    let arrived = () => {};
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    receiver.answer = () => arrived();
    await office.fail();
    const node = office.newWorker();
    const round = node.tick();
    await arrival;
    await node.stop(0);
    await round;
    const [row] = await office.deliveries(id);
    assert.deepEqual([row!.status, row!.leaseUntil, row!.dueAt], ['pending', 0, office.runtime.now()]);
  });

  it('waits for nothing that another endpoint is slow with', async () => {
    const slow = await startReceiver();
    slow.answer = () => {};
    const two = await openOffice({ hosts: [receiver.host, slow.host] });
    await two.endpoint(slow.url, ['job.failed']);
    await two.endpoint(receiver.url, ['job.failed']);
    for (let n = 0; n < 6; n++) await two.fail();
    two.worker.start();
    const untilMs = Date.now() + 900;
    while (receiver.received.length < 6 && Date.now() < untilMs) await new Promise((next) => setTimeout(next, 10));
    assert.equal(receiver.received.length, 6);
    assert.equal(slow.received.length, 4);
    await slow.close();
    await two.close();
  });
});

describe('an endpoint', () => {
  it('that answers 410 is disabled, and what waited for it is given up', async () => {
    const { id } = await office.endpoint(receiver.url, ['job.failed']);
    receiver.answer = (response) => void response.writeHead(410).end();
    for (let n = 0; n < 6; n++) await office.fail();
    await office.worker.tick();
    assert.equal((await office.store.webhooks.endpoint(id))!.enabled, false);
    const rows = await office.deliveries(id);
    assert.ok(rows.every(({ status, lastError }) => status === 'failed' && lastError === 'gone'));
    await office.fail();
    assert.equal((await office.deliveries(id)).length, 6);
  });

  it('that redirects is told so aloud, and the other address hears nothing', async () => {
    const other = await startReceiver();
    const { id } = await office.endpoint(receiver.url, ['job.failed']);
    for (const status of [301, 302, 303, 307, 308]) {
      receiver.answer = (response) => void response.writeHead(status, { location: other.url }).end();
      await office.fail();
      await office.worker.tick();
      const [row] = await office.deliveries(id);
      assert.deepEqual([row!.status, row!.lastStatus, row!.lastError], ['pending', status, 'redirect']);
    }
    assert.equal(other.received.length, 0);
    await other.close();
  });

  it('that never answers is left after the time for a try', async () => {
    const { id } = await office.endpoint(receiver.url, ['job.failed']);
    receiver.answer = () => {};
    await office.fail();
    await office.worker.tick();
    assert.equal((await office.deliveries(id))[0]!.lastError, 'timeout');
  });

  it('that answers without end is read for a kilobyte', async () => {
    const patient = await openOffice({ hosts: [receiver.host], tryMs: 9_000 });
    const { id } = await patient.endpoint(receiver.url, ['job.failed']);
    let cut = () => {};
    const wasCut = new Promise<void>((resolve) => (cut = resolve));
    receiver.answer = (response) => response.writeHead(500).on('close', cut).write('x'.repeat(2_000));
    await patient.fail();
    const startMs = performance.now();
    await patient.worker.tick();
    await wasCut;
    assert.ok(performance.now() - startMs < 6_000);
    assert.equal((await patient.deliveries(id))[0]!.lastError, 'x'.repeat(300));
    await patient.close();
  });

  it('whose secret was sealed with another SECRET sends nothing and says so', async () => {
    const { id } = await office.endpoint(receiver.url, ['job.failed']);
    await office.fail();
    const stranger = office.newWorker(createSeal('another secret of the server, 32 bytes'));
    await stranger.tick();
    await stranger.stop(0);
    assert.equal(receiver.received.length, 0);
    assert.equal((await office.deliveries(id))[0]!.lastError, 'sealed_elsewhere');
  });
});

it('the waits grow threefold from ten seconds, a quarter more or less', () => {
  assert.deepEqual(
    [1, 2, 3].map((attempts) => waitMs(attempts, 0.5)),
    [10_000, 30_000, 90_000],
  );
  assert.deepEqual([waitMs(1, 0), waitMs(1, 1)], [7_500, 12_500]);
});
