import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

const windowSeconds = 15 * 60;
const perAddress = 10;
/** Wider than what one address has, so that one guesser alone cannot lock an operator out. */
const perLogin = 50;
/** Against guessing many logins from many addresses. */
const overall = 200;
/** Failures that get a row in the audit log; the rest is in the server's log only, so that guessing fills no disk. */
const rowsPerAddress = 3;
const rowsOverall = 30;

const limiter = (keyPrefix: string, points: number) =>
  new RateLimiterMemory({ keyPrefix, points, duration: windowSeconds });

interface Attempt {
  address: string;
  /** As typed: it need not exist. */
  login: string;
}

/** Counts sign-in attempts before the password is looked at, so that parallel guesses count too. */
export function createAttempts() {
  const byAddress = limiter('address', perAddress);
  const byLogin = limiter('login', perLogin);
  const all = limiter('all', overall);
  const rowsByAddress = limiter('rows-of-address', rowsPerAddress);
  const allRows = limiter('rows', rowsOverall);

  return {
    /** Seconds to wait, or null when this attempt is allowed. A refused attempt never counts for the others. */
    take: ({ address, login }: Attempt): Promise<number | null> =>
      waitSeconds(async () => {
        await byAddress.consume(address);
        await byLogin.consume(login);
        await all.consume('all');
      }),

    /** The right password was given: this address and this login start anew. */
    async forget({ address, login }: Attempt): Promise<void> {
      await byAddress.delete(address);
      await byLogin.delete(login);
      await all.reward('all');
    },

    /** Whether this failure of an address is still one of the few that are written to the audit log. */
    async isWorthARow(address: string): Promise<boolean> {
      const wait = await waitSeconds(async () => {
        await rowsByAddress.consume(address);
        await allRows.consume('all');
      });
      return wait === null;
    },
  };
}

export type Attempts = ReturnType<typeof createAttempts>;

async function waitSeconds(consume: () => Promise<void>): Promise<number | null> {
  try {
    await consume();
    return null;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
  }
}
