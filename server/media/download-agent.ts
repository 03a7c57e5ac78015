import { lookup as lookupByDns } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { Agent, buildConnector } from 'undici';
import { isLiteral, isPublicAddress } from './download-hosts.ts';

/** All addresses of a host name. */
export type Lookup = (host: string) => Promise<{ address: string; family: number }[]>;

/** The host stands for an address that is not of the public internet. */
export class AddressRefused extends Error {}

export const systemLookup: Lookup = (host) => lookupByDns(host, { all: true });

/**
 * An agent that connects to public addresses only. The check sits inside the connection's own name lookup, so the address
 * judged is the address connected to: a second answer of a hostile name server has no moment to come in between.
 */
export function createPublicAgent(lookup: Lookup): Agent {
  const connectByName = buildConnector({ lookup: publicOnly(lookup) });
  return new Agent({
    connect(target, callback) {
      // Literal addresses never reach the lookup.
      if (isLiteral(target.hostname) && !isPublicAddress(target.hostname)) {
        callback(new AddressRefused(), null);
        return;
      }
      connectByName(target, callback);
    },
  });
}

function publicOnly(lookup: Lookup): LookupFunction {
  const find = callbackify(async (host: string) => {
    const addresses = await lookup(host);
    const areAllPublic = addresses.every(({ address }) => isPublicAddress(address));
    if (!areAllPublic || addresses.length === 0) throw new AddressRefused();
    return addresses;
  });
  return (host, { all }, callback) => {
    find(host, (error, addresses) => {
      if (error) callback(error, all ? [] : '', 0);
      else if (all) callback(null, addresses);
      else callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}
