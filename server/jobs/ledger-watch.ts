import { AppError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Log } from './runtime.ts';

const hourMs = 3_600_000;
/** While the books disagree the operator is at work: look again soon after the mending. */
const soonMs = 60_000;
const retryAfterSeconds = 60;

interface LedgerWatchParts {
  store: Pick<Store, 'audit'>;
  log: Log;
  /** Default: an hour. */
  everyMs?: number;
}

/**
 * Reads the books at start and then every hour. While they contradict themselves no new job is taken: what is open goes
 * on, and refunds are still given. The first clean reading takes jobs again; it comes within a minute of the mending.
 */
export function createLedgerWatch({ store, log, everyMs = hourMs }: LedgerWatchParts) {
  let sound = true;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function check(): Promise<boolean> {
    const faults = await store.audit.ledgerFaults();
    const accounts = [...new Set(faults.map(({ accountId }) => accountId))];
    if (faults.length > 0)
      log.error(
        { alarm: 'ledger_disagrees', accounts, faults },
        'the ledger contradicts itself: no new job is taken until it agrees; `npm run doctor` shows where',
      );
    else if (!sound) log.info({}, 'the ledger agrees again: new jobs are taken');
    sound = faults.length === 0;
    return sound;
  }

  function plan(): void {
    if (stopped) return;
    timer = setTimeout(
      () => {
        check()
          .catch((fault: unknown) => log.error({ err: fault }, 'the ledger could not be read'))
          .finally(plan);
      },
      sound ? everyMs : Math.min(everyMs, soonMs),
    ).unref();
  }

  return {
    /** Reads the books once, files the verdict and answers it. Throws when the database cannot be read. */
    check,

    /** The first reading, to be awaited before the first request is taken; then one every `everyMs`. */
    async start(): Promise<void> {
      await check();
      plan();
    },

    /** The verdict of the last reading. */
    isSound: () => sound,

    /** Throws `unavailable` while the books contradict themselves. */
    assertSound(): void {
      if (!sound) throw new AppError('unavailable', { retryAfter: retryAfterSeconds });
    },

    stop(): void {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

export type LedgerWatch = ReturnType<typeof createLedgerWatch>;
