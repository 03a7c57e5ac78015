import { SignJWT } from 'jose';
import { z } from 'zod';

/** What a host site agrees on with the covers server, and the seller who is signed in to this panel. */
export type CoversSettings = {
  /** Base URL of the covers server, as browsers reach it. */
  coversUrl: string;
  siteId: string;
  issuer: string;
  audience: string;
  /** Shared HS256 secret, at least 32 bytes; never leaves this backend. */
  jwtSecret: string;
  /** The site's API key for `/v1/host/*`; never leaves this backend. */
  apiKey: string;
  sellerId: string;
  sellerName: string;
};

export const locales = ['ru', 'en', 'vi'] as const;
export type Locale = (typeof locales)[number];

const tokenLifetimeSeconds = 10 * 60;
const replyTimeoutMs = 5_000;

const choiceOf = <T extends z.ZodType>(value: T) => z.object({ value, extraTokens: z.int() });

const accountReply = z.object({ balance: z.int() });
const sessionReply = z.object({
  presets: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      title: z.string(),
      model: z.string(),
      seconds: z.number().nullable(),
      aspectRatio: z.string(),
      tokensCost: z.int(),
      quality: z.string().optional(),
      choices: z
        .object({
          aspectRatios: z.array(choiceOf(z.string())),
          seconds: z.array(choiceOf(z.int())),
          modes: z.array(choiceOf(z.string()).extend({ quality: z.string() })),
        })
        .optional(),
    }),
  ),
  upload: z.object({ contentTypes: z.array(z.string()), maxBytes: z.int(), minSide: z.int() }).optional(),
});

/** Which pictures the covers server takes. */
export type UploadLimits = NonNullable<z.infer<typeof sessionReply>['upload']>;

/** One line of the covers server's price list; `tokensCost` in tokens, `seconds` null for pictures. */
export type CoverPrice = z.infer<typeof sessionReply>['presets'][number];

/** This panel's side of the covers contract: mint tokens for the widget, read balance and prices for our own pages. */
export function createCovers(settings: CoversSettings) {
  const secret = new TextEncoder().encode(settings.jwtSecret);

  /** A seller token for the widget, HS256, valid for ten minutes. */
  async function mintToken(locale: Locale): Promise<string> {
    const issuedAt = Math.floor(Date.now() / 1000);
    return new SignJWT({ name: settings.sellerName, locale })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(settings.issuer)
      .setAudience(settings.audience)
      .setSubject(settings.sellerId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + tokenLifetimeSeconds)
      .sign(secret);
  }

  async function ask<T extends z.ZodType>(path: string, bearer: string, reply: T): Promise<z.infer<T>> {
    const response = await fetch(`${settings.coversUrl}${path}`, {
      headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' },
      signal: AbortSignal.timeout(replyTimeoutMs),
    });
    if (!response.ok) throw new Error(`covers server answered ${response.status} to ${path}`);
    return reply.parse(await response.json());
  }

  return {
    mintToken,
    /** The seller's tokens; throws when the covers server is away or refuses. */
    async balance(): Promise<number> {
      const path = `/v1/host/accounts/${encodeURIComponent(settings.sellerId)}`;
      return (await ask(path, settings.apiKey, accountReply)).balance;
    },
    /** Everything this seller may generate, in the operator's order and in that language; throws like `balance`. */
    async prices(locale: Locale): Promise<CoverPrice[]> {
      return (await ask('/v1/session', await mintToken(locale), sessionReply)).presets;
    },
    /** Which pictures are taken; null when the covers server does not say. */
    async limits(): Promise<UploadLimits | null> {
      const session = await ask('/v1/session', await mintToken('en'), sessionReply).catch(() => null);
      return session?.upload ?? null;
    },
    /** Whether the covers server says of itself that it can work. */
    async isReady(): Promise<boolean> {
      const signal = AbortSignal.timeout(replyTimeoutMs);
      return fetch(`${settings.coversUrl}/readyz`, { signal }).then(
        ({ ok }) => ok,
        () => false,
      );
    },
  };
}
