import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A URL that may be asked. `isNamed`: the operator named exactly this host and port, so its address may be private. */
export interface AllowedPlace {
  url: URL;
  isNamed: boolean;
}

/** Why a URL may not be asked; never holds the URL, which may be signed. */
export type HostRefusal = 'not a url' | 'protocol' | 'userinfo' | 'host' | 'port';

/**
 * Reads an allow-list of hosts. `klingai.com` allows that host and every host below it, by https on port 443 only.
 * `host:port` allows exactly that, also by http. Case and a final dot make no difference. Throws `TypeError` for an entry
 * that is neither.
 */
export function createHostRules(allowedHosts: string[]): (address: string) => AllowedPlace | HostRefusal {
  const entries = allowedHosts.map(readEntry);
  const named = new Set(entries.filter((entry) => entry.port).map(({ host, port }) => `${host}:${port}`));
  const suffixes = entries.filter((entry) => !entry.port).map(({ host }) => host);

  return (address) => {
    const url = URL.parse(address);
    if (!url) return 'not a url';
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'protocol';
    if (url.username !== '' || url.password !== '') return 'userinfo';
    const host = url.hostname.replace(/\.$/, '');
    url.hostname = host;
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    if (named.has(`${host}:${port}`)) return { url, isNamed: true };
    if (!suffixes.some((suffix) => host === suffix || host.endsWith(`.${suffix}`))) return 'host';
    if (url.protocol !== 'https:') return 'protocol';
    return port === '443' ? { url, isNamed: false } : 'port';
  };
}

/**
 * True for an address of the public internet. IPv4 inside IPv6 (`::ffff:`) is judged as IPv4; private, shared (100.64/10),
 * link-local, loopback, multicast, documentation and translated (6to4, NAT64) addresses are not public.
 */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) && ipaddr.process(bare).range() === 'unicast';
}

/** True for a host that is an address and so never goes through a name lookup. */
export function isLiteral(host: string): boolean {
  return host.startsWith('[') || isIP(host) !== 0;
}

function readEntry(entry: string): { host: string; port: string } {
  const [, name = '', port = ''] = /^\.?(.+?)(?::(\d{1,5}))?$/.exec(entry.trim()) ?? [];
  const url = URL.parse(`http://${name}`);
  const host = url?.hostname.replace(/\.$/, '');
  if (!url || !host || url.href !== `http://${url.hostname}/`)
    throw new TypeError(`"${entry}" is not host or host:port`);
  return { host, port: port && String(Number(port)) };
}
