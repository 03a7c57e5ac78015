import { createHash } from 'node:crypto';
import { AppError, errorRules, type ErrorCode } from '../errors.ts';
import type { JobRow } from '../store/schema.ts';
import type { JobRequest } from './new-job.ts';
import type { JobService } from './service.ts';

export interface BatchOrder {
  accountId: string;
  idempotencyKey: string;
  /** What all have in common. */
  request: Omit<JobRequest, 'uploadId' | 'frame' | 'fit' | 'title'>;
  items: readonly Pick<JobRequest, 'uploadId' | 'frame' | 'fit' | 'title'>[];
  /** Whole tokens; left out: as far as the balance goes. */
  budget?: number;
}

/** One item of a batch: its job, or why it has none. */
export type BatchItem = { job: JobRow } | { error: { code: ErrorCode; detail: string } };

export interface BatchOutcome {
  groupId: string;
  /** Of all items, whether ordered or not. */
  total: number;
  spent: number;
  items: BatchItem[];
}

/**
 * Orders many pictures at one price. Each item is an order by itself with a key of its own, so a batch that is sent again
 * makes and charges nothing twice; one item's failure does not stop the next. What would pass the budget is not ordered.
 */
export function createBatches(jobs: Pick<JobService, 'create' | 'quote'>) {
  const groupOf = ({ accountId, idempotencyKey, request }: BatchOrder): string =>
    request.groupId ??
    `batch-${createHash('sha256').update(`${accountId}\n${idempotencyKey}`).digest('hex').slice(0, 24)}`;

  return {
    /** What the batch would cost; nothing is made. Throws what ordering one of its jobs throws for preset and choices. */
    async quote(order: BatchOrder): Promise<BatchOutcome> {
      const price = await jobs.quote(order.request);
      return { groupId: groupOf(order), total: price * order.items.length, spent: 0, items: [] };
    },

    /** Throws only what concerns all items: preset and choices. */
    async create(order: BatchOrder): Promise<BatchOutcome> {
      const { accountId, idempotencyKey, request, budget = Infinity } = order;
      const outcome = await this.quote(order);
      const { groupId } = outcome;
      const price = outcome.total / order.items.length;
      for (const [at, item] of order.items.entries()) {
        if (outcome.spent + price > budget) {
          outcome.items.push(asError(new AppError('over_budget')));
          continue;
        }
        try {
          const key = `${idempotencyKey}#${at}`;
          const { job } = await jobs.create({
            accountId,
            idempotencyKey: key,
            request: { ...request, ...item, groupId },
          });
          outcome.spent += job.tokensCost;
          outcome.items.push({ job });
        } catch (fault) {
          if (!(fault instanceof AppError)) throw fault;
          outcome.items.push(asError(fault));
        }
      }
      return outcome;
    },
  };
}

const asError = ({ code }: AppError): BatchItem => ({ error: { code, detail: errorRules[code].detail } });
