import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

const windowSeconds = 15 * 60;
const perAddress = 10;
/** Against guessing from many addresses; wide enough that one guesser alone cannot lock the operator out. */
const overall = 200;

/** Counts sign-in attempts before the password is looked at, so that parallel guesses count too. */
export function createAttempts() {
  const byAddress = new RateLimiterMemory({ keyPrefix: 'address', points: perAddress, duration: windowSeconds });
  const all = new RateLimiterMemory({ keyPrefix: 'all', points: overall, duration: windowSeconds });

  return {
    /** Seconds to wait, or null when this attempt is allowed. A refused attempt never counts for the others. */
    async take(address: string): Promise<number | null> {
      try {
        await byAddress.consume(address);
        await all.consume('all');
        return null;
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      }
    },

    /** The right password was given: this address starts anew. */
    async forget(address: string): Promise<void> {
      await byAddress.delete(address);
      await all.reward('all');
    },
  };
}
