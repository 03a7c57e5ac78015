import type { ProviderCredentialsRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { BudgetedAccount } from './admit.ts';
import type { Log, Runtime } from './runtime.ts';

const knownForMs = 10_000;

interface ListParts {
  /** The accounts of the settings: always there, always first. */
  fixed: readonly BudgetedAccount[];
  store: Pick<Store, 'providerCredentials'>;
  runtime: Pick<Runtime, 'now'>;
  log: Log;
  /** The accounts that these credentials give. Throws when they cannot be read. */
  build(row: ProviderCredentialsRow): BudgetedAccount[];
}

/**
 * The provider accounts in the order in which jobs are offered to them, at most ten seconds old. An account keeps its
 * connections until its row changes. A row that cannot be read is left out and logged once; its jobs wait.
 */
export function createAccountList({ fixed, store, runtime, log, build }: ListParts): () => Promise<BudgetedAccount[]> {
  const built = new Map<string, { updatedAt: number; accounts: BudgetedAccount[] }>();
  let known = [...fixed];
  let readAt = -Infinity;

  function accountsOf(row: ProviderCredentialsRow): BudgetedAccount[] {
    const before = built.get(row.id);
    if (before?.updatedAt === row.updatedAt) return before.accounts;
    const accounts = tryToBuild(row);
    built.set(row.id, { updatedAt: row.updatedAt, accounts });
    return accounts;
  }

  function tryToBuild(row: ProviderCredentialsRow): BudgetedAccount[] {
    try {
      return build(row).map((account) => ({ ...account, ...(!row.enabled && { closed: true }) }));
    } catch {
      // Not with its cause: a fault of reading credentials could quote them.
      const facts = { alarm: 'provider_account_unreadable', providerAccount: row.id };
      log.error(facts, 'the credentials of a provider account cannot be read: its jobs wait');
      return [];
    }
  }

  return async () => {
    const now = runtime.now();
    if (Math.abs(now - readAt) < knownForMs) return known;
    const rows = await store.providerCredentials.list();
    readAt = now;
    const isFixed = (id: string) => fixed.some((account) => account.id === id);
    known = [...fixed, ...rows.filter((row) => !isFixed(row.id)).flatMap(accountsOf)];
    return known;
  };
}
