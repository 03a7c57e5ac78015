import { AppError } from '../errors.ts';
import type { Tx } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import type { Log } from './runtime.ts';

/** How much may be ordered. Zero is no cap. A day is a UTC day. */
export interface CapSettings {
  sellerDailyJobs: number;
  sellerOpenJobs: number;
  /** Of all sellers of one site together. */
  siteDailyJobs: number;
}

const dayMs = 24 * 3_600_000;
/** When it is worth asking again while jobs are open: about as long as a clip takes. */
const openRetrySeconds = 60;

/** The first moment of the UTC day. */
export function dayStartMs(now: number): number {
  return now - (now % dayMs);
}

/** The lower of two caps, where zero is none. */
const stricter = (one: number, other: number): number => (one && other ? Math.min(one, other) : one || other);

/** Limits against cost drain, looked at where a job is made: the server's and the site's own, whichever is stricter. */
export function createCaps({ store, settings }: { store: Pick<Store, 'counts' | 'sites'>; settings: CapSettings }) {
  return {
    /**
     * Refuses a job that is one too many. Call it inside the create transaction, after the job was inserted and its
     * account's balance was written: the lock on that row is what makes parallel creates count one after the other.
     * Throws `rate_limited` with the cap's name, its limit and `retryAfter` in seconds; the transaction then takes job
     * and debit back.
     */
    async assertRoom(tx: Tx, { accountId, now }: { accountId: string; now: number }): Promise<void> {
      const { counts } = store;
      const own = await store.sites.capsOf(tx, accountId);
      const sellerOpenJobs = stricter(settings.sellerOpenJobs, own.sellerOpenJobs);
      const sellerDailyJobs = stricter(settings.sellerDailyJobs, own.sellerDailyJobs);
      const siteDailyJobs = stricter(settings.siteDailyJobs, own.siteDailyJobs);
      const since = dayStartMs(now);
      const untilTomorrow = Math.ceil((since + dayMs - now) / 1_000);
      const refuse = (cap: string, limit: number, retryAfter: number) => {
        throw new AppError('rate_limited', { cap, limit, retryAfter });
      };
      if (sellerOpenJobs && (await counts.openOf(tx, accountId)) > sellerOpenJobs)
        refuse('seller_open_jobs', sellerOpenJobs, openRetrySeconds);
      if (sellerDailyJobs && (await counts.hasMoreThan(tx, { accountId, limit: sellerDailyJobs, since })))
        refuse('seller_daily_jobs', sellerDailyJobs, untilTomorrow);
      if (siteDailyJobs && (await counts.ofSiteSince(tx, { accountId, since })) > siteDailyJobs)
        refuse('site_daily_jobs', siteDailyJobs, untilTomorrow);
    },
  };
}

export type Caps = ReturnType<typeof createCaps>;

interface BudgetParts {
  store: Pick<Store, 'counts' | 'queue'>;
  log: Log;
  /** Tasks a day, at least one. */
  dailyTasks: number;
  /** Accounts that spend from it together, such as the two of one set of credentials. Left out: each by itself. */
  sharedBy?: readonly string[];
}

/** What a provider account may spend in a UTC day, in tasks. */
export function createDailyBudget({ store, log, dailyTasks, sharedBy }: BudgetParts) {
  let reportedDay = 0;
  return {
    /**
     * How many more tasks the day allows; jobs on their way to the provider count as tasks. Call it in the transaction
     * that holds the account's row. Raises an alarm once a day when there is nothing left for the jobs that wait.
     */
    async left(tx: Tx, { providerAccount, now }: { providerAccount: string; now: number }): Promise<number> {
      const since = dayStartMs(now);
      const spenders = sharedBy ?? [providerAccount];
      // The others come here with their own row locked and wait at the first one's, so that nodes never count at once.
      if (spenders[0] !== undefined && spenders[0] !== providerAccount)
        await store.queue.lockAccount(tx, spenders[0], now);
      let left = dailyTasks;
      for (const spender of spenders) left -= await store.counts.tasksSince(tx, { providerAccount: spender, since });
      left = Math.max(0, left);
      if (left === 0 && reportedDay !== since) {
        reportedDay = since;
        log.error(
          { alarm: 'daily_budget_used', providerAccount, dailyTasks },
          'the daily budget of this provider account is used up: jobs wait in the queue until the next UTC day',
        );
      }
      return left;
    },
  };
}

export type DailyBudget = ReturnType<typeof createDailyBudget>;
