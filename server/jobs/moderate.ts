import { AppError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Runtime } from './runtime.ts';
import type { Moderate } from './service.ts';

interface Refusal {
  field: string;
  because: 'word' | 'service';
  category?: string;
}

interface ModerateParts {
  store: Store;
  runtime: Runtime;
  /** Null: nothing stands in the way. Never throws. */
  check(
    texts: { siteWords: readonly string[]; fields: readonly { field: string; text: string }[] },
    signal: AbortSignal,
  ): Promise<Refusal | null>;
}

const timeoutMs = 5_000;
const judgedFields = ['prompt', 'title', 'description', 'groupName'] as const;

/**
 * Judges the seller's own words by the site's list and by what `check` asks besides. A refusal goes to the audit log with
 * its field and reason, never with the words, and costs nothing.
 */
export function createModerate({ store, runtime, check }: ModerateParts): Moderate {
  return async ({ accountId, request }) => {
    const fields = judgedFields.flatMap((field) => (request[field] ? [{ field, text: request[field] }] : []));
    if (fields.length === 0) return;
    const account = await store.accounts.get(accountId);
    const site = account && (await store.sites.get(account.siteId));
    const refusal = await check({ siteWords: site?.blockedWords ?? [], fields }, runtime.deadline(timeoutMs));
    if (!refusal) return;
    const entry = { id: runtime.newId(), at: runtime.now(), actor: 'seller', target: accountId };
    await store.transaction((tx) =>
      store.auditLog.write(tx, { ...entry, action: 'order.refused', detail: { ...refusal } }),
    );
    throw new AppError('text_refused', { field: refusal.field });
  };
}
