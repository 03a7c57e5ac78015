import { OpenAPIHono } from '@hono/zod-openapi';
import { AppError } from '../errors.ts';
import type { HttpEnv, HttpParts, HttpRoutes } from './env.ts';
import { createFrontDoor } from './front-door.ts';
import { addHealthRoutes } from './health.ts';
import { addMetricsRoute, type Metrics } from './metrics.ts';
import { createErrorTranslator, problemResponse } from './problem.ts';

/** What a process answers that does no web work: `/healthz`, `/readyz` and `/metrics`. */
export function createProbes({
  publicUrl,
  log,
  ready,
  metrics,
}: Pick<HttpParts, 'log' | 'ready'> & { publicUrl: string; metrics: Metrics }): HttpRoutes {
  const app = new OpenAPIHono<HttpEnv>();
  app.onError(createErrorTranslator(log));
  app.notFound((c) => problemResponse(c, new AppError('not_found')));
  app.use(createFrontDoor({ publicUrl, metrics }));
  addHealthRoutes(app, { log, ready });
  addMetricsRoute(app, metrics);
  return app;
}
