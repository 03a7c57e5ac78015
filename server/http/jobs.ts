import { createRoute, z } from '@hono/zod-openapi';
import { createdJobSchema, createJobSchema, jobListQuerySchema, jobSchema, pageOf } from '../contract.ts';
import type { HttpParts, HttpRoutes } from './env.ts';
import { idempotencyHeaders } from './idempotency.ts';
import { pageFrom } from './page.ts';
import type { Presenter } from './present.ts';
import { problemAnswer } from './problem.ts';
import { sellerSecurity } from './security.ts';

const json = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { 'application/json': { schema } },
});
const params = z.object({ id: z.string() });
const security = sellerSecurity;

const createJobRoute = createRoute({
  method: 'post',
  path: '/v1/jobs',
  summary: 'Orders a clip: debits the tokens and queues the job',
  security,
  request: {
    headers: idempotencyHeaders,
    body: { required: true, content: { 'application/json': { schema: createJobSchema } } },
  },
  responses: { 201: json('The job and the tokens left', createdJobSchema), ...problemAnswer },
});

const listJobsRoute = createRoute({
  method: 'get',
  path: '/v1/jobs',
  summary: "The seller's jobs, newest first",
  security,
  request: { query: jobListQuerySchema },
  responses: { 200: json('A page of jobs', pageOf(jobSchema)), ...problemAnswer },
});

const readJobRoute = createRoute({
  method: 'get',
  path: '/v1/jobs/{id}',
  summary: 'One job',
  security,
  request: { params },
  responses: { 200: json('The job', z.object({ job: jobSchema })), ...problemAnswer },
});

const cancelJobRoute = createRoute({
  method: 'post',
  path: '/v1/jobs/{id}/cancel',
  summary: 'Cancels a job that still waits, with its refund',
  security,
  request: { params },
  responses: { 200: json('The job and the tokens left', createdJobSchema), ...problemAnswer },
});

const deleteJobRoute = createRoute({
  method: 'delete',
  path: '/v1/jobs/{id}',
  summary: 'Hides an ended job',
  security,
  request: { params },
  responses: { 204: { description: 'Hidden' }, ...problemAnswer },
});

/** `/v1/jobs`: what a seller does with jobs. */
export function addJobRoutes(
  app: HttpRoutes,
  { jobs, present }: Pick<HttpParts, 'jobs'> & { present: Presenter },
): void {
  app.openapi(createJobRoute, async (c) => {
    const { job, balance } = await jobs.create({
      accountId: c.var.seller.accountId,
      idempotencyKey: c.req.valid('header')['Idempotency-Key'],
      request: c.req.valid('json'),
    });
    return c.json({ job: await present.job(job), balance }, 201);
  });

  app.openapi(listJobsRoute, async (c) => {
    const { cursor, q, ...filter } = c.req.valid('query');
    const { accountId } = c.var.seller;
    const page = await pageFrom({ cursor, limit: filter.limit }, (window) =>
      jobs.list({ ...filter, ...window, accountId, ...(q !== undefined && { words: q }) }),
    );
    return c.json({ ...page, items: await present.jobs(page.items) }, 200);
  });

  app.openapi(readJobRoute, async (c) => {
    const job = await jobs.get(c.var.seller.accountId, c.req.valid('param').id);
    return c.json({ job: await present.job(job) }, 200);
  });

  app.openapi(cancelJobRoute, async (c) => {
    const { job, balance } = await jobs.cancel(c.var.seller.accountId, c.req.valid('param').id);
    return c.json({ job: await present.job(job), balance }, 200);
  });

  app.openapi(deleteJobRoute, async (c) => {
    await jobs.remove(c.var.seller.accountId, c.req.valid('param').id);
    return c.body(null, 204);
  });
}
