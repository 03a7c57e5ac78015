import { createRoute } from '@hono/zod-openapi';
import { ledgerEntrySchema, pageOf, pageQuerySchema } from '../contract.ts';
import type { HttpParts, HttpRoutes } from './env.ts';
import { pageFrom } from './page.ts';
import { presentEntry } from './present.ts';
import { problemAnswer } from './problem.ts';
import { sellerSecurity } from './security.ts';

const ledgerRoute = createRoute({
  method: 'get',
  path: '/v1/ledger',
  summary: "The seller's token movements, newest first",
  security: sellerSecurity,
  request: { query: pageQuerySchema },
  responses: {
    200: { description: 'A page of entries', content: { 'application/json': { schema: pageOf(ledgerEntrySchema) } } },
    ...problemAnswer,
  },
});

/** `GET /v1/ledger`. */
export function addLedgerRoute(app: HttpRoutes, { store }: Pick<HttpParts, 'store'>): void {
  app.openapi(ledgerRoute, async (c) => {
    const { accountId } = c.var.seller;
    const page = await pageFrom(c.req.valid('query'), (window) => store.ledger.list({ ...window, accountId }));
    return c.json({ ...page, items: page.items.map(presentEntry) }, 200);
  });
}
