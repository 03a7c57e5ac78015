import { createRoute } from '@hono/zod-openapi';
import { batchSchema, createBatchSchema, type Batch } from '../contract.ts';
import { createBatches, type BatchItem } from '../jobs/batch.ts';
import type { HttpParts, HttpRoutes } from './env.ts';
import type { Limits } from './limits.ts';
import { idempotencyHeaders } from './idempotency.ts';
import type { Presenter } from './present.ts';
import { problemAnswer } from './problem.ts';
import { sellerSecurity } from './security.ts';

const answer = { 'application/json': { schema: batchSchema } };
const batchRoute = createRoute({
  method: 'post',
  path: '/v1/batches',
  summary: 'Orders the same for many pictures, or tells the price; one failure does not stop the rest',
  security: sellerSecurity,
  request: {
    headers: idempotencyHeaders,
    body: { required: true, content: { 'application/json': { schema: createBatchSchema } } },
  },
  responses: {
    200: { description: 'A dry run: the price', content: answer },
    201: { description: 'What became of each item, in their order', content: answer },
    ...problemAnswer,
  },
});

interface BatchParts extends Pick<HttpParts, 'jobs' | 'store'> {
  present: Presenter;
  limits: Limits;
}

/** `POST /v1/batches`. Against the limit of orders counts the call, and every item that may be ordered. */
export function addBatchesRoute(app: HttpRoutes, { jobs, store, present, limits }: BatchParts): void {
  const batches = createBatches({ jobs, store });

  async function shown(item: BatchItem): Promise<Batch['items'][number]> {
    return 'job' in item ? { job: await present.job(item.job) } : item;
  }

  app.openapi(batchRoute, async (c) => {
    const { items, budget, dryRun, ...request } = c.req.valid('json');
    const { accountId } = c.var.seller;
    const idempotencyKey = c.req.valid('header')['Idempotency-Key'];
    const order = { accountId, idempotencyKey, request, items, ...(budget !== undefined && { budget }) };
    if (!dryRun) await limits.countCreate(accountId, items.length);
    const outcome = dryRun ? await batches.quote(order) : await batches.create(order);
    const { groupId, total, spent } = outcome;
    const balance = (await store.accounts.get(accountId))?.balance ?? 0;
    const affordable = total - spent <= balance && total <= (budget ?? Infinity);
    const facts = { groupId, count: items.length, total, spent, balance, affordable };
    return c.json({ ...facts, items: await Promise.all(outcome.items.map(shown)) }, dryRun ? 200 : 201);
  });
}
