import { once } from 'node:events';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { createCovers, locales, type CoversSettings } from './covers.ts';
import { openFolder, photoFiles, webFiles, type Folder } from './folder.ts';
import { sections } from './menu.ts';
import { createNews } from './news.ts';
import { audiences, audiencePath } from './docs/audiences.ts';
import { createPages, viewSchema, type View } from './pages.ts';
import { contentSecurityPolicy } from './policy.ts';

export type HostSettings = CoversSettings & {
  /** 0 takes any free port. */
  port: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** `whsec_…` that signs the covers server's webhooks; left out, none are taken. */
  webhookSecret?: string;
};

const maxMessageBytes = 256 * 1024;
const languageCookie = 'panel-lang';
const yearSeconds = 365 * 24 * 3600;
const localeSchema = z.enum(locales).catch('ru');

export type DemoHost = {
  /** `http://host:port`, without a slash at the end. */
  url: string;
  close(): Promise<void>;
};

async function sendFile(c: Context, folder: Folder, name: string): Promise<Response> {
  const file = await folder.read(name);
  if (!file) return c.notFound();
  return c.body(file.bytes, 200, { 'content-type': file.contentType });
}

/** What the address chooses; a language once chosen there is remembered. */
function viewOf(c: Context): View {
  const query = c.req.query();
  const chosen = z.enum(locales).safeParse(query['lang']).data;
  if (chosen) {
    setCookie(c, languageCookie, chosen, { path: '/', maxAge: yearSeconds, httpOnly: true, sameSite: 'Lax' });
  }
  return viewSchema.parse({ ...query, lang: chosen ?? getCookie(c, languageCookie) });
}

/** The panel as a fetch handler: its pages, its files, and the backend a host site needs for the widget. */
function createHostApp(settings: Omit<HostSettings, 'port' | 'host'>): Hono {
  const coversUrl = new URL(settings.coversUrl).href.replace(/\/+$/, '');
  const covers = createCovers({ ...settings, coversUrl });
  const pages = createPages({ coversUrl, sellerName: settings.sellerName });
  const assets = openFolder(fileURLToPath(new URL('public', import.meta.url)), webFiles);
  const themes = openFolder(fileURLToPath(new URL('public/themes', import.meta.url)), webFiles);
  const photos = openFolder(fileURLToPath(new URL('photos', import.meta.url)), photoFiles);
  const policy = contentSecurityPolicy(coversUrl);

  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header('content-security-policy', policy);
    c.header('x-content-type-options', 'nosniff');
    c.header('referrer-policy', 'strict-origin-when-cross-origin');
    c.header('cross-origin-resource-policy', 'same-origin');
    c.header('cache-control', c.req.path.startsWith('/api/') ? 'no-store' : 'no-cache');
  });

  for (const { path } of sections) {
    app.get(path, async (c) => {
      const view = viewOf(c);
      const prices = path === '/prices' ? await covers.prices(view.lang).catch(() => []) : [];
      return c.html(await pages.section(path, view, { photos: await photos.list(), prices }));
    });
  }
  for (const audience of audiences) {
    app.get(audiencePath(audience), async (c) => {
      const view = viewOf(c);
      const [prices, limits, isReady] = await Promise.all([
        covers.prices(view.lang).catch(() => []),
        covers.limits(),
        covers.isReady(),
      ]);
      return c.html(await pages.guide(audience, view, { photos: await photos.list(), prices, limits, isReady }));
    });
  }
  app.get('/assets/themes/:name', (c) => sendFile(c, themes, c.req.param('name')));
  app.get('/assets/:name', (c) => sendFile(c, assets, c.req.param('name')));
  app.get('/photos/:name', (c) => sendFile(c, photos, c.req.param('name')));

  app.get('/api/video-cover-token', async (c) => {
    return c.json({ token: await covers.mintToken(localeSchema.parse(c.req.query('locale'))) });
  });
  app.get('/api/photos', async (c) => {
    const names = await photos.list();
    return c.json({ photos: names.map((name) => ({ name, url: `/photos/${encodeURIComponent(name)}` })) });
  });
  app.get('/api/balance', async (c) => c.json({ balance: await covers.balance() }));
  app.get('/api/prices', async (c) => {
    return c.json({ prices: await covers.prices(localeSchema.parse(c.req.query('locale'))) });
  });

  if (settings.webhookSecret !== undefined) {
    const news = createNews(settings.webhookSecret);
    app.post('/api/webhooks/covers', bodyLimit({ maxSize: maxMessageBytes }), async (c) => {
      const isGood = news.take(await c.req.text(), c.req.header());
      return isGood ? c.body(null, 204) : c.json({ error: 'bad_signature' }, 401);
    });
    app.get('/api/webhooks/covers', (c) => c.json({ news: news.list() }));
  }

  app.notFound(async (c) => c.html(await pages.notFound(viewOf(c)), 404));
  app.onError((_, c) => c.json({ error: 'covers_unavailable' }, 502));
  return app;
}

/**
 * Starts the demo seller panel: a host site that embeds the widget from the covers server's own origin, as a stranger
 * would. Resolves once it listens; rejects when the port is taken. The covers server need not be up yet.
 */
export async function startHost({ port, host = '127.0.0.1', ...settings }: HostSettings): Promise<DemoHost> {
  const app = createHostApp(settings);
  const server = serve({ fetch: app.fetch, port, hostname: host }) as Server;
  await once(server, 'listening');
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('the demo panel listens on no TCP port');
  return {
    url: `http://${host}:${address.port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
