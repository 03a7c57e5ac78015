import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { hostEventSchema } from '../contract.ts';
import type { HttpRoutes } from './env.ts';
import { describeSecurity } from './security.ts';

const swagger = createRequire(import.meta.url).resolve;
const pageCache = { 'cache-control': 'public, max-age=3600' };

/** Swagger UI sets `style` attributes, so styles may be inline; scripts may not. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>kling-video-cover API</title>
    <link rel="stylesheet" href="docs/swagger-ui.css" />
  </head>
  <body>
    <main id="api"></main>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

const startScript = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null });
`;

/** `GET /openapi.json`, made from the schemas that validate, and `GET /docs`, which shows it from our own origin. */
export function addDocsRoutes(app: HttpRoutes, { publicUrl }: { publicUrl: string }): void {
  describeSecurity(app);
  describeWebhook(app);
  let document: string | undefined;
  app.get('/openapi.json', (c) => {
    document ??= JSON.stringify(
      app.getOpenAPI31Document({
        openapi: '3.1.0',
        info: {
          title: 'kling-video-cover',
          version: '1',
          description: 'Video covers of product pictures, made by Kling.',
        },
        servers: [{ url: publicUrl }],
      }),
    );
    const headers = { 'content-type': 'application/json', 'access-control-allow-origin': '*' };
    return c.body(document, 200, headers);
  });

  app.get('/docs', (c) => c.html(page, 200, { ...pageCache, 'content-security-policy': pagePolicy }));
  app.get('/docs/start.js', (c) => c.body(startScript, 200, { ...pageCache, 'content-type': 'text/javascript' }));
  const assets = { 'swagger-ui-bundle.js': 'text/javascript', 'swagger-ui.css': 'text/css' };
  for (const [name, contentType] of Object.entries(assets)) {
    app.get(`/docs/${name}`, async (c) => {
      const file = await readFile(swagger(`swagger-ui-dist/${name}`));
      return c.body(file, 200, { ...pageCache, 'content-type': `${contentType}; charset=utf-8` });
    });
  }
}

/** What we send, beside what we answer. */
function describeWebhook(app: HttpRoutes): void {
  app.openAPIRegistry.registerWebhook({
    method: 'post',
    path: 'host-event',
    summary: 'An event, posted to the endpoints of the site and signed after Standard Webhooks',
    description:
      'At least once and in no promised order: tell repeats by the header webhook-id, which is the same on every try. ' +
      'Media addresses in a job are signed when it is sent and open for one to two hours. ' +
      'Any 2xx within ten seconds is taken as delivered; anything else is tried again for a day; 410 disables the endpoint.',
    request: { body: { required: true, content: { 'application/json': { schema: hostEventSchema } } } },
    responses: { 204: { description: 'Taken' } },
  });
}
