import { createRoute } from '@hono/zod-openapi';
import { sceneRequestSchema, scenesSchema } from '../contract.ts';
import type { HttpParts, HttpRoutes } from './env.ts';
import { acceptedLanguages } from './language.ts';
import { problemAnswer } from './problem.ts';
import { sellerSecurity } from './security.ts';

const scenesRoute = createRoute({
  method: 'post',
  path: '/v1/scenes',
  summary: 'Three ideas for films of a product, at no cost; ten times a minute',
  security: sellerSecurity,
  request: { body: { required: true, content: { 'application/json': { schema: sceneRequestSchema } } } },
  responses: {
    200: { description: 'Three scenes', content: { 'application/json': { schema: scenesSchema } } },
    ...problemAnswer,
  },
});

/** `POST /v1/scenes`. There is always an answer: without ideas of the service, three default scenes. */
export function addScenesRoute(app: HttpRoutes, { scenes }: Pick<HttpParts, 'scenes'>): void {
  app.openapi(scenesRoute, async (c) => {
    const { productName, description, locale: asked } = c.req.valid('json');
    const { locale: ofToken } = c.var.seller;
    const locales = [asked, ...acceptedLanguages(c.req.header('accept-language')), ofToken];
    const locale = locales.find((tag) => /^(ru|en|vi)(-|$)/i.test(tag ?? '')) ?? 'en';
    return c.json(await scenes.suggest({ productName, description, locale }, c.req.raw.signal), 200);
  });
}
