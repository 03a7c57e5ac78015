import type { MiddlewareHandler } from 'hono';
import type { AdminEnv } from './parts.ts';

/** No script at all and nothing from elsewhere: stored text that slipped through as markup could still do nothing. */
const contentSecurityPolicy = (clips: string) =>
  [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    `media-src ${clips}`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');

function policiesFor(mediaOrigin: string | undefined) {
  const none = contentSecurityPolicy(mediaOrigin === undefined ? "'self'" : `'self' ${mediaOrigin}`);
  /** Files of our own and nothing inline. */
  const charts = `${none}; script-src 'self'`;
  /** May ask this server how things stand now. */
  const live = `${charts}; connect-src 'self'`;
  return { none, charts, live };
}

interface AdminAddress {
  isHttps: boolean;
  mediaOrigin: string | undefined;
}

/** Sets the admin's headers on every answer, errors included. `mediaOrigin` is where clips come from beside us. */
export function adminHeaders({ isHttps, mediaOrigin }: AdminAddress): MiddlewareHandler<AdminEnv> {
  const policies = policiesFor(mediaOrigin);
  return async (c, next) => {
    await next();
    c.header('content-security-policy', policies[c.get('scripts') ?? 'none']);
    c.header('x-content-type-options', 'nosniff');
    // Not `no-referrer`: with that, browsers send `Origin: null` with our own forms.
    c.header('referrer-policy', 'same-origin');
    c.header('cross-origin-opener-policy', 'same-origin');
    c.header('cross-origin-resource-policy', 'same-origin');
    if (isHttps) c.header('strict-transport-security', 'max-age=31536000');
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  };
}
