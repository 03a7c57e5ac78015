import { createRoute } from '@hono/zod-openapi';
import { sessionSchema } from '../contract.ts';
import type { HttpParts, HttpRoutes } from './env.ts';
import { acceptedLanguages } from './language.ts';
import { presentPreset, presentStyles, type Presenter } from './present.ts';
import { problemAnswer } from './problem.ts';
import { sellerSecurity } from './security.ts';
import { pictureTypes } from './uploads.ts';

const sessionRoute = createRoute({
  method: 'get',
  path: '/v1/session',
  summary: 'Everything the widget needs at start',
  security: sellerSecurity,
  responses: {
    200: { description: 'The session', content: { 'application/json': { schema: sessionSchema } } },
    ...problemAnswer,
  },
});

/** `GET /v1/session`. */
export function addSessionRoute(
  app: HttpRoutes,
  { store, jobs, settings, present }: Pick<HttpParts, 'store' | 'jobs' | 'settings'> & { present: Presenter },
): void {
  app.openapi(sessionRoute, async (c) => {
    const { accountId, userId, name, locale, site } = c.var.seller;
    const [account, presets, open] = await Promise.all([
      store.accounts.get(accountId),
      jobs.orderablePresets(),
      store.jobs.open(accountId),
    ]);
    const languages = [...acceptedLanguages(c.req.header('accept-language')), ...(locale ? [locale] : [])];
    const { minSide } = settings.upload;
    const session = {
      site: { id: site.id, name: site.name },
      user: { id: userId, ...(name && { name }), ...(locale && { locale }) },
      balance: account?.balance ?? 0,
      presets: presets.map((row) => presentPreset(row, { languages, minSide })),
      styles: presentStyles({ languages, publicUrl: settings.publicUrl }),
      upload: { contentTypes: Object.keys(pictureTypes), ...settings.upload },
      activeJobs: await present.jobs(open),
    };
    return c.json(session, 200);
  });
}
