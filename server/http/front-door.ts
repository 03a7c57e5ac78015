import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { AppError } from '../errors.ts';
import type { HttpEnv } from './env.ts';
import type { Metrics } from './metrics.ts';

/** Lets pages of other origins load what a route answers (pictures, clips, the widget). */
export const embeddable = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' };

/**
 * What every answer carries unless its route says otherwise. Set on the Node response, so that streams, errors and
 * unknown routes have it too; three ready-made middlewares for the same cost half of the throughput
 * (`facts/performance.md` section 1).
 */
export function createFrontDoor({ publicUrl, metrics }: { publicUrl: string; metrics: Metrics }) {
  const standing = Object.entries({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
    ...(publicUrl.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000' }),
  });
  const frontDoor: MiddlewareHandler<HttpEnv> = (c, next) => {
    const { outgoing } = c.env;
    const requestId = randomUUID();
    c.set('requestId', requestId);
    for (const [name, value] of standing) outgoing.setHeader(name, value);
    outgoing.setHeader('x-request-id', requestId);
    metrics.measure(c);
    // PostgreSQL cannot even be asked for such a text, and no record has one.
    if (c.req.url.includes('%00')) throw new AppError('not_found');
    return next();
  };
  return frontDoor;
}
