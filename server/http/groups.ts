import { createRoute, z } from '@hono/zod-openapi';
import { groupSchema, pageOf } from '../contract.ts';
import type { HttpParts, HttpRoutes } from './env.ts';
import { isoTime } from './present.ts';
import { problemAnswer } from './problem.ts';
import { sellerSecurity } from './security.ts';

/** The moment and id of the last group given: several may be of one moment. */
const cursorSchema = z
  .string()
  .regex(/^\d{1,15}~.{1,64}$/s)
  .transform((text) => {
    const [createdAt] = text.split('~', 1);
    return { createdAt: Number(createdAt), id: text.slice(createdAt!.length + 1) };
  })
  .openapi({ type: 'string' });

const groupsRoute = createRoute({
  method: 'get',
  path: '/v1/groups',
  summary: "The seller's groups that still have a job, newest first",
  security: sellerSecurity,
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(100).default(20),
      cursor: cursorSchema.optional(),
    }),
  },
  responses: {
    200: { description: 'A page of groups', content: { 'application/json': { schema: pageOf(groupSchema) } } },
    ...problemAnswer,
  },
});

/** `GET /v1/groups`. */
export function addGroupsRoute(app: HttpRoutes, { store }: Pick<HttpParts, 'store'>): void {
  app.openapi(groupsRoute, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const { accountId } = c.var.seller;
    const wish = { accountId, limit: limit + 1, ...(cursor && { before: cursor }) };
    const rows = await store.groups.list(wish);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    const nextCursor = last ? `${last.createdAt}~${last.id}` : null;
    const shown = items.map(({ id, name, jobs, createdAt }) => ({ id, name, jobs, createdAt: isoTime(createdAt) }));
    return c.json({ items: shown, nextCursor }, 200);
  });
}
