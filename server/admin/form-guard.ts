import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isViewer } from './actor.ts';
import { readForm } from './form.ts';
import { viewerActions } from './locked-forms.ts';
import { refusedPage, endedPage } from './pages/refused.ts';
import type { AdminContext, AdminEnv } from './parts.ts';
import type { Sessions } from './session.ts';

const maxFormBytes = 256 * 1024;

/** Bodies past the limit are answered by a page instead of being read. */
export const formLimit = bodyLimit({
  maxSize: maxFormBytes,
  onError: (c) => refusedPage(c as AdminContext, { reason: 'tooLarge', status: 413 }),
});

/**
 * Whether a page of ours sent this. Browsers set both headers and no page can: Sec-Fetch-Site where the address is
 * trustworthy (https, localhost), Origin with every POST. A request with neither is refused.
 */
function isFromUs(c: AdminContext, publicUrl: string): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = c.req.header('origin');
  if (origin === undefined || !URL.canParse(origin)) return false;
  return origin === new URL(publicUrl).origin || new URL(origin).host === c.req.header('host');
}

/** Refuses a POST from elsewhere with 403, else reads its form into the context. */
export function originGuard(publicUrl: string): MiddlewareHandler<AdminEnv> {
  return async (c, next) => {
    if (c.req.method !== 'POST') return next();
    if (!isFromUs(c, publicUrl)) return refusedPage(c, { reason: 'foreign', status: 403 });
    c.set('form', await readForm(c));
    return next();
  };
}

/** Refuses a POST whose form was not made for this session, and shows what was typed so that it is not lost. */
export function tokenGuard(sessions: Sessions): MiddlewareHandler<AdminEnv> {
  return async (c, next) => {
    if (c.req.method !== 'POST') return next();
    const given = c.get('form')['formToken'] ?? '';
    if (sessions.isFormToken(c.get('session'), given)) return next();
    return endedPage(c, { reason: 'stale', status: 403 });
  };
}

/** Refuses whatever is not a look from somebody who may only look, before any page sees it. */
export const viewerGuard: MiddlewareHandler<AdminEnv> = async (c, next) => {
  const isLook = c.req.method === 'GET' || c.req.method === 'HEAD';
  if (isLook || !isViewer(c) || viewerActions.includes(c.req.path)) return next();
  return refusedPage(c, { reason: 'viewer', status: 403 });
};
