import { createRoute } from '@hono/zod-openapi';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { HttpRoutes } from './env.ts';
import type { EventHub } from './event-hub.ts';
import { problemAnswer } from './problem.ts';
import { sellerSecurity } from './security.ts';

const eventsRoute = createRoute({
  method: 'get',
  path: '/v1/events',
  summary: 'Server-Sent Events: `job` {job} and `balance` {balance}, until the token ends',
  security: sellerSecurity,
  // Told, not checked: whoever checks reads all headers, and they would stay in memory as long as the stream.
  parameters: [
    {
      name: 'Last-Event-ID',
      in: 'header',
      schema: { type: 'string' },
      description: 'The last id seen; what changed since is sent',
    },
  ],
  responses: {
    200: { description: 'The stream', content: { 'text/event-stream': { schema: { type: 'string' } } } },
    ...problemAnswer,
  },
});

/** `GET /v1/events`. */
export function addEventsRoute(app: HttpRoutes, hub: EventHub): void {
  app.openapi(eventsRoute, (c) => {
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const lastEventId = c.req.header('last-event-id') ?? '';
    const { accountId, expiresAtMs } = c.var.seller;
    const seenMs = /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : undefined;
    hub.attach({ accountId, expiresAtMs, seenMs, outgoing: c.env.outgoing });
    return RESPONSE_ALREADY_SENT;
  });
}
