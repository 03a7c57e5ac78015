import { createRoute, z } from '@hono/zod-openapi';
import { grantSchema, hostAccountSchema, jobSchema, ledgerEntrySchema, pageOf, pageQuerySchema } from '../contract.ts';
import { AppError } from '../errors.ts';
import type { HttpParts, HttpRoutes } from './env.ts';
import { pageFrom } from './page.ts';
import { isoTime, presentEntry, type Presenter } from './present.ts';
import { problemAnswer } from './problem.ts';
import { hostSecurity } from './security.ts';

const userId = z.string().min(1).max(200).openapi({ description: "The seller's id in the site's own words" });
const params = z.object({ userId });
const security = hostSecurity;
const grantedSchema = z.object({ entry: ledgerEntrySchema, balance: z.int() }).openapi('Granted');
const hostJobSchema = jobSchema.extend({ userId }).openapi('HostJob');
const granted = { 'application/json': { schema: grantedSchema } };

const grantRoute = createRoute({
  method: 'post',
  path: '/v1/host/accounts/{userId}/grants',
  summary: 'Adds tokens to a seller, who need not have been here before',
  security,
  request: { params, body: { required: true, content: { 'application/json': { schema: grantSchema } } } },
  responses: {
    200: { description: 'This reference was granted before: the same entry', content: granted },
    201: { description: 'The new entry and the balance', content: granted },
    ...problemAnswer,
  },
});

const accountRoute = createRoute({
  method: 'get',
  path: '/v1/host/accounts/{userId}',
  summary: "A seller's balance",
  security,
  request: { params },
  responses: {
    200: { description: 'The account', content: { 'application/json': { schema: hostAccountSchema } } },
    ...problemAnswer,
  },
});

const hostJobsRoute = createRoute({
  method: 'get',
  path: '/v1/host/jobs',
  summary: "The site's jobs, newest first, deleted ones left out",
  security,
  request: { query: pageQuerySchema.extend({ userId: userId.optional() }) },
  responses: {
    200: { description: 'A page of jobs', content: { 'application/json': { schema: pageOf(hostJobSchema) } } },
    ...problemAnswer,
  },
});

/** `/v1/host`: what a site's own backend may do with its own sellers. */
export function addHostRoutes(
  app: HttpRoutes,
  { store, runtime, present }: Pick<HttpParts, 'store' | 'runtime'> & { present: Presenter },
): void {
  app.openapi(grantRoute, async (c) => {
    const seller = { siteId: c.var.site.id, userId: c.req.valid('param').userId };
    const { note, ...grant } = c.req.valid('json');
    const now = runtime.now();
    const { account, entry, repeated } = await store.transaction(async (tx) => {
      const { id: accountId } = await store.accounts.ensureIn(tx, seller, { id: runtime.newId(), now });
      const id = runtime.newId();
      const made = await store.ledger.grant(tx, { ...grant, ...(note && { note }), id, accountId, actor: 'host', now });
      // The row again: its balance is the one after this grant.
      return { ...made, account: await store.accounts.ensureIn(tx, seller, { id: accountId, now }) };
    });
    return c.json({ entry: presentEntry(entry), balance: account.balance }, repeated ? 200 : 201);
  });

  app.openapi(accountRoute, async (c) => {
    const account = await store.accounts.find(c.var.site.id, c.req.valid('param').userId);
    if (!account) throw new AppError('not_found');
    const { name, balance, createdAt } = account;
    const answer = { userId: account.userId, ...(name !== null && { name }), balance, createdAt: isoTime(createdAt) };
    return c.json(answer, 200);
  });

  app.openapi(hostJobsRoute, async (c) => {
    const { userId: onlyUserId, ...asked } = c.req.valid('query');
    const { items, nextCursor } = await pageFrom(asked, async (window) => {
      const rows = await store.jobs.listOfSite({
        ...window,
        siteId: c.var.site.id,
        ...(onlyUserId !== undefined && { userId: onlyUserId }),
      });
      return rows.map((row) => ({ ...row, id: row.job.id }));
    });
    const jobs = await present.jobs(items.map(({ job }) => job));
    return c.json({ items: jobs.map((job, at) => ({ ...job, userId: items[at]!.userId })), nextCursor }, 200);
  });
}
