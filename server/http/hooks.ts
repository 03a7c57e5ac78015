import { createRoute, z } from '@hono/zod-openapi';
import { AppError } from '../errors.ts';
import { readKieCallback, verifyKieCallback } from '../providers/kie-callback.ts';
import { verifyKlingCallback } from '../providers/kling-callback.ts';
import { readBody } from './body.ts';
import type { HttpParts, HttpRoutes } from './env.ts';
import { problemAnswer } from './problem.ts';

const maxBytes = 256 * 1024;

const hookRoute = <Path extends string>(path: Path, summary: string) =>
  createRoute({
    method: 'post',
    path,
    summary,
    request: { params: z.object({ token: z.string() }) },
    responses: {
      200: {
        description: 'Always, for known and unknown tokens',
        content: { 'application/json': { schema: z.object({}) } },
      },
      ...problemAnswer,
    },
  });

const klingHookRoute = hookRoute(
  '/hooks/kling/{token}',
  "Kling's callback: the job is looked at soon, and nothing else is taken from it",
);
const kieHookRoute = hookRoute(
  '/hooks/kie/{token}',
  "Kie.ai's callback: the job is looked at soon; a task that it names counts once Kie.ai itself says that it is the job's",
);

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
 * `POST /hooks/kling/:token` and `POST /hooks/kie/:token`. The hint is not waited for: the answer comes at once and takes
 * the same time whether or not the token is one of ours.
 */
export function addHookRoutes(app: HttpRoutes, { jobs, secrets, runtime, settings, log }: HookParts): void {
  function hint(token: string, claims: Parameters<typeof jobs.hint>[1]): void {
    const jobId = secrets.callbackTokens.verify(token);
    if (!jobId) return;
    jobs
      .hint(jobId, claims)
      .catch((fault: unknown) => log.warn({ jobId, err: fault }, 'a callback could not be noted; polling will'));
  }

  app.openapi(klingHookRoute, async (c) => {
    const rawBody = await readBody(c, maxBytes);
    if (settings.webhookSecret !== undefined) {
      const callback = { secret: settings.webhookSecret, headers: c.req.header(), rawBody, now: runtime.now() };
      if (!verifyKlingCallback(callback)) throw new AppError('unauthorized');
    }
    hint(c.req.valid('param').token, claimsOf(rawBody));
    return c.json({}, 200);
  });

  app.openapi(kieHookRoute, async (c) => {
    const claims = readKieCallback(await readBody(c, maxBytes));
    if (settings.kieWebhookKey !== undefined) {
      const { taskId } = claims;
      const proof = { key: settings.kieWebhookKey, headers: c.req.header(), taskId, now: runtime.now() };
      if (!verifyKieCallback(proof)) throw new AppError('unauthorized');
    }
    hint(c.req.valid('param').token, claims);
    return c.json({}, 200);
  });
}
