import type { Store } from '../store/store.ts';
import type { Finding } from './finding.ts';
import { told } from './told.ts';

/** Whether the books agree with themselves: what the server asks at start and every hour. */
export async function checkLedger({ store }: { store: Store }): Promise<Finding> {
  const id = 'ledger';
  const faults = await store.audit.ledgerFaults();
  if (faults.length === 0) return told(id, 'ok', (words) => words.booksWell());
  return told(id, 'failed', (words) => words.booksWrong(faults));
}
