import type { Log, Runtime } from '../jobs/runtime.ts';
import { createLoop } from '../loop.ts';
import type { Seal } from '../secrets.ts';
import type { WebhookDeliveryRow, WebhookEndpointRow } from '../store/schema.ts';
import type { DeliveryOutcome } from '../store/webhooks.ts';
import type { Store } from '../store/store.ts';
import type { Messages } from './message.ts';
import { sendTimeoutMs, type Sender, type SendOutcome } from './send.ts';
import { signedHeaders } from './sign.ts';

const idleMs = 500;
const maxInHand = 16;
/** A host that is slow keeps nobody else waiting. */
const maxInHandPerEndpoint = 4;
/** Outlives a try by far, so that no other node begins the same one. */
const leaseMs = 60_000;
const firstWaitMs = 10_000;

/**
 * How long to wait after so many failed tries: 10 s, 30 s, 90 s … times 0.75 to 1.25. With the last try at the end of
 * the day that makes ten. `random` is in [0, 1).
 */
export const waitMs = (attempts: number, random: number): number =>
  Math.round(firstWaitMs * 3 ** (attempts - 1) * (0.75 + random / 2));

interface WebhookWorkerParts {
  store: Store;
  runtime: Runtime;
  log: Log;
  seal: Pick<Seal, 'unseal'>;
  messageOf: Messages;
  sender: Sender;
}

/**
 * Sends what waits in the delivery rows: at least once, in no promised order, every try of a message under one
 * `webhook-id`. `tick` does one round and waits for it: what tests call. `start` keeps going round until `stop`, which
 * lets tries in hand end for `graceMs` and then cuts them; they are made again at the next start.
 */
export function createWebhookWorker({ store, runtime, log, seal, messageOf, sender }: WebhookWorkerParts) {
  const cut = new AbortController();
  const inHand = new Map<Promise<void>, string>();
  const loop = createLoop({
    round,
    onFault: (fault) => log.error({ err: fault }, 'a round of the webhooks failed'),
    idleMs,
    now: runtime.now,
  });

  async function deliver(endpoint: WebhookEndpointRow, delivery: WebhookDeliveryRow): Promise<void> {
    const message = await messageOf(delivery);
    if (!message) return settle(delivery, { status: 'failed', lastError: 'nothing_to_send' });
    const body = JSON.stringify(message);
    const secrets = secretsOf(endpoint);
    if (!secrets) return putOff(delivery, { status: null, reason: 'sealed_elsewhere' });
    const sentAtMs = runtime.now();
    // The process stood still after the claim: another node may have begun by now.
    if (sentAtMs > delivery.leaseUntil - 2 * sendTimeoutMs) return;
    const headers = signedHeaders({ id: delivery.messageId, sentAtMs, body, secrets });
    await file(delivery, await sender.send({ url: endpoint.url, headers, body }, cut.signal));
  }

  async function file(delivery: WebhookDeliveryRow, answer: SendOutcome): Promise<void> {
    switch (answer.outcome) {
      case 'delivered':
        return settle(delivery, { status: 'delivered', lastStatus: answer.status, lastError: null });
      case 'gone':
        await settle(delivery, { status: 'failed', lastStatus: answer.status, lastError: 'gone' });
        return disable(delivery.endpointId);
      case 'failed':
        if (answer.reason === 'cancelled') return settle(delivery, { dueAt: runtime.now() });
        return putOff(delivery, answer);
    }
  }

  async function putOff(delivery: WebhookDeliveryRow, why: { status: number | null; reason: string }): Promise<void> {
    const now = runtime.now();
    const facts = { lastStatus: why.status, lastError: why.reason };
    if (now < delivery.deadlineAt) {
      const wanted = now + waitMs(delivery.attempts, runtime.random());
      return settle(delivery, { ...facts, dueAt: Math.min(wanted, delivery.deadlineAt) });
    }
    log.error(
      { alarm: 'webhook_given_up', endpointId: delivery.endpointId, deliveryId: delivery.id, ...why },
      'a webhook could not be delivered for a day; it can be sent again in the admin',
    );
    await settle(delivery, { ...facts, status: 'failed' });
  }

  async function settle({ id, leaseUntil }: WebhookDeliveryRow, set: DeliveryOutcome['set']): Promise<void> {
    const now = runtime.now();
    await store.transaction((tx) => store.webhooks.settle(tx, { id, leaseUntil, set, now }));
  }

  async function disable(endpointId: string): Promise<void> {
    const now = runtime.now();
    await store.transaction(async (tx) => {
      const set = { enabled: false, updatedAt: now };
      await store.webhooks.changeEndpoint(tx, { id: endpointId, set });
      await store.webhooks.giveUp(tx, { endpointId, reason: 'gone', now });
      const detail = { because: 'it answered 410 Gone' };
      const entry = { id: runtime.newId(), at: now, actor: 'webhooks', action: 'webhook.disabled', target: endpointId };
      await store.auditLog.write(tx, { ...entry, detail });
    });
    store.webhooks.forget();
    log.warn({ endpointId }, 'a webhook endpoint answered 410 Gone and is disabled');
  }

  function secretsOf({ id, sealedSecret, sealedNextSecret }: WebhookEndpointRow): string[] | null {
    try {
      return [sealedSecret, sealedNextSecret].filter((sealed) => sealed !== null).map((sealed) => seal.unseal(sealed));
    } catch (fault) {
      log.error({ endpointId: id, err: fault }, "an endpoint's secret was sealed with another SECRET: rotate it");
      return null;
    }
  }

  function launch(endpoint: WebhookEndpointRow, delivery: WebhookDeliveryRow): void {
    const running = deliver(endpoint, delivery)
      .catch(async (fault: unknown) => {
        log.error({ deliveryId: delivery.id, err: fault }, 'a webhook could not be sent and will be tried again');
        await putOff(delivery, { status: null, reason: 'internal' });
      })
      .catch((fault: unknown) => log.error({ err: fault }, 'a delivery could not be given back; its lease will end'))
      .finally(() => {
        inHand.delete(running);
        loop.nudge();
      });
    inHand.set(running, endpoint.id);
  }

  async function round(): Promise<boolean> {
    const now = runtime.now();
    if (!(await store.webhooks.hasAny(now))) return false;
    let hasFound = false;
    for (const endpoint of await store.webhooks.due(now)) {
      const busy = [...inHand.values()].filter((id) => id === endpoint.id).length;
      const limit = Math.min(maxInHand - inHand.size, maxInHandPerEndpoint - busy);
      if (limit <= 0) continue;
      const claim = { endpointId: endpoint.id, now, limit, leaseMs };
      const claimed = await store.transaction((tx) => store.webhooks.claim(tx, claim));
      for (const delivery of claimed) launch(endpoint, delivery);
      hasFound ||= claimed.length > 0;
    }
    return hasFound;
  }

  return {
    async tick(): Promise<void> {
      await round();
      await Promise.all(inHand.keys());
    },

    start: loop.start,

    async stop(graceMs: number): Promise<void> {
      await loop.stop();
      const grace = setTimeout(() => cut.abort(), graceMs);
      await Promise.all(inHand.keys());
      clearTimeout(grace);
      await sender.close();
    },
  };
}

export type WebhookWorker = ReturnType<typeof createWebhookWorker>;
