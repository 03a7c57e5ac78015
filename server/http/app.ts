import { OpenAPIHono } from '@hono/zod-openapi';
import { AppError } from '../errors.ts';
import { createGuards } from './auth.ts';
import { addBatchesRoute } from './batches.ts';
import { jsonBody } from './body.ts';
import { createCors } from './cors.ts';
import { addDocsRoutes } from './docs.ts';
import type { HttpEnv, HttpParts, HttpRoutes } from './env.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import { addEventsRoute } from './events.ts';
import { createFrontDoor } from './front-door.ts';
import { addHealthRoutes } from './health.ts';
import { addHookRoutes } from './hooks.ts';
import { addHostRoutes } from './host.ts';
import { addGroupsRoute } from './groups.ts';
import { addJobRoutes } from './jobs.ts';
import { addLedgerRoute } from './ledger.ts';
import { createLimits } from './limits.ts';
import { addMediaRoute } from './media.ts';
import { createMediaLinks } from './media-links.ts';
import { addMetricsRoute, createMetrics, type Metrics } from './metrics.ts';
import { addPosterRoute } from './posters.ts';
import { createPresenter } from './present.ts';
import { createErrorTranslator, problemResponse, refuseInvalid } from './problem.ts';
import { addScenesRoute } from './scenes.ts';
import { addSessionRoute } from './session.ts';
import { addShareRoutes } from './shares.ts';
import { createSiteDirectory } from './sites.ts';
import { addUploadRoute } from './uploads.ts';
import { addStylesRoute } from './styles.ts';
import { addWidgetRoutes, widgetFiles } from './widget.ts';

/** The routes, the event streams that a shutdown must end with `hub.close()`, and what is measured. */
export type HttpApp = HttpRoutes & { hub: EventHub; metrics: Metrics };

/**
 * The whole HTTP face, for `serve({ fetch: app.fetch })` of @hono/node-server only: uploads, media and events use the
 * Node request and response. More routes (the admin pages) may be added before the first request; they get the same
 * headers and the same errors.
 */
export function createHttpApp(parts: HttpParts): HttpApp {
  const { store, runtime, log, secrets } = parts;
  const { publicUrl, widgetFolder, perMinute } = parts.settings;
  const metrics = createMetrics(parts.registry);
  const limits = createLimits(perMinute);
  const sites = createSiteDirectory({ store, runtime, seal: secrets.seal });
  const guards = createGuards({ ...parts, sites, limits });
  const link = createMediaLinks({ mediaTokens: secrets.mediaTokens, runtime, publicUrl });
  const present = createPresenter({ ...parts, link, publicUrl });
  const hub = createEventHub({ store, present, runtime, log });
  const app = new OpenAPIHono<HttpEnv>({ defaultHook: refuseInvalid });

  app.onError(createErrorTranslator(log));
  app.notFound((c) => problemResponse(c, new AppError('not_found')));

  app.use(createFrontDoor({ publicUrl, metrics }));
  app.use('/v1/*', createCors(sites));

  app.on('POST', '/v1/host/accounts/:userId/grants', guards.host, jsonBody);
  app.on('GET', ['/v1/host/accounts/:userId', '/v1/host/jobs'], guards.host);
  addHostRoutes(app, { ...parts, present });

  app.on('GET', ['/v1/session', '/v1/ledger', '/v1/events', '/v1/groups'], guards.seller);
  app.on('GET', ['/v1/jobs', '/v1/jobs/:id'], guards.seller);
  app.on('DELETE', ['/v1/jobs/:id', '/v1/jobs/:id/share'], guards.seller);
  app.on('POST', ['/v1/uploads', '/v1/jobs', '/v1/batches', '/v1/scenes'], guards.seller);
  app.on('POST', ['/v1/jobs/:id/cancel', '/v1/jobs/:id/share'], guards.seller);
  app.on('POST', '/v1/uploads', async (c, next) => (await limits.countUpload(c.var.seller.accountId), next()));
  app.on('POST', ['/v1/jobs', '/v1/batches', '/v1/jobs/:id/share'], async (c, next) => {
    await limits.countCreate(c.var.seller.accountId);
    return next();
  });
  app.on('POST', ['/v1/jobs', '/v1/batches'], jsonBody);
  app.on('POST', '/v1/scenes', async (c, next) => (await limits.countScenes(c.var.seller.accountId), next()), jsonBody);
  addSessionRoute(app, { ...parts, present });
  addUploadRoute(app, { ...parts, present });
  addJobRoutes(app, { ...parts, present });
  addBatchesRoute(app, { ...parts, present, limits });
  addGroupsRoute(app, parts);
  addShareRoutes(app, parts);
  addScenesRoute(app, parts);
  addLedgerRoute(app, parts);
  addEventsRoute(app, hub);

  addMediaRoute(app, parts);
  addPosterRoute(app);
  addStylesRoute(app);
  addHookRoutes(app, parts);
  addWidgetRoutes(app, widgetFiles(widgetFolder));
  addHealthRoutes(app, parts);
  addMetricsRoute(app, metrics);
  addDocsRoutes(app, { publicUrl });
  return Object.assign(app, { hub, metrics });
}
