/** So many woken rounds in a row may find nothing before the next ones come with a rest between them. */
const patience = 3;
const restMs = 100;

interface LoopParts {
  /** Does what there is to do; answers whether there was anything. */
  round(): Promise<boolean>;
  /** Told of what a round throws; the next one comes all the same. */
  onFault(fault: unknown): void;
  /** How long a loop waits that nobody wakes. */
  idleMs: number;
  /** Epoch milliseconds. */
  now(): number;
}

/**
 * Rounds one after another, from `start` to `stop`. News wakes an idle loop at once; most news is none of this node's
 * business, so after three woken rounds in a row that found nothing the next ones begin 100 ms apart, until one finds
 * something or it is quiet for so long.
 */
export function createLoop({ round, onFault, idleMs, now }: LoopParts) {
  let running: Promise<void> | null = null;
  let isStopping = false;
  let isNudged = false;
  let isWoken = false;
  let isResting = false;
  let inVain = 0;
  let restsUntil = -Infinity;
  let goOn = () => {};

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      goOn = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    while (!isStopping) {
      const isByNewsAlone = isWoken && !isNudged;
      isNudged = false;
      isWoken = false;
      const startedAt = now();
      const hasFound = await round().catch((fault: unknown) => onFault(fault));
      if (hasFound) inVain = 0;
      else if (isByNewsAlone && ++inVain >= patience) restsUntil = startedAt + restMs;
      if (!isNudged && !isWoken && !isStopping) await sleep(idleMs);
      await rest();
    }
  }

  /** A clock that was set back lets nobody rest longer. */
  async function rest(): Promise<void> {
    const leftMs = Math.min(restMs, restsUntil - now());
    if (!isWoken || isNudged || isStopping || leftMs <= 0) return;
    isResting = true;
    await sleep(leftMs);
    isResting = false;
  }

  return {
    /** There is work: the next round begins as soon as this one has ended. */
    nudge(): void {
      isNudged = true;
      goOn();
    },

    /** There may be work. */
    wake(): void {
      isWoken = true;
      if (!isResting) goOn();
    },

    start(): void {
      running ??= run();
    },

    /** Resolves when the round in hand has ended. */
    async stop(): Promise<void> {
      isStopping = true;
      goOn();
      await running;
    },
  };
}
