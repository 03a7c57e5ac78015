import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Context } from 'hono';
import { routePath } from 'hono/route';
import type { HttpEnv, HttpRoutes } from './env.ts';

/** The pattern that answered, such as `/v1/jobs/:id`; never the address itself, which may hold a token. */
export function routeOf(c: Context<HttpEnv>): string {
  const path = routePath(c, -1);
  return path.endsWith('*') ? 'none' : path;
}

/** Request durations by route, and what Node tells of itself, in one registry of our own. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [registry],
  });
  return {
    registry,
    /** Measures from now until the answer is out. An event stream has no duration worth counting. */
    measure(c: Context<HttpEnv>): void {
      const { outgoing } = c.env;
      const startedAt = performance.now();
      outgoing.once('finish', () => {
        const route = routeOf(c);
        if (route === '/v1/events') return;
        const labels = { method: c.req.method, route, status: String(outgoing.statusCode) };
        durations.observe(labels, (performance.now() - startedAt) / 1000);
      });
    },
  };
}

export type Metrics = ReturnType<typeof createMetrics>;

/** `GET /metrics` in Prometheus' text form. */
export function addMetricsRoute(app: HttpRoutes, { registry }: Metrics): void {
  app.get('/metrics', async (c) => c.body(await registry.metrics(), 200, { 'content-type': registry.contentType }));
}
