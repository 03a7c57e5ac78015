import { createHostRules, isLiteral, isPublicAddress, type AllowedPlace } from '../media/download-hosts.ts';

/** Why messages may not go to an address. */
export type AddressRefusal = 'not_url' | 'not_https' | 'userinfo' | 'private_address';

/** An address that messages may go to, or why not. */
export type AddressRules = (address: string) => AllowedPlace | AddressRefusal;

const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Judges endpoint addresses: https, and no literal private address; what a name stands for is judged when it is connected
 * to. `namedHosts` are the operator's exceptions, each `host:port`: they may be private and, on loopback, plain http.
 * Throws `TypeError` for an entry that is no `host:port`.
 */
export function createAddressRules(namedHosts: string[]): AddressRules {
  const readNamed = createHostRules(namedHosts);

  return (address) => {
    const url = URL.parse(address);
    if (!url) return 'not_url';
    if (url.username !== '' || url.password !== '') return 'userinfo';
    const named = readNamed(address);
    const isNamed = typeof named === 'object' && named.isNamed;
    const mayBePlain = isNamed && loopbackHost.test(url.hostname);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && mayBePlain)) return 'not_https';
    if (!isNamed && isLiteral(url.hostname) && !isPublicAddress(url.hostname)) return 'private_address';
    return { url, isNamed };
  };
}
