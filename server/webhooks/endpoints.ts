import { AppError } from '../errors.ts';
import type { Runtime } from '../jobs/runtime.ts';
import type { Seal } from '../secrets.ts';
import type { HostEvent, WebhookDeliveryRow, WebhookEndpointRow } from '../store/schema.ts';
import type { EndpointChange } from '../store/webhooks.ts';
import type { Store } from '../store/store.ts';
import type { Tx } from '../store/database.ts';
import type { AddressRules } from './address.ts';
import { isSecret, newSecret } from './sign.ts';

export const hostEvents = ['job.completed', 'job.failed', 'balance.changed'] as const satisfies HostEvent[];

/** The operator's deeds with endpoints, each one transaction with its entry in the audit log. `actor` is who does it. */
export interface Deed {
  id: string;
  actor: string;
}

export interface NewEndpoint {
  siteId: string;
  url: string;
  events: HostEvent[];
  actor: string;
}

interface EndpointParts {
  store: Store;
  runtime: Pick<Runtime, 'now' | 'newId'>;
  seal: Pick<Seal, 'seal'>;
  checkAddress: AddressRules;
}

/** All of them throw `not_found` where the endpoint, site or delivery is missing. */
export function createEndpoints({ store, runtime, seal, checkAddress }: EndpointParts) {
  async function inOneGo<T>(work: (tx: Tx, now: number) => Promise<T>): Promise<T> {
    const done = await store.transaction((tx) => work(tx, runtime.now()));
    store.webhooks.forget();
    return done;
  }

  function audit(tx: Tx, entry: { actor: string; action: string; target: string; at: number; detail?: object }) {
    return store.auditLog.write(tx, { id: runtime.newId(), ...entry, detail: { ...entry.detail } });
  }

  async function change(tx: Tx, id: string, set: EndpointChange): Promise<WebhookEndpointRow> {
    const row = await store.webhooks.changeEndpoint(tx, { id, set });
    if (!row) throw new AppError('not_found');
    return row;
  }

  /** Null when the site has an endpoint at this address already. */
  async function insert(endpoint: NewEndpoint, secret: string): Promise<string | null> {
    const { actor, siteId, url, events } = endpoint;
    if (typeof checkAddress(url) === 'string') throw new AppError('invalid_request', { issues: ['url'] });
    if (!(await store.sites.get(siteId))) throw new AppError('not_found');
    const id = runtime.newId();
    return inOneGo(async (tx, now) => {
      if (await store.webhooks.endpointAt(tx, { siteId, url })) return null;
      const sealed = { sealedSecret: seal.seal(secret), sealedNextSecret: null };
      const times = { createdAt: now, updatedAt: now };
      await store.webhooks.addEndpoint(tx, { id, siteId, url, events, enabled: true, ...sealed, ...times });
      await audit(tx, { actor, action: 'webhook.created', target: id, at: now, detail: { siteId, url, events } });
      return id;
    });
  }

  async function setEnabled({ id, actor, enabled }: Deed & { enabled: boolean }): Promise<void> {
    await inOneGo(async (tx, now) => {
      await change(tx, id, { enabled, updatedAt: now });
      if (!enabled) await store.webhooks.giveUp(tx, { endpointId: id, reason: 'disabled', now });
      await audit(tx, { actor, action: enabled ? 'webhook.enabled' : 'webhook.disabled', target: id, at: now });
    });
  }

  return {
    /**
     * Makes an endpoint with a new secret, which is answered here and nowhere else. Null when the site has one at this
     * address. Throws `invalid_request` for an address that may not be sent to.
     */
    async create(endpoint: NewEndpoint): Promise<{ id: string; secret: string } | null> {
      const secret = newSecret();
      const id = await insert(endpoint, secret);
      return id === null ? null : { id, secret };
    },

    /**
     * Brings the site's endpoint at this address to these settings, made when it is missing; the same call again changes
     * nothing. Throws `invalid_request` for an address that may not be sent to or a secret that is none.
     */
    async register({ secret, ...endpoint }: NewEndpoint & { secret: string }): Promise<void> {
      if (!isSecret(secret)) throw new AppError('invalid_request', { issues: ['secret'] });
      const { siteId, url, events } = endpoint;
      const known = (await store.webhooks.endpoints()).find((row) => row.siteId === siteId && row.url === url);
      if (!known) return void (await insert(endpoint, secret));
      const sealed = { sealedSecret: seal.seal(secret), sealedNextSecret: null };
      await inOneGo((tx, now) => change(tx, known.id, { events, enabled: true, updatedAt: now, ...sealed }));
    },

    /**
     * Changes address and events; what waits goes to the new address. False, and nothing written, when somebody changed
     * the endpoint since `expectedUpdatedAt`. Throws `invalid_request` for an address that may not be sent to.
     */
    async update(wish: Deed & Pick<NewEndpoint, 'url' | 'events'> & { expectedUpdatedAt: number }): Promise<boolean> {
      const { id, actor, url, events, expectedUpdatedAt } = wish;
      if (typeof checkAddress(url) === 'string') throw new AppError('invalid_request', { issues: ['url'] });
      return inOneGo(async (tx, now) => {
        const set = { url, events, updatedAt: now };
        if (!(await store.webhooks.changeEndpoint(tx, { id, set, expectedUpdatedAt }))) return false;
        await audit(tx, { actor, action: 'webhook.changed', target: id, at: now, detail: { url, events } });
        return true;
      });
    },

    /** Makes a second secret that signs beside the first, and answers it once. Another one replaces the second. */
    async rotate({ id, actor }: Deed): Promise<{ secret: string }> {
      const secret = newSecret();
      await inOneGo(async (tx, now) => {
        await change(tx, id, { sealedNextSecret: seal.seal(secret), updatedAt: now });
        await audit(tx, { actor, action: 'webhook.rotationStarted', target: id, at: now });
      });
      return { secret };
    },

    /** From here only the new secret signs. Without a rotation it changes nothing. */
    async finishRotation({ id, actor }: Deed): Promise<void> {
      await inOneGo(async (tx, now) => {
        const row = await store.webhooks.endpointIn(tx, id);
        if (!row) throw new AppError('not_found');
        if (row.sealedNextSecret === null) return;
        await change(tx, id, { sealedSecret: row.sealedNextSecret, sealedNextSecret: null, updatedAt: now });
        await audit(tx, { actor, action: 'webhook.rotationFinished', target: id, at: now });
      });
    },

    /** Disabling gives up what waits; it can be replayed one by one. */
    setEnabled,

    /** Sends a `webhook.test` message, also to see whether the receiver checks the signature. */
    async sendTest({ id, actor }: Deed): Promise<WebhookDeliveryRow> {
      return inOneGo(async (tx, now) => {
        if (!(await store.webhooks.endpointIn(tx, id))) throw new AppError('not_found');
        const delivery = await store.webhooks.addTest(tx, { endpointId: id, newId: runtime.newId, now });
        await audit(tx, { actor, action: 'webhook.tested', target: id, at: now });
        return delivery;
      });
    },

    /** Sends a delivery once more; the receiver sees the same `webhook-id`. `id` is the delivery's. */
    async replay({ id, actor }: Deed): Promise<WebhookDeliveryRow> {
      return inOneGo(async (tx, now) => {
        const delivery = await store.webhooks.replay(tx, { id, now });
        if (!delivery) throw new AppError('not_found');
        const { endpointId, event } = delivery;
        await audit(tx, {
          actor,
          action: 'webhook.replayed',
          target: endpointId,
          at: now,
          detail: { delivery: id, event },
        });
        return delivery;
      });
    },
  };
}

export type Endpoints = ReturnType<typeof createEndpoints>;
