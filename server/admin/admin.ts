import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import { AppError } from '../errors.ts';
import { assets } from './assets.ts';
import { createAttempts } from './attempts.ts';
import { formLimit, originGuard, tokenGuard, viewerGuard } from './form-guard.ts';
import { adminHeaders } from './headers.ts';
import { chooseLanguage } from './language.ts';
import { accountPages } from './pages/accounts.ts';
import { auditPage } from './pages/audit.ts';
import { embedPage } from './pages/embed.ts';
import { eventStream } from './pages/events.ts';
import { healthPages } from './pages/health.ts';
import { historyPages } from './pages/history.ts';
import { jobPages } from './pages/jobs.ts';
import { operatorPages } from './pages/operators.ts';
import { presetsPages } from './pages/presets.ts';
import { pricesPage } from './pages/prices.ts';
import { promptsPage } from './pages/prompts.ts';
import { endedPage, refusedPage } from './pages/refused.ts';
import { sitePages } from './pages/sites.ts';
import { sessionCookie, signInPage, signOut } from './pages/sign-in.ts';
import { usagePage } from './pages/usage.ts';
import { webhookPages } from './pages/webhooks.ts';
import { tryoutPages } from './pages/tryout.ts';
import type { AdminContext, AdminEnv, AdminParts } from './parts.ts';
import { createPasswords } from './passwords.ts';
import { createSessions } from './session.ts';

/**
 * The operator's pages, to be mounted with `app.route('/admin', …)`: server-rendered forms that work without script.
 * All but the sign-in and its assets need a session; every POST is proven to come from a page of that session.
 */
export function createAdmin(parts: AdminParts): Hono<AdminEnv> {
  const { store, runtime, publicUrl, log } = parts;
  const isHttps = publicUrl.startsWith('https:');
  const sessions = createSessions({ ...parts, now: runtime.now });
  const clientAddress = parts.clientAddress ?? socketAddress;
  const passwords = parts.passwords ?? createPasswords();
  const access = { ...parts, sessions, passwords, attempts: createAttempts(), clientAddress };

  const admin = new Hono<AdminEnv>();
  admin.use(adminHeaders({ isHttps, mediaOrigin: parts.mediaOrigin }), chooseLanguage({ isHttps }));
  admin.onError((fault, c) => {
    if (fault instanceof AppError && fault.code === 'unavailable')
      return refusedPage(c, { reason: 'unavailable', status: 503 });
    log.error({ err: fault, path: c.req.path }, 'an admin page failed');
    return refusedPage(c, { reason: 'broken', status: 500 });
  });

  admin.get('/*', async (c, next) => {
    // As it was sent, percent signs and all: only that may stand in a header. And by hand, because a pattern that looks
    // for the last slashes takes quadratic time for many in the middle.
    const { pathname } = new URL(c.req.url);
    let end = pathname.length;
    while (pathname[end - 1] === '/') end -= 1;
    return end === pathname.length ? next() : c.redirect(pathname.slice(0, end), 303);
  });
  admin.route('/assets', assets);
  admin.use(formLimit, originGuard(publicUrl));
  admin.route('/sign-in', signInPage(access));

  admin.use(async (c, next) => {
    const session = await sessions.read(getCookie(c, sessionCookie(isHttps)));
    if (!session) return askToSignIn(c);
    c.set('session', session);
    c.set('operator', session.operator);
    c.set('formToken', sessions.formToken(session));
    return next();
  });
  admin.use(tokenGuard(sessions), viewerGuard);
  admin.post('/sign-out', signOut(parts));

  admin.route('/events', eventStream(access));

  admin.use(async (c, next) => {
    const now = runtime.now();
    c.set(
      'pauses',
      (await store.queue.providerAccounts()).filter((account) => account.pausedUntil > now),
    );
    await next();
  });
  admin.get('/', (c) => c.redirect('/admin/jobs', 303));
  admin.route('/jobs', jobPages(parts));
  admin.route('/accounts', accountPages(parts));
  admin.route('/presets', presetsPages(parts));
  admin.route('/prompts', promptsPage(parts));
  admin.route('/prompts', historyPages(parts));
  admin.route('/prompts', tryoutPages(parts));
  admin.route('/prices', pricesPage(parts));
  admin.route('/sites', sitePages(parts));
  admin.route('/embed', embedPage(parts));
  admin.route('/webhooks', webhookPages(parts));
  admin.route('/usage', usagePage(parts));
  admin.route('/health', healthPages(parts));
  admin.route('/operators', operatorPages(access));
  admin.route('/audit', auditPage(parts));
  admin.all('*', (c) => refusedPage(c, { reason: 'notFound', status: 404 }));
  return admin;
}

function askToSignIn(c: AdminContext) {
  if (c.req.method === 'POST') return endedPage(c, { reason: 'ended', status: 401 });
  const { pathname, search } = new URL(c.req.url);
  return c.redirect(`/admin/sign-in?next=${encodeURIComponent(pathname + search)}`, 303);
}

function socketAddress(c: AdminContext): string {
  return getConnInfo(c).remote.address ?? 'unknown';
}
