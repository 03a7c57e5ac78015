import type { LedgerRow } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { csvAnswer, csvLine } from '../csv.ts';
import { dayRange, type Days } from '../days.ts';

const pageSize = 500;
/** SQLite answers at once, so without it a long ledger would be read to its end before anybody else has his turn. */
const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

/** English whatever the operator reads, so that programs can rely on them. */
const head = [
  'time_utc',
  'entry',
  'site',
  'seller',
  'account',
  'kind',
  'amount',
  'balance_after',
  'job',
  'reference',
  'reason',
  'by',
];

interface Extent {
  accountId?: string;
  days: Days;
}

/** Ledger entries as a CSV download, oldest first. */
export function ledgerCsv(store: Store, extent: Extent): Response {
  const of = extent.accountId === undefined ? 'all' : extent.accountId;
  const days = [extent.days.from, extent.days.to].filter(Boolean).map((day) => `-${day}`);
  return csvAnswer(`ledger-${of}${days.join('')}.csv`, linesOf(store, extent));
}

async function* linesOf(store: Store, { accountId, days }: Extent): AsyncGenerator<string> {
  yield csvLine(head);
  const bounds = { ...dayRange(days), ...(accountId !== undefined && { accountId }), limit: pageSize };
  for (let after: LedgerRow | undefined; ;) {
    const entries = await store.ledger.page({ ...bounds, ...(after && { after }) });
    const lines = entries.map((entry) =>
      csvLine([
        new Date(entry.createdAt).toISOString(),
        entry.id,
        entry.siteId,
        entry.userId,
        entry.accountId,
        entry.kind,
        entry.amount,
        entry.balanceAfter,
        entry.jobId,
        entry.reference,
        entry.note,
        entry.actor,
      ]),
    );
    if (lines.length > 0) yield lines.join('');
    if (entries.length < pageSize) return;
    after = entries.at(-1)!;
    await pause();
  }
}
