import type { HostEventMessage, Job } from '../contract.ts';
import type { JobRow, WebhookDeliveryRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

interface MessageParts {
  store: Pick<Store, 'accounts' | 'jobs'>;
  /** The job as sellers see it, with absolute addresses. */
  presentJob(row: JobRow): Promise<Job>;
}

/**
 * Makes the message of a delivery anew for every try, for a job's media addresses are signed and open for an hour or two
 * only. What happened and when stays as it was. Null when its rows are gone, so that it can never be sent.
 */
export function createMessages({ store, presentJob }: MessageParts) {
  async function messageOf(delivery: WebhookDeliveryRow): Promise<HostEventMessage | null> {
    const { event: type, payload, createdAt, endpointId } = delivery;
    const timestamp = new Date(createdAt).toISOString();
    if (type === 'webhook.test') return { type, timestamp, data: { endpointId } };
    const account = payload.accountId && (await store.accounts.get(payload.accountId));
    if (!account) return null;
    const { userId } = account;
    if (type === 'balance.changed')
      return payload.balance ? { type, timestamp, data: { userId, ...payload.balance } } : null;
    const row = payload.jobId && (await store.jobs.get(payload.jobId));
    return row ? { type, timestamp, data: { userId, job: await presentJob(row) } } : null;
  }

  return messageOf;
}

export type Messages = ReturnType<typeof createMessages>;
