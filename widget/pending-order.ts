/**
 * Remembers the one order that was sent and not yet answered, so that a reload at any moment sends the same key and
 * body again instead of buying twice. Kept apart per server, site and seller; holds no token.
 */
import type { CreateJob } from '../server/contract.ts';
import { toJson } from './plain-json.ts';

/** An order that may or may not have reached the server. */
export interface PendingOrder<Body = CreateJob> {
  key: string;
  body: Body;
  madeAtMs: number;
}

/** After a day the seller no longer expects the order; if it did arrive, its job stands in the history anyway. */
const maxAgeMs = 24 * 3600_000;

/** Reads and writes one entry of localStorage; where storage is switched off it remembers nothing. */
export class PendingOrderStore<Body = CreateJob> {
  /** Nobody else's, and no other form's. */
  readonly name: string;

  /** `form` keeps the orders of several forms apart; the mode `cover` has none. */
  constructor({ server, siteId, userId, form }: { server: string; siteId: string; userId: string; form?: string }) {
    const owner = [server, siteId, userId, ...(form ? [form] : [])];
    this.name = `kling-video-cover:order:${JSON.stringify(owner)}`;
  }

  save(order: PendingOrder<Body>): void {
    attempt(() => localStorage.setItem(this.name, toJson(order)));
  }

  /** The stored order, or undefined when there is none or it is older than a day. */
  load(nowMs = Date.now()): PendingOrder<Body> | undefined {
    const order = attempt(() => JSON.parse(localStorage.getItem(this.name)!) as PendingOrder<Body> | null);
    return order && nowMs - order.madeAtMs < maxAgeMs ? order : undefined;
  }

  /** Forgets the order of this key; another tab may have stored one of its own since. */
  clear(key: string): void {
    attempt(() => this.load()?.key === key && localStorage.removeItem(this.name));
  }
}

/** Storage throws in private windows and sandboxed frames; that must not stop a purchase. */
export function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** A random UUID; `crypto.randomUUID` is missing on plain-http origins, `getRandomValues` is not. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
