import { and, asc, desc, eq, inArray, lt, lte, or, sql } from 'drizzle-orm';
import type { Database, Reader, Tx } from './database.ts';
import type { Happening, Outbox } from './outbox.ts';
import type { DeliveredEvent, DeliveryFacts, WebhookDeliveryRow, WebhookEndpointRow } from './schema.ts';

/** Deliveries are tried for this long after the event or the replay. */
export const deliveryPatienceMs = 24 * 3_600_000;
/** A node sees another node's new endpoint after at most this long. */
const knownForMs = 5_000;

type Delivery = WebhookDeliveryRow;
export type EndpointChange = Partial<Omit<WebhookEndpointRow, 'id' | 'siteId' | 'createdAt'>>;

/** A delivery's outcome, valid only under the claim whose lease it names. */
export interface DeliveryOutcome {
  id: string;
  leaseUntil: number;
  set: Partial<Pick<Delivery, 'status' | 'dueAt' | 'lastStatus' | 'lastError'>>;
  now: number;
}

export interface DeliveryQuery {
  limit: number;
  /** The id of the last delivery seen. */
  before?: string;
  endpointId?: string;
}

/** Webhook endpoints and the deliveries to them. Ids of both must sort by time: lists are shown by them. */
export function createWebhooks(database: Database) {
  const { read, tables, skipLocked } = database;
  const { accounts, webhookEndpoints: endpoints, webhookDeliveries: deliveries } = tables;
  const isPending = eq(deliveries.status, 'pending');

  let known: { isAny: boolean; at: number } | null = null;
  let generation = 0;

  const due = database.statement((db: Reader) =>
    db
      .select()
      .from(endpoints)
      .where(
        and(
          eq(endpoints.enabled, true),
          inArray(
            endpoints.id,
            db
              .select({ id: deliveries.endpointId })
              .from(deliveries)
              .where(
                and(
                  isPending,
                  lte(deliveries.dueAt, sql.placeholder('now')),
                  lte(deliveries.leaseUntil, sql.placeholder('now')),
                ),
              ),
          ),
        ),
      ),
  );

  async function insert(
    tx: Tx,
    targets: { endpointId: string }[],
    message: { event: DeliveredEvent; payload: DeliveryFacts; newId: () => string; now: number },
  ): Promise<Delivery[]> {
    const { event, payload, newId, now } = message;
    const messageId = `msg_${newId()}`;
    const common = { messageId, event, payload, status: 'pending' as const, attempts: 0, dueAt: now, leaseUntil: 0 };
    const times = { deadlineAt: now + deliveryPatienceMs, createdAt: now, updatedAt: now };
    const rows = targets.map(({ endpointId }) => ({ ...common, ...times, id: newId(), endpointId }));
    return rows.length > 0 ? tx.insert(deliveries).values(rows).returning() : [];
  }

  async function isAnyEnabled(reader: Pick<Reader, 'select'>, now: number): Promise<boolean> {
    if (known && Math.abs(now - known.at) < knownForMs) return known.isAny;
    const asked = generation;
    const found = await reader.select({ id: endpoints.id }).from(endpoints).where(eq(endpoints.enabled, true)).limit(1);
    if (asked === generation) known = { isAny: found.length > 0, at: now };
    return found.length > 0;
  }

  return {
    /** Writes a delivery for every enabled endpoint of the seller's site that asked for the event. */
    outbox: (newId: () => string): Outbox => ({
      async enqueue(tx, happening) {
        const { accountId, now, payload } = factsOf(happening);
        if (!(await isAnyEnabled(tx, now))) return;
        const listening = await tx
          .select({ endpointId: endpoints.id, events: endpoints.events })
          .from(endpoints)
          .innerJoin(accounts, eq(accounts.siteId, endpoints.siteId))
          .where(and(eq(accounts.id, accountId), eq(endpoints.enabled, true)));
        const { event } = happening;
        const targets = listening.filter(({ events }) => events.includes(event));
        await insert(tx, targets, { event, payload, newId, now });
      },
    }),

    /** Whether any endpoint takes anything; at most five seconds old. */
    hasAny: (now: number): Promise<boolean> => isAnyEnabled(read, now),

    /** To be called after the commit of a change to endpoints, so that this process sees it at once. */
    forget(): void {
      generation += 1;
      known = null;
    },

    /** All of them, oldest first: there are few. */
    endpoints: (): Promise<WebhookEndpointRow[]> => read.select().from(endpoints).orderBy(asc(endpoints.id)).execute(),

    async endpoint(id: string): Promise<WebhookEndpointRow | null> {
      const [row] = await read.select().from(endpoints).where(eq(endpoints.id, id));
      return row ?? null;
    },

    /** The same inside a transaction. */
    async endpointIn(tx: Tx, id: string): Promise<WebhookEndpointRow | null> {
      const [row] = await tx.select().from(endpoints).where(eq(endpoints.id, id));
      return row ?? null;
    },

    /** The site's endpoint at exactly this address. */
    async endpointAt(tx: Tx, { siteId, url }: Pick<WebhookEndpointRow, 'siteId' | 'url'>) {
      const [row] = await tx
        .select()
        .from(endpoints)
        .where(and(eq(endpoints.siteId, siteId), eq(endpoints.url, url)));
      return row ?? null;
    },

    async addEndpoint(tx: Tx, row: WebhookEndpointRow): Promise<void> {
      await tx.insert(endpoints).values(row).returning();
    },

    /** Null when there is no such endpoint, or when it changed since `expectedUpdatedAt`. */
    async changeEndpoint(
      tx: Tx,
      { id, set, expectedUpdatedAt }: { id: string; set: EndpointChange; expectedUpdatedAt?: number },
    ): Promise<WebhookEndpointRow | null> {
      const unchanged = expectedUpdatedAt === undefined ? undefined : eq(endpoints.updatedAt, expectedUpdatedAt);
      const [row] = await tx
        .update(endpoints)
        .set(set)
        .where(and(eq(endpoints.id, id), unchanged))
        .returning();
      return row ?? null;
    },

    /** A message of our own to one endpoint, whatever events it takes. */
    async addTest(tx: Tx, test: { endpointId: string; newId: () => string; now: number }): Promise<Delivery> {
      const { endpointId, newId, now } = test;
      const [row] = await insert(tx, [{ endpointId }], { event: 'webhook.test', payload: {}, newId, now });
      return row!;
    },

    /** Enabled endpoints with something to send now. */
    due: (now: number): Promise<WebhookEndpointRow[]> => due(read, { now }),

    /** Takes deliveries that are due, with a lease and one more attempt. A delivery is at most one claim's. */
    async claim(
      tx: Tx,
      { endpointId, now, limit, leaseMs }: { endpointId: string; now: number; limit: number; leaseMs: number },
    ): Promise<Delivery[]> {
      const isDue = and(
        isPending,
        eq(deliveries.endpointId, endpointId),
        lte(deliveries.dueAt, now),
        lte(deliveries.leaseUntil, now),
      );
      const found = await skipLocked(
        tx
          .select({ id: deliveries.id })
          .from(deliveries)
          .where(isDue)
          .orderBy(asc(deliveries.dueAt), asc(deliveries.id))
          .limit(limit),
      );
      if (found.length === 0) return [];
      const ids = found.map(({ id }) => id);
      return tx
        .update(deliveries)
        .set({ leaseUntil: now + leaseMs, attempts: sql`${deliveries.attempts} + 1`, updatedAt: now })
        .where(and(inArray(deliveries.id, ids), isDue))
        .returning();
    },

    /** Writes what became of a try and gives the claim back. False when the claim is another's by now. */
    async settle(tx: Tx, { id, leaseUntil, set, now }: DeliveryOutcome): Promise<boolean> {
      const rows = await tx
        .update(deliveries)
        .set({ ...set, leaseUntil: 0, updatedAt: now })
        .where(and(eq(deliveries.id, id), isPending, eq(deliveries.leaseUntil, leaseUntil)))
        .returning();
      return rows.length > 0;
    },

    /**
     * Sends it once more from now on, as the same message and with a new day of patience. One that is being sent at this
     * moment is left alone and answered as it is. Null when there is no such delivery.
     */
    async replay(tx: Tx, { id, now }: { id: string; now: number }): Promise<Delivery | null> {
      const isIdle = or(
        eq(deliveries.status, 'delivered'),
        eq(deliveries.status, 'failed'),
        lte(deliveries.leaseUntil, now),
      );
      const fresh = { status: 'pending' as const, attempts: 0, dueAt: now, leaseUntil: 0 };
      const [row] = await tx
        .update(deliveries)
        .set({ ...fresh, deadlineAt: now + deliveryPatienceMs, updatedAt: now })
        .where(and(eq(deliveries.id, id), isIdle))
        .returning();
      if (row) return row;
      const [busy] = await tx.select().from(deliveries).where(eq(deliveries.id, id));
      return busy ?? null;
    },

    /** Gives up what waits for an endpoint that takes nothing any more; answers how many. */
    async giveUp(tx: Tx, { endpointId, reason, now }: { endpointId: string; reason: string; now: number }) {
      const rows = await tx
        .update(deliveries)
        .set({ status: 'failed', lastError: reason, leaseUntil: 0, updatedAt: now })
        .where(and(eq(deliveries.endpointId, endpointId), isPending))
        .returning({ id: deliveries.id });
      return rows.length;
    },

    /** The log, newest first. */
    deliveries({ limit, before, endpointId }: DeliveryQuery): Promise<Delivery[]> {
      return read
        .select()
        .from(deliveries)
        .where(
          and(
            before ? lt(deliveries.id, before) : undefined,
            endpointId ? eq(deliveries.endpointId, endpointId) : undefined,
          ),
        )
        .orderBy(desc(deliveries.id))
        .limit(limit)
        .execute();
    },

    async delivery(id: string): Promise<Delivery | null> {
      const [row] = await read.select().from(deliveries).where(eq(deliveries.id, id));
      return row ?? null;
    },
  };
}

/** Only what must not change any more is kept; a job is read anew when it is sent, for its links are short-lived. */
function factsOf(happening: Happening): { accountId: string; now: number; payload: DeliveryFacts } {
  if (happening.event === 'balance.changed') {
    const { id: entryId, accountId, balanceAfter: balance, amount: change, kind, jobId, reference } = happening.entry;
    const ids = { ...(jobId !== null && { jobId }), ...(reference !== null && { reference }) };
    const payload = { accountId, balance: { entryId, balance, change, reason: kind, ...ids } };
    return { accountId, now: happening.entry.createdAt, payload };
  }
  const { id: jobId, accountId } = happening.job;
  return { accountId, now: happening.now, payload: { accountId, jobId } };
}
