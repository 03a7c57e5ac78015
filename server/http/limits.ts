import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../errors.ts';
import type { HttpSettings } from './env.ts';

/** Counts calls of the last minute in memory. Each method throws `rate_limited` with `retryAfter` in seconds. */
export function createLimits({
  creates = 600,
  uploads = 120,
  scenes = 10,
  badTokens = 300,
}: HttpSettings['perMinute'] = {}) {
  const perMinute = (points: number, keyPrefix: string) => new RateLimiterMemory({ points, duration: 60, keyPrefix });
  const limiters = {
    creates: perMinute(creates, 'create'),
    uploads: perMinute(uploads, 'upload'),
    scenes: perMinute(scenes, 'scenes'),
    badTokens: perMinute(badTokens, 'bad-token'),
  };
  return {
    countCreate: (accountId: string, jobs = 1) => count(limiters.creates, accountId, jobs),
    countUpload: (accountId: string) => count(limiters.uploads, accountId),
    countScenes: (accountId: string) => count(limiters.scenes, accountId),
    countBadToken: (address: string) => count(limiters.badTokens, address),
  };
}

export type Limits = ReturnType<typeof createLimits>;

async function count(limiter: RateLimiterMemory, key: string, calls = 1): Promise<void> {
  try {
    await limiter.consume(key, calls);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new AppError('rate_limited', { retryAfter: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)) });
  }
}
