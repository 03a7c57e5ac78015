import type { JobRow } from '../store/schema.ts';

export interface Receipt {
  quoted: number;
  debited: number;
  refunded: number;
  reason?: string;
}

/**
 * What a job cost, from its row alone: a job that exists was debited in the same transaction, and one that failed or was
 * cancelled was refunded in the same transaction.
 */
export function receiptOf(job: Pick<JobRow, 'status' | 'tokensCost' | 'errorCode'>): Receipt {
  const paid = { quoted: job.tokensCost, debited: job.tokensCost };
  if (job.status === 'cancelled') return { ...paid, refunded: job.tokensCost, reason: 'cancelled' };
  if (job.status === 'failed') return { ...paid, refunded: job.tokensCost, reason: job.errorCode ?? 'provider_failed' };
  return { ...paid, refunded: 0 };
}
