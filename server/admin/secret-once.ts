import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import type { Seal } from '../secrets.ts';
import type { AdminContext } from './parts.ts';

const keptSeconds = 60;
const keptSchema = z.object({ of: z.string(), secret: z.string(), expiresAtMs: z.number() });

interface OnceParts {
  /** A page's path; the cookie goes nowhere else. */
  path: string;
  seal: Seal;
  now(): number;
  isHttps: boolean;
}

/**
 * A new secret on its way from the POST that made it to the page that shows it: sealed in a cookie, for a minute, taken
 * away by being shown. So a page that is loaded again neither shows it again nor makes another one.
 */
export function createSecretOnce({ path, seal, now, isHttps }: OnceParts) {
  const name = 'kvc-admin-secret';
  return {
    keep(c: AdminContext, { of, secret }: { of: string; secret: string }): void {
      const kept = seal.seal(JSON.stringify({ of, secret, expiresAtMs: now() + keptSeconds * 1000 }));
      setCookie(c, name, kept, { path, sameSite: 'Strict', httpOnly: true, secure: isHttps, maxAge: keptSeconds });
    },

    /** The secret of this very thing, or undefined. */
    take(c: AdminContext, of: string): string | undefined {
      const kept = getCookie(c, name);
      if (kept === undefined) return undefined;
      deleteCookie(c, name, { path, secure: isHttps });
      try {
        const { secret, ...facts } = keptSchema.parse(JSON.parse(seal.unseal(kept)));
        return facts.of === of && now() < facts.expiresAtMs ? secret : undefined;
      } catch {
        // Not ours.
        return undefined;
      }
    },
  };
}
