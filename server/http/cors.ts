import type { MiddlewareHandler } from 'hono';
import { AppError } from '../errors.ts';
import type { HttpEnv } from './env.ts';
import type { SiteDirectory } from './sites.ts';

const preflightAnswer = {
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers': 'authorization, content-type, idempotency-key, last-event-id',
  'access-control-max-age': '600',
};

/**
 * Lets a page read our answers when some site lists its origin; whether that site is the token's own is the guard's
 * question. Never with credentials, never an echo of what was asked for.
 */
export function createCors(sites: SiteDirectory): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const { head } = c.var;
    head['vary'] = 'Origin';
    const origin = c.req.header('origin');
    if (origin === undefined) return next();
    const isListed = await sites.listsOrigin(origin);
    if (isListed) {
      head['access-control-allow-origin'] = origin;
      head['access-control-expose-headers'] = 'x-request-id, retry-after';
    }
    if (c.req.method !== 'OPTIONS') return next();
    if (!isListed) throw new AppError('origin_not_allowed');
    return c.body(null, 204, preflightAnswer);
  };
}
