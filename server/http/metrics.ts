import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { Histogram, Registry } from 'prom-client';
import type { Context } from 'hono';
import { routePath } from 'hono/route';
import type { HttpEnv, HttpRoutes } from './env.ts';

/** The pattern that answered, such as `/v1/jobs/:id`; never the address itself, which may hold a token. */
export function routeOf(c: Context<HttpEnv>): string {
  const path = routePath(c, -1);
  return path.endsWith('*') ? 'none' : path;
}

/** Request durations by route in the registry, and a span for each request where traces are collected. */
export function createMetrics(registry = new Registry()) {
  const tracer = trace.getTracer('http');
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [registry],
  });
  return {
    registry,
    /**
     * Measures from now until the answer is out. An event stream has no duration worth counting, and thousands of them
     * would each keep their request in memory for it.
     */
    measure(c: Context<HttpEnv>): void {
      if (c.req.path === '/v1/events') return;
      const { outgoing } = c.env;
      const startedAt = performance.now();
      const span = tracer.startSpan(c.req.method, { kind: SpanKind.SERVER });
      outgoing.on('finish', () => {
        const route = routeOf(c);
        const { method } = c.req;
        const status = outgoing.statusCode;
        durations.observe({ method, route, status: String(status) }, (performance.now() - startedAt) / 1000);
        if (!span.isRecording()) return;
        span.updateName(`${method} ${route}`).setAttributes({
          'http.request.method': method,
          'http.route': route,
          'http.response.status_code': status,
          'request.id': c.var.requestId,
        });
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      });
    },
  };
}

export type Metrics = ReturnType<typeof createMetrics>;

/** `GET /metrics` in Prometheus' text form. */
export function addMetricsRoute(app: HttpRoutes, { registry }: Metrics): void {
  app.get('/metrics', async (c) => c.body(await registry.metrics(), 200, { 'content-type': registry.contentType }));
}
