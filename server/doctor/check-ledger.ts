import type { Store } from '../store/store.ts';
import { counted, listed, type Finding } from './finding.ts';

/** Whether the books agree with themselves: what the server asks at start and every hour. */
export async function checkLedger({ store }: { store: Store }): Promise<Finding> {
  const id = 'ledger';
  const faults = await store.audit.ledgerFaults();
  if (faults.length === 0)
    return { id, state: 'ok', text: 'Every balance is the sum of its entries; every job has its debit or its refund.' };
  const names = faults.map(
    ({ accountId, jobId, text }) => `account ${accountId}${jobId === undefined ? '' : `, job ${jobId}`}: ${text}`,
  );
  return {
    id,
    state: 'failed',
    text: `${counted(faults.length, 'contradiction')}: ${listed(names)}.`,
    remedy:
      'No new job is taken meanwhile. Somebody wrote to the database past the server, or an old backup was restored in ' +
      'part: compare with a backup, mend the account or the job row (never the ledger), and the server goes on within a minute.',
  };
}
