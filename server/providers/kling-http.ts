import type { Dispatcher } from 'undici';
import { createAgent, describeFault, exchange, type Exchanged } from './exchange.ts';
import type { KlingAuth } from './kling-auth.ts';
import { asksForNewToken } from './kling-codes.ts';

/** Where the legacy API of Kling answers servers outside China (authentication page, captured 2026-09-20). */
export const klingDefaultBaseUrl = 'https://api-singapore.klingai.com';

/** One call. `path` begins with a slash; `body` is JSON text. */
export interface KlingRequest {
  method: 'GET' | 'POST';
  path: string;
  body?: string;
  /** A longer answer is not read to its end and counts as unclear. */
  maxAnswerBytes: number;
  signal: AbortSignal;
}

/** `no-credentials`: the call could not be signed, so nothing was sent. */
export type KlingExchange = Exchanged | { kind: 'no-credentials'; reason: string };

/** Sends one call, signed; signs anew and sends it once more after 1003 or 1004. Never rejects. */
export type KlingSend = (call: KlingRequest) => Promise<KlingExchange>;

export interface KlingConnection {
  /** Scheme, host and optional path prefix. */
  baseUrl: string;
  auth: KlingAuth;
  /** Default: a keep-alive agent of its own. The giver of a dispatcher closes it. */
  dispatcher?: Dispatcher;
}

/** Throws a TypeError when `baseUrl` is no URL. */
export function createKlingSend({ baseUrl, auth, dispatcher = createAgent() }: KlingConnection): KlingSend {
  const base = new URL(baseUrl).href.replace(/\/+$/, '');

  async function sendOnce(call: KlingRequest): Promise<KlingExchange> {
    let authorization: string;
    try {
      authorization = await auth.header();
    } catch (error) {
      return { kind: 'no-credentials', reason: describeFault(error) };
    }
    const { path, ...rest } = call;
    const headers = { authorization, accept: 'application/json', 'content-type': 'application/json' };
    return exchange({ ...rest, url: base + path, headers }, dispatcher);
  }

  return async (call) => {
    const first = await sendOnce(call);
    if (first.kind !== 'answered' || !asksForNewToken(first.answer)) return first;
    return auth.renew(first.serverDate) ? sendOnce(call) : first;
  };
}
