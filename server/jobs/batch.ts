import { createHash } from 'node:crypto';
import { AppError, errorRules, type ErrorCode, type ErrorFacts } from '../errors.ts';
import type { Tx } from '../store/database.ts';
import type { JobRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { JobRequest } from './new-job.ts';
import type { JobService } from './service.ts';

export interface BatchOrder {
  accountId: string;
  idempotencyKey: string;
  /** What all have in common. */
  request: Omit<JobRequest, 'uploadId' | 'frame' | 'fit' | 'title' | 'parentId'>;
  items: readonly Pick<JobRequest, 'uploadId' | 'frame' | 'fit' | 'title'>[];
  /** Whole tokens; left out: as far as the balance goes. */
  budget?: number;
}

/** One item of a batch: its job, or why it has none, with the facts of that. */
export type BatchItem = { job: JobRow } | { error: ErrorFacts & { code: ErrorCode; detail: string } };

export interface BatchOutcome {
  groupId: string;
  /** Of all items, whether ordered or not. */
  total: number;
  /** By all times that this batch was sent. */
  spent: number;
  items: BatchItem[];
}

interface BatchParts {
  jobs: Pick<JobService, 'create' | 'quote'>;
  store: Pick<Store, 'counts' | 'jobs' | 'read'>;
}

/**
 * Orders many pictures at one price. Each item is an order by itself with a key of its own, so a batch that is sent again
 * makes and charges nothing twice; one item's failure does not stop the next. What would pass the budget is not ordered,
 * however often and by however many at once the batch is sent.
 */
export function createBatches({ jobs, store }: BatchParts) {
  /** Throws what concerns all items: the preset, its choices, words that may not be. */
  async function quote({ accountId, idempotencyKey, request, items }: BatchOrder): Promise<BatchOutcome> {
    const price = await jobs.quote({ accountId, request });
    return { groupId: groupOf(accountId, idempotencyKey, request), total: price * items.length, spent: 0, items: [] };
  }

  /** What earlier sendings of the batch made, by item. */
  async function madeBefore({ accountId, items, idempotencyKey }: BatchOrder): Promise<(JobRow | null)[]> {
    const keys = items.map((_, at) => keyOf(idempotencyKey, at));
    return Promise.all(keys.map((key) => store.jobs.byIdempotencyKey(store.read, accountId, key)));
  }

  /** Refuses the job that takes the batch over its budget. Runs with the account's row locked: no other node counts meanwhile. */
  function withinBudget({ accountId, idempotencyKey, items, budget }: BatchOrder) {
    const keys = items.map((_, at) => keyOf(idempotencyKey, at));
    return async (tx: Tx): Promise<void> => {
      if (budget !== undefined && (await store.counts.tokensOf(tx, { accountId, keys })) > budget)
        throw new AppError('over_budget');
    };
  }

  return {
    /** What the batch would cost; nothing is made. Throws `not_found` (preset), `invalid_request`, `text_refused`. */
    quote,

    /** Throws what `quote` throws, unless an earlier sending has made a job already. */
    async create(order: BatchOrder): Promise<BatchOutcome> {
      const { accountId, idempotencyKey, request, budget = Infinity } = order;
      const earlier = await madeBefore(order);
      const begun = earlier.find((job) => job !== null);
      const price = begun?.tokensCost ?? (await quote(order)).total / order.items.length;
      const groupId = groupOf(accountId, idempotencyKey, request);
      const approve = withinBudget(order);
      let spent = earlier.reduce((sum, job) => sum + (job?.tokensCost ?? 0), 0);

      async function orderItem(item: BatchOrder['items'][number], at: number): Promise<BatchItem> {
        if (!earlier[at] && spent + price > budget) return asError(new AppError('over_budget'));
        const key = keyOf(idempotencyKey, at);
        const wish = { ...request, ...item, groupId };
        try {
          const { job } = await jobs.create({ accountId, idempotencyKey: key, request: wish, approve });
          if (!earlier[at]) spent += job.tokensCost;
          return { job };
        } catch (fault) {
          if (fault instanceof AppError) return asError(fault);
          throw fault;
        }
      }

      const items: BatchItem[] = [];
      for (const [at, item] of order.items.entries()) items.push(await orderItem(item, at));
      return { groupId, total: price * items.length, spent, items };
    },
  };
}

const keyOf = (idempotencyKey: string, at: number): string => `${idempotencyKey}#${at}`;

/** The group that was asked for, else one of the batch's own. */
function groupOf(accountId: string, idempotencyKey: string, { groupId }: BatchOrder['request']): string {
  const digest = () => createHash('sha256').update(`${accountId}\n${idempotencyKey}`).digest('hex');
  return groupId ?? `batch-${digest().slice(0, 24)}`;
}

const asError = ({ code, facts }: AppError): BatchItem => ({
  error: { ...facts, code, detail: errorRules[code].detail },
});
