import type { Dispatcher } from 'undici';
import { createAgent, exchange, type Exchanged } from './exchange.ts';

/** Where Kie's tasks are made and asked for, and its file host (docs.kie.ai, snapshot 2026-04-29). */
export const kieDefaultBaseUrl = 'https://api.kie.ai';
export const kieDefaultUploadBaseUrl = 'https://kieai.redpandaai.co';

const maxAnswerBytes = 1_000_000;

/** One call. `path` begins with a slash; `json` or `form` is the body of a POST. */
export interface KieRequest {
  path: string;
  json?: object;
  form?: { bytes: Uint8Array; contentType: string };
  signal: AbortSignal;
}

/** Sends one call, once. Never rejects. */
export type KieSend = (call: KieRequest) => Promise<Exchanged>;

export interface KieConnection {
  /** Scheme, host and optional path prefix. */
  baseUrl: string;
  apiKey: string;
  /** Default: a keep-alive agent of its own. The giver of a dispatcher closes it. */
  dispatcher?: Dispatcher;
}

/** Throws a TypeError when `baseUrl` is no URL. */
export function createKieSend({ baseUrl, apiKey, dispatcher = createAgent() }: KieConnection): KieSend {
  const base = new URL(baseUrl).href.replace(/\/+$/, '');
  return ({ path, json, form, signal }) => {
    const body = form?.bytes ?? (json && JSON.stringify(json)) ?? null;
    const contentType = form?.contentType ?? 'application/json';
    const headers = { authorization: `Bearer ${apiKey}`, accept: 'application/json', 'content-type': contentType };
    const method = body === null ? 'GET' : 'POST';
    return exchange({ method, url: base + path, headers, body, maxAnswerBytes, signal }, dispatcher);
  };
}
