import type { ProviderAccount } from '../providers/provider.ts';
import type { Tx } from '../store/database.ts';
import type { JobSort } from '../store/job-queue.ts';
import type { JobRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { DailyBudget } from './caps.ts';
import type { Runtime } from './runtime.ts';
import type { Steps } from './steps.ts';
import { unhurried } from '../unhurried.ts';

const expiredPerRound = 100;
const announcedWaiting = 100;
/** The look walks the whole queue, and rounds follow each other without a pause while orders come in. */
const expiredSpacingMs = 1_000;

/** An account whose operator may have set a budget for the day. */
export interface BudgetedAccount extends ProviderAccount {
  /** Left out: none. */
  budget?: DailyBudget;
  /** Takes no more jobs; those that it holds finish there. */
  closed?: boolean;
}

/** What may be let through to an account: only what it can make. */
interface Offer {
  paused: string[];
  stranded: JobSort[];
  waiting: JobSort[];
}

interface Unsent {
  of: string[];
  sorts: JobSort[];
  limit: number;
  now: number;
}

/** The door between our queue and the provider's slots. */
export function createDoor({ store, runtime, steps }: { store: Store; runtime: Runtime; steps: Steps }) {
  let lookedForExpiredMs = -Infinity;
  // In every round while an account has room; of a long queue the look is dear, and a new sort may wait for it a little.
  const waitingSorts = unhurried(store.queue.waitingSorts, { now: runtime.now });

  return {
    /**
     * Offers the queue to the accounts in their order: one that is paused, full or spent is passed over, and the next one
     * takes the jobs. What a paused account holds unsent moves to another one before new jobs do. Answers how many jobs
     * have passed.
     */
    async admit(accounts: readonly BudgetedAccount[]): Promise<number> {
      const paused = accounts.length > 1 ? await pausedOf(accounts) : [];
      const stranded = paused.length > 0 ? await store.queue.unsentSorts({ of: paused, now: runtime.now() }) : [];
      if (stranded.length === 0 && !(await store.queue.hasWaiting())) return 0;
      const open = await withRoom(accounts);
      const waiting = open.length > 0 ? await waitingSorts() : [];
      const admitted: JobRow[] = [];
      for (const account of open) {
        const canMake = (sort: JobSort) => sort.provider === account.provider && account.clientFor(sort) !== null;
        const offer = { paused, stranded: stranded.filter(canMake), waiting: waiting.filter(canMake) };
        const isAny = offer.stranded.length + offer.waiting.length > 0;
        if (isAny) admitted.push(...(await admitTo(account, offer)));
      }
      if (admitted.length > 0) await announcePlaces();
      return admitted.length;
    },

    /** A job that never left our queue before its deadline fails with its refund. Looked for once in a second. */
    async turnAwayExpired(): Promise<void> {
      const now = runtime.now();
      if (Math.abs(now - lookedForExpiredMs) < expiredSpacingMs) return;
      lookedForExpiredMs = now;
      const expired = await store.queue.expired({ now, limit: expiredPerRound });
      for (const job of expired) await steps.fail(job, 'timed_out', 'no free slot before the deadline');
    },
  };

  /**
   * Lets as many jobs through as the account has free slots, in fair turn between sellers, whichever account holds their
   * others, and no more in a UTC day than its budget allows. The account's row is locked meanwhile, so that nodes
   * together never exceed either.
   */
  function admitTo(account: BudgetedAccount, { paused, stranded, waiting }: Offer): Promise<JobRow[]> {
    const now = runtime.now();
    return store.transaction(async (tx) => {
      const { pausedUntil } = await store.queue.lockAccount(tx, account.id, now);
      const freeSlots = account.concurrency - (await store.queue.slotsUsed(tx, account.id));
      if (pausedUntil > now || freeSlots <= 0) return [];
      const affordable = await account.budget?.left(tx, { providerAccount: account.id, now });
      const free = Math.min(freeSlots, affordable ?? freeSlots);
      if (free <= 0) return [];
      const wish = { to: account.id, of: paused, sorts: stranded, limit: free, now };
      const moved = stranded.length > 0 ? await takeOver(tx, wish) : [];
      const rows = [];
      const room = free - moved.length;
      const isRoom = room > 0 && waiting.length > 0;
      for (const { id } of isRoom ? await store.queue.waiting(tx, room, waiting) : []) {
        const set = { providerAccount: account.id, dueAt: now };
        rows.push(await store.jobs.advance(tx, 'submitting', { id, now, set }));
      }
      return [...moved, ...rows.filter((row) => row !== null)];
    });
  }

  /** Looked at without a lock first, so that while all slots are taken a long queue costs neither a write nor a walk. */
  async function withRoom(accounts: readonly BudgetedAccount[]): Promise<BudgetedAccount[]> {
    const used = await store.queue.slotsUsedByAccount(store.read);
    return accounts.filter(({ id, concurrency, closed }) => !closed && (used.get(id) ?? 0) < concurrency);
  }

  /** Only jobs of which the paused accounts are proven to hold no task. */
  async function takeOver(tx: Tx, wish: Unsent & { to: string }): Promise<JobRow[]> {
    const { to, now } = wish;
    const rows = [];
    for (const { id, providerAccount } of await store.queue.unsent(tx, wish))
      rows.push(await store.jobs.transfer(tx, { id, from: providerAccount!, to, now }));
    return rows.filter((row) => row !== null);
  }

  async function pausedOf(accounts: readonly BudgetedAccount[]): Promise<string[]> {
    const now = runtime.now();
    const rows = (await store.queue.providerAccounts()).filter((row) => row.pausedUntil > now);
    return rows.map((row) => row.id).filter((id) => accounts.some((account) => account.id === id));
  }

  /** Everybody behind has moved up. */
  async function announcePlaces(): Promise<void> {
    const waiting = await store.queue.waiting(store.read, announcedWaiting);
    store.signals.publish(...waiting.map(({ id, accountId }) => ({ accountId, jobId: id })));
  }
}
