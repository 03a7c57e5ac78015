import { randomUUID } from 'node:crypto';
import { ServerResponse, type OutgoingHttpHeaders } from 'node:http';
import type { MiddlewareHandler } from 'hono';
import { AppError } from '../errors.ts';
import type { HttpEnv } from './env.ts';
import type { Metrics } from './metrics.ts';

/** Lets pages of other origins load what a route answers (pictures, clips, the widget). */
export const embeddable = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' };

/**
 * What every answer carries unless its route says otherwise, in `c.var.head`. It joins when the Node response writes its
 * head, so that streams, errors and unknown routes have it too. Three ready-made middlewares for the same cost half of the
 * throughput, and `setHeader` keeps a kilobyte for each open stream.
 */
export function createFrontDoor({ publicUrl, metrics }: { publicUrl: string; metrics: Metrics }) {
  const standing = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
    ...(publicUrl.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000' }),
  };
  const frontDoor: MiddlewareHandler<HttpEnv> = (c, next) => {
    const requestId = randomUUID();
    const head = { ...standing, 'x-request-id': requestId };
    c.set('requestId', requestId);
    c.set('head', head);
    joinHead(c.env.outgoing, head);
    metrics.measure(c);
    // PostgreSQL cannot even be asked for such a text, and no record has one.
    if (c.req.url.includes('%00')) throw new AppError('not_found');
    return next();
  };
  return frontDoor;
}

function joinHead(outgoing: ServerResponse, head: OutgoingHttpHeaders): void {
  const writeHead = (status: number, headers?: OutgoingHttpHeaders) =>
    ServerResponse.prototype.writeHead.call(outgoing, status, { ...head, ...headers });
  Object.assign(outgoing, { writeHead });
}
