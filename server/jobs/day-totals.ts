import type { Store } from '../store/store.ts';
import type { Log, Runtime } from './runtime.ts';

const minuteMs = 60_000;
/** Between two days of a long row of them, so that a server with years behind it goes about its work meanwhile. */
const breathMs = 25;
/**
 * Counted once more by each process: while nodes were brought to a new version one after the other, an older one may
 * have changed jobs without a mark.
 */
const daysCountedAnew = 3;

interface DayTotalsParts {
  store: Pick<Store, 'usageDays'>;
  runtime: Pick<Runtime, 'now'>;
  log: Log;
  /** Default: 25. */
  pauseMs?: number;
}

/**
 * Adds up the jobs of past days for the usage page: a day an hour after its end, days that changed since, and, one
 * after the other from the newest on, all that a server had behind it before it kept totals. What is not added up yet is
 * counted when it is asked for, so nothing is wrong before.
 */
export function createDayTotals({ store: { usageDays }, runtime, log, pauseMs = breathMs }: DayTotalsParts) {
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<unknown> = Promise.resolve();
  let stopped = false;
  let isFirst = true;

  const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

  /** Answers how many days it has added up. */
  async function addUp(): Promise<number> {
    const last = usageDays.lastClosed(runtime.now());
    const first = await usageDays.first();
    if (first === null) return 0;
    const anew = isFirst ? Math.max(first, last - daysCountedAnew + 1) : last + 1;
    const waiting = await usageDays.waiting(first, last);
    const days = new Set([...Array.from({ length: Math.max(0, last - anew + 1) }, (_, n) => last - n), ...waiting]);
    let added = 0;
    for (const day of days) {
      if (stopped) return added;
      await usageDays.addUp(day, () => pause(0));
      added += 1;
      await pause(pauseMs);
    }
    isFirst = false;
    return added;
  }

  function plan(ms: number): void {
    timer = setTimeout(() => {
      working = addUp()
        .catch((fault: unknown) => log.warn({ err: fault }, 'days could not be added up for the usage page'))
        .finally(() => stopped || plan(minuteMs));
    }, ms).unref();
  }

  return {
    addUp,

    /** A look at once, then one a minute. */
    start: (): void => plan(0),

    /** Answers when the day in hand is done with. */
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}
