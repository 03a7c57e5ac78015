import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/**
 * Whom a limit counts against. `X-Forwarded-For` is believed only as far as our own proxies wrote it: each appends what
 * it saw, so the caller stands `trustedProxies` places from the right. IPv6 counts by its /64, which one customer owns.
 */
export function clientAddress(incoming: IncomingMessage, trustedProxies: number): string {
  const peer = incoming.socket.remoteAddress ?? '';
  if (trustedProxies === 0) return bucketOf(peer);
  const forwarded = String(incoming.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter(Boolean);
  const claimed = forwarded.at(-trustedProxies) ?? forwarded[0] ?? peer;
  return bucketOf(ipaddr.isValid(claimed) ? claimed : peer);
}

function bucketOf(text: string): string {
  if (!ipaddr.isValid(text)) return 'unknown';
  const address = ipaddr.process(text);
  return address instanceof ipaddr.IPv6 ? `${address.parts.slice(0, 4).join(':')}/64` : address.toString();
}
