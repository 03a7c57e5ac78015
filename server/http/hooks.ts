import { createRoute, z } from '@hono/zod-openapi';
import { AppError } from '../errors.ts';
import { verifyKlingCallback } from '../providers/kling-callback.ts';
import { readBody } from './body.ts';
import type { HttpParts, HttpRoutes } from './env.ts';
import { problemAnswer } from './problem.ts';

const maxBytes = 256 * 1024;

const klingHookRoute = createRoute({
  method: 'post',
  path: '/hooks/kling/{token}',
  summary: "Kling's callback: the job is looked at soon, and nothing else is taken from it",
  request: { params: z.object({ token: z.string() }) },
  responses: {
    200: {
      description: 'Always, for known and unknown tokens',
      content: { 'application/json': { schema: z.object({}) } },
    },
    ...problemAnswer,
  },
});

// The bodies of the legacy and of the new API (callbacks page, captured 2026-09-20); the page itself is at odds about which
// comes when.
const claimsSchema = z.union([
  z.object({ task_status: z.string(), task_status_msg: z.string().optional() }),
  z
    .object({ status: z.string(), message: z.string().optional() })
    .transform(({ status, message }) => ({ task_status: status, ...(message && { task_status_msg: message }) })),
]);

/** What the callback says about its task, for the job's timeline; nothing when it cannot be read. */
function claimsOf(rawBody: Uint8Array): Record<string, unknown> {
  try {
    return claimsSchema.parse(JSON.parse(Buffer.from(rawBody).toString()));
  } catch {
    return {};
  }
}

type HookParts = Pick<HttpParts, 'jobs' | 'secrets' | 'runtime' | 'settings' | 'log'>;

/**
 * `POST /hooks/kling/:token`. The hint is not waited for: the answer comes at once and takes the same time whether or
 * not the token is one of ours.
 */
export function addHookRoutes(app: HttpRoutes, { jobs, secrets, runtime, settings, log }: HookParts): void {
  app.openapi(klingHookRoute, async (c) => {
    const rawBody = await readBody(c, maxBytes);
    if (settings.webhookSecret !== undefined) {
      const callback = { secret: settings.webhookSecret, headers: c.req.header(), rawBody, now: runtime.now() };
      if (!verifyKlingCallback(callback)) throw new AppError('unauthorized');
    }
    const jobId = secrets.callbackTokens.verify(c.req.valid('param').token);
    if (jobId)
      jobs
        .hint(jobId, claimsOf(rawBody))
        .catch((fault: unknown) => log.warn({ jobId, err: fault }, 'a callback could not be noted; polling will'));
    return c.json({}, 200);
  });
}
