import type { Job } from '../contract.ts';
import type { Log, Runtime } from '../jobs/runtime.ts';
import type { Seal } from '../secrets.ts';
import type { JobRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { createAddressRules } from './address.ts';
import { createEndpoints, type Endpoints } from './endpoints.ts';
import { createMessages } from './message.ts';
import { createSender } from './send.ts';
import { createWebhookWorker, type WebhookWorker } from './worker.ts';

interface WebhookParts {
  store: Store;
  runtime: Runtime;
  log: Log;
  seal: Seal;
  /** `host:port` entries that may be private, and plain http on loopback. */
  hosts: string[];
  presentJob(row: JobRow): Promise<Job>;
}

/** Everything that tells hosts what happened: the operator's endpoints, and the worker that sends. */
export function createWebhooks(parts: WebhookParts): { endpoints: Endpoints; worker: WebhookWorker } {
  const { hosts, presentJob, ...common } = parts;
  const checkAddress = createAddressRules(hosts);
  const sender = createSender({ checkAddress, deadline: common.runtime.deadline });
  const messageOf = createMessages({ store: common.store, presentJob });
  return {
    endpoints: createEndpoints({ ...common, checkAddress }),
    worker: createWebhookWorker({ ...common, messageOf, sender }),
  };
}
