import type { ProviderCredentialsRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { BudgetedAccount } from './admit.ts';
import type { Log, Runtime } from './runtime.ts';

const knownForMs = 10_000;

interface ListParts {
  /** The account of the settings: always there, always first. */
  first: BudgetedAccount;
  store: Pick<Store, 'providerCredentials'>;
  runtime: Pick<Runtime, 'now'>;
  log: Log;
  /** Throws when the row's credentials cannot be read. */
  build(row: ProviderCredentialsRow): BudgetedAccount;
}

/**
 * The provider accounts in the order in which jobs are offered to them, at most ten seconds old. An account keeps its
 * connections until its row changes. One that cannot be built is left out and logged once; its jobs wait.
 */
export function createAccountList({ first, store, runtime, log, build }: ListParts): () => Promise<BudgetedAccount[]> {
  const built = new Map<string, { updatedAt: number; account: BudgetedAccount | null }>();
  let known = [first];
  let readAt = -Infinity;

  function accountOf(row: ProviderCredentialsRow): BudgetedAccount | null {
    const before = built.get(row.id);
    if (before?.updatedAt === row.updatedAt) return before.account;
    const account = tryToBuild(row);
    built.set(row.id, { updatedAt: row.updatedAt, account });
    return account;
  }

  function tryToBuild(row: ProviderCredentialsRow): BudgetedAccount | null {
    try {
      return { ...build(row), ...(!row.enabled && { closed: true }) };
    } catch {
      // Not with its cause: a fault of reading credentials could quote them.
      const facts = { alarm: 'provider_account_unreadable', providerAccount: row.id };
      log.error(facts, 'the credentials of a provider account cannot be read: its jobs wait');
      return null;
    }
  }

  return async () => {
    const now = runtime.now();
    if (Math.abs(now - readAt) < knownForMs) return known;
    const rows = await store.providerCredentials.list();
    readAt = now;
    const others = rows.filter((row) => row.id !== first.id).map(accountOf);
    known = [first, ...others.filter((account) => account !== null)];
    return known;
  };
}
