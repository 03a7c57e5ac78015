import { createHash } from 'node:crypto';
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
const rememberedMs = 60_000;
const maxRemembered = 2_000;

/**
 * Judges the seller's own words by the site's list and by what `check` asks besides. A refusal goes to the audit log with
 * its field and reason, never with the words, and costs nothing. A text that passed is not asked about again for a minute:
 * all items of a batch have theirs in common.
 */
export function createModerate({ store, runtime, check }: ModerateParts): Moderate {
  /** When texts passed, by the digest of text and list, so that no text is kept and a new word counts at once. */
  const passed = new Map<string, number>();
  const digestOf = (siteWords: readonly string[], text: string) =>
    createHash('sha256')
      .update(JSON.stringify([siteWords, text]))
      .digest('base64');
  const isKnown = (digest: string) => (passed.get(digest) ?? -Infinity) > runtime.now() - rememberedMs;

  return async ({ accountId, request }) => {
    const fields = judgedFields.flatMap((field) => (request[field] ? [{ field, text: request[field] }] : []));
    if (fields.length === 0) return;
    const account = await store.accounts.get(accountId);
    const siteWords = (account && (await store.sites.get(account.siteId)))?.blockedWords ?? [];
    const unknown = fields.filter(({ text }) => !isKnown(digestOf(siteWords, text)));
    const refusal =
      unknown.length > 0 ? await check({ siteWords, fields: unknown }, runtime.deadline(timeoutMs)) : null;
    if (!refusal) {
      if (passed.size > maxRemembered) passed.clear();
      for (const { text } of unknown) passed.set(digestOf(siteWords, text), runtime.now());
      return;
    }
    const entry = { id: runtime.newId(), at: runtime.now(), actor: 'seller', target: accountId };
    await store.transaction((tx) =>
      store.auditLog.write(tx, { ...entry, action: 'order.refused', detail: { ...refusal } }),
    );
    throw new AppError('text_refused', { field: refusal.field });
  };
}
