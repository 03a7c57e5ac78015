import type { ProviderAccount } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import type { DailyBudget } from './caps.ts';
import type { Runtime } from './runtime.ts';
import type { Steps } from './steps.ts';

const expiredPerRound = 100;
const announcedWaiting = 100;

/** An account whose operator may have set a budget for the day. */
export interface BudgetedAccount extends ProviderAccount {
  /** Left out: none. */
  budget?: DailyBudget;
}

/** The door between our queue and the provider's slots. */
export function createDoor({ store, runtime, steps }: { store: Store; runtime: Runtime; steps: Steps }) {
  return {
    /**
     * Lets as many jobs through as the account has free slots, in fair turn between sellers, and no more in a UTC day
     * than its budget allows. The account's row is locked meanwhile, so that nodes together never exceed either.
     */
    async admit(account: BudgetedAccount): Promise<void> {
      if (!(await store.queue.hasWaiting())) return;
      const now = runtime.now();
      const admitted = await store.transaction(async (tx) => {
        const { pausedUntil } = await store.queue.lockAccount(tx, account.id, now);
        const freeSlots = account.concurrency - (await store.queue.slotsUsed(tx, account.id));
        if (pausedUntil > now || freeSlots <= 0) return [];
        const affordable = await account.budget?.left(tx, { providerAccount: account.id, now });
        const free = Math.min(freeSlots, affordable ?? freeSlots);
        if (free <= 0) return [];
        const rows = [];
        for (const { id } of await store.queue.waiting(tx, free)) {
          const set = { providerAccount: account.id, dueAt: now };
          rows.push(await store.jobs.advance(tx, 'submitting', { id, now, set }));
        }
        return rows.filter((row) => row !== null);
      });
      for (const job of admitted) store.signals.publish({ accountId: job.accountId, jobId: job.id });
      if (admitted.length > 0) await announcePlaces();
    },

    /** A job that never left our queue before its deadline fails with its refund. */
    async turnAwayExpired(): Promise<void> {
      const expired = await store.queue.expired({ now: runtime.now(), limit: expiredPerRound });
      for (const job of expired) await steps.fail(job, 'timed_out', 'no free slot before the deadline');
    },
  };

  /** Everybody behind has moved up. */
  async function announcePlaces(): Promise<void> {
    for (const { id, accountId } of await store.queue.waiting(store.read, announcedWaiting))
      store.signals.publish({ accountId, jobId: id });
  }
}
