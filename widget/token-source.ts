/** Keeps the host's short-lived token: in memory only, asked for one request at a time. */
import { ApiError } from './api-error.ts';

/** A token is replaced this long before it ends, so that a request never leaves with one that dies on the way. */
const renewBeforeMs = 30_000;

interface Claims {
  iss?: unknown;
  sub?: unknown;
  iat?: unknown;
  exp?: unknown;
}

/**
 * The claims of a JWT, unverified (the server verifies); an opaque token has none. Letters outside ASCII stay the bytes
 * that they are in UTF-8: the claims are compared, never shown.
 */
function claimsOf(token: string): Claims {
  try {
    return JSON.parse(atob(token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))) as Claims;
  } catch {
    return {};
  }
}

/**
 * How long a token just received will live. A browser clock that is wrong would call every token dead, so a token
 * that seems dead on arrival is trusted for its own span, none for longer, and the server has the last word.
 */
function lifetimeMs({ exp, iat }: Claims, nowMs: number): number {
  if (typeof exp !== 'number') return Infinity;
  const leftMs = exp * 1000 - nowMs;
  const spanMs = typeof iat === 'number' ? (exp - iat) * 1000 : Infinity;
  return leftMs > 0 ? Math.min(leftMs, spanMs) : spanMs;
}

/** Asks `fetchToken` when there is no token, when it is about to end, and when the server refused it. */
export class TokenSource {
  readonly #fetchToken: () => Promise<string>;
  readonly #onSubjectChange: () => void;
  #token: string | undefined;
  #subject: string | undefined;
  #renewAtMs = 0;
  #asking: Promise<string> | undefined;

  /**
   * `onSubjectChange` is called when a later token belongs to another seller. Requests that wait for that token fail:
   * what one seller ordered must never be sent, and paid, in the name of another.
   */
  constructor({ fetchToken, onSubjectChange }: { fetchToken: () => Promise<string>; onSubjectChange: () => void }) {
    this.#fetchToken = fetchToken;
    this.#onSubjectChange = onSubjectChange;
  }

  /** A usable token; `refused` is one the server has just answered 401 to. Throws ApiError `token_unavailable`. */
  async get(refused?: string): Promise<string> {
    const isUsable = this.#token !== undefined && this.#token !== refused && performance.now() < this.#renewAtMs;
    if (isUsable) return this.#token!;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(): Promise<string> {
    let token: string;
    try {
      token = await this.#fetchToken();
    } catch (fault) {
      throw fault instanceof ApiError ? fault : new ApiError('token_unavailable', { cause: fault });
    }
    if (typeof token !== 'string' || token === '') throw new ApiError('token_unavailable');
    const claims = claimsOf(token);
    const liveMs = lifetimeMs(claims, Date.now());
    this.#renewAtMs = performance.now() + Math.max(liveMs - renewBeforeMs, liveMs / 2);
    this.#token = token;
    const subject = claims.sub === undefined ? undefined : JSON.stringify([claims.iss, claims.sub]);
    const isSomeoneElse = this.#subject !== undefined && subject !== this.#subject;
    this.#subject = subject;
    if (isSomeoneElse) {
      this.#onSubjectChange();
      throw new ApiError('unauthorized');
    }
    return token;
  }
}

/** Asks the host's endpoint for `{token}` with the host's own cookies. */
export async function fetchTokenFrom(url: string): Promise<string> {
  const answer = await fetch(url, {
    headers: { Accept: 'application/json' },
    cache: 'no-store',
    credentials: 'same-origin',
    signal: AbortSignal.timeout(30_000),
  });
  if (!answer.ok) throw new ApiError('token_unavailable', { status: answer.status });
  const body = (await answer.json()) as { token?: string };
  return body.token ?? '';
}
