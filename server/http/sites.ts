import type { Runtime } from '../jobs/runtime.ts';
import { hashApiKey, type Seal } from '../secrets.ts';
import type { SiteApiKeyRow, SiteRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { createPublicKeys } from './jwks.ts';
import type { SiteKey } from './seller-token.ts';

const maxAgeMs = 5_000;
/** Something unknown may be new; it is looked for no more often than this. */
const lookAgainMs = 1_000;

interface Index {
  byId: Map<string, SiteRow>;
  byIssuer: Map<string, SiteRow>;
  byKeyHash: Map<string, SiteRow>;
  origins: Set<string>;
}

/** The host sites, kept in memory: a change in the database is seen within five seconds, a new site within one. */
export function createSiteDirectory({ store, seal, runtime }: { store: Store; seal: Seal; runtime: Runtime }) {
  let index = indexOf([], []);
  let readAt = -Infinity;
  let reading: Promise<Index> | null = null;
  const keys = new Map<string, { version: number; key: Promise<SiteKey> }>();

  async function read(): Promise<Index> {
    const [sites, apiKeys] = await Promise.all([store.sites.list(), store.sites.liveApiKeys()]);
    index = indexOf(sites, apiKeys);
    readAt = runtime.now();
    return index;
  }

  function current(ageMs = maxAgeMs): Index | Promise<Index> {
    if (Math.abs(runtime.now() - readAt) < ageMs) return index;
    reading ??= read().finally(() => (reading = null));
    return reading;
  }

  async function find(pick: (sites: Index) => SiteRow | undefined): Promise<SiteRow | null> {
    return pick(await current()) ?? pick(await current(lookAgainMs)) ?? null;
  }

  async function loadKey(site: SiteRow): Promise<SiteKey> {
    if (site.jwksUrl) return { kind: 'jwks', key: createPublicKeys(site.jwksUrl) };
    const sealed = [site.sealedJwtSecret, site.sealedNextJwtSecret].filter((text) => text !== null);
    return { kind: 'secret', keys: await Promise.all(sealed.map(importSecret)) };
  }

  function importSecret(sealed: string): Promise<CryptoKey> {
    const secret = Buffer.from(seal.unseal(sealed));
    return crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  }

  return {
    byId: async (id: string): Promise<SiteRow | null> => (await current()).byId.get(id) ?? null,
    byIssuer: (issuer: string) => find((sites) => sites.byIssuer.get(issuer)),
    byApiKey: (apiKey: string) => find((sites) => sites.byKeyHash.get(hashApiKey(apiKey))),
    /** Whether any site lists this origin, to the letter. */
    listsOrigin: async (origin: string): Promise<boolean> => (await current()).origins.has(origin),

    /** The site's imported keys, kept until the site changes. */
    keyOf(site: SiteRow): Promise<SiteKey> {
      const known = keys.get(site.id);
      if (known?.version === site.updatedAt) return known.key;
      const key = loadKey(site);
      keys.set(site.id, { version: site.updatedAt, key });
      return key;
    },
  };
}

export type SiteDirectory = ReturnType<typeof createSiteDirectory>;

function indexOf(sites: SiteRow[], apiKeys: Pick<SiteApiKeyRow, 'siteId' | 'hash'>[]): Index {
  const byId = new Map(sites.map((site) => [site.id, site]));
  const byKeyHash = new Map(sites.flatMap((site) => (site.apiKeyHash ? [[site.apiKeyHash, site]] : [])));
  for (const { siteId, hash } of apiKeys) {
    const site = byId.get(siteId);
    if (site) byKeyHash.set(hash, site);
  }
  return {
    byId,
    byIssuer: new Map(sites.map((site) => [site.issuer, site])),
    byKeyHash,
    origins: new Set(sites.flatMap((site) => site.origins)),
  };
}
