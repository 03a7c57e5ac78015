import { hash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { AppError } from '../errors.ts';
import type { SiteRow } from '../store/schema.ts';
import { clientAddress } from './client-address.ts';
import type { Caller, HttpEnv, HttpParts } from './env.ts';
import type { Limits } from './limits.ts';
import { createRecent } from '../recent.ts';
import { claimedIssuer, clockToleranceSeconds, verifySellerToken } from './seller-token.ts';
import type { SiteDirectory } from './sites.ts';

const knownTokens = 10_000;

interface Identity extends Omit<Caller, 'site'> {
  siteId: string;
  siteVersion: number;
}

interface AuthParts extends Pick<HttpParts, 'store' | 'runtime' | 'settings'> {
  sites: SiteDirectory;
  limits: Limits;
}

/** The two doors: `seller` for tokens that a site minted, `host` for a site's own API key. */
export function createGuards({ store, runtime, settings, sites, limits }: AuthParts) {
  /** By the token's digest, so that no token stands in memory, until it expires or its site changes. */
  const identities = createRecent<Identity>(knownTokens);

  async function sellerOf(token: string): Promise<Caller> {
    const digest = hash('sha256', token, 'base64url');
    const known = identities.get(digest);
    if (known) {
      const site = await sites.byId(known.siteId);
      if (site?.updatedAt === known.siteVersion) {
        if (runtime.now() < known.expiresAtMs + clockToleranceSeconds * 1000) return { ...known, site };
        throw new AppError('token_expired');
      }
      identities.delete(digest);
    }
    const site = await sites.byIssuer(claimedIssuer(token));
    if (!site) throw new AppError('unauthorized');
    const identity = await verified(token, site);
    identities.set(digest, identity);
    return { ...identity, site };
  }

  async function verified(token: string, site: SiteRow): Promise<Identity> {
    const now = runtime.now();
    const claims = await verifySellerToken({ token, site, key: await sites.keyOf(site), now });
    const { sub: userId, name, locale } = claims;
    const seller = { siteId: site.id, userId, ...(name && { name }), ...(locale && { locale }) };
    const account = await store.accounts.ensure(seller, { id: runtime.newId(), now });
    const expiresAtMs = claims.exp * 1000;
    return { accountId: account.id, userId, name, locale, expiresAtMs, siteId: site.id, siteVersion: site.updatedAt };
  }

  async function siteOf(apiKey: string): Promise<SiteRow> {
    const site = await sites.byApiKey(apiKey);
    if (!site) throw new AppError('unauthorized');
    return site;
  }

  /** A good token always passes; too many bad ones from one address are told to wait. */
  async function proven<T>(c: Context<HttpEnv>, prove: (bearer: string) => Promise<T>): Promise<T> {
    const bearer = bearerOf(c.req.header('authorization'));
    try {
      return await prove(bearer);
    } catch (fault) {
      if (fault instanceof AppError && fault.code === 'unauthorized')
        await limits.countBadToken(clientAddress(c.env.incoming, settings.trustedProxies));
      throw fault;
    }
  }

  const seller: MiddlewareHandler<HttpEnv> = async (c, next) => {
    const caller = await proven(c, sellerOf);
    checkOrigin(c, caller.site);
    c.set('seller', caller);
    return next();
  };

  const host: MiddlewareHandler<HttpEnv> = async (c, next) => {
    const site = await proven(c, siteOf);
    checkOrigin(c, site);
    c.set('site', site);
    return next();
  };

  return { seller, host };
}

/** Exactly one token after a `Bearer` in any case (RFC 9110 section 11.1). Throws `unauthorized`. */
function bearerOf(header: string | undefined): string {
  const [, token] = /^bearer +([\w.~+/=-]+)$/i.exec(header ?? '') ?? [];
  if (!token) throw new AppError('unauthorized');
  return token;
}

/** Browsers always name the page's origin on a cross-origin call; a call without one is not from a page. */
function checkOrigin(c: Context<HttpEnv>, site: SiteRow): void {
  const origin = c.req.header('origin');
  if (origin !== undefined && !site.origins.includes(origin)) throw new AppError('origin_not_allowed');
}
