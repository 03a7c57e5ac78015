import { createRoute, z } from '@hono/zod-openapi';
import { AppError } from '../errors.ts';
import type { HttpParts, HttpRoutes } from './env.ts';
import { problemAnswer } from './problem.ts';

const answer = { 'application/json': { schema: z.object({ status: z.literal('ok') }) } };
const ok = { status: 'ok' } as const;

const aliveRoute = createRoute({
  method: 'get',
  path: '/healthz',
  summary: 'Whether the process answers',
  responses: { 200: { description: 'It does', content: answer }, ...problemAnswer },
});

const readyRoute = createRoute({
  method: 'get',
  path: '/readyz',
  summary: 'Whether database, storage and ledger are sound and the server is not stopping; 503 names what fails',
  responses: { 200: { description: 'They do', content: answer }, ...problemAnswer },
});

/** `GET /healthz` and `GET /readyz`. */
export function addHealthRoutes(app: HttpRoutes, { ready, log }: Pick<HttpParts, 'ready' | 'log'>): void {
  app.openapi(aliveRoute, (c) => c.json(ok, 200));

  app.openapi(readyRoute, async (c) => {
    const parts = await ready();
    const failing = Object.keys(parts).filter((name) => parts[name] !== 'ok');
    if (failing.length === 0) return c.json(ok, 200);
    log.warn({ parts }, 'not ready');
    throw new AppError('unavailable', { failing });
  });
}
