import { serve } from '@hono/node-server';
import type { Hono } from 'hono';

/** Serves a floor on `PORT` of the loopback, with a sign of life at `/healthz`. */
export function serveFloor(app: Hono): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env['PORT']) });
}
