import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import type { Config } from '../config.ts';
import type { BlobStore } from '../media/blobs.ts';
import { checkKling } from '../providers/kling-check.ts';
import type { ProviderAccount } from '../providers/provider.ts';
import type { Seal } from '../secrets.ts';
import type { ProviderCredentialsRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { kieFindings } from './check-kie-account.ts';
import { klingFindings } from './check-kling-account.ts';
import { examine } from './checks.ts';
import type { Finding } from './finding.ts';
import { told } from './told.ts';

interface CheckupParts {
  config: Config;
  store: Store;
  blobs: BlobStore;
  seal: Seal;
  /** Kling's accounts of the settings. */
  accounts: readonly ProviderAccount[];
  now: () => number;
}

/**
 * The doctor inside the running server: everything that `npm run doctor` looks at, and what its service says of each
 * provider account. Never rejects for what it finds, and writes nothing.
 */
export function createCheckup({ config, store, blobs, seal, accounts, now }: CheckupParts) {
  const { kling, kie, databaseUrl, storage, publicUrl } = config;
  const { credentials, baseUrl, concurrency, dailyJobs } = kling;
  const file = databaseUrl.startsWith('file:') ? databaseUrl.slice('file:'.length) : null;
  const folders = [...(file ? [dirname(file)] : []), storage.kind === 'folder' ? storage.folder : tmpdir()];

  return async function checkUp() {
    const check = async () => (credentials ? checkKling({ ...credentials, baseUrl, concurrency, now }) : []);
    const settings = { publicUrl, folders, concurrency, dailyJobs };
    const all = await examine({ store, blobs, now: now(), settings, provider: { accounts, check, adopt: false } });
    const isKlings = ({ id }: Finding) => id.startsWith('kling');
    const others = (await store.providerCredentials.list()).filter((row) => row.enabled);
    return {
      findings: all.filter((finding) => !isKlings(finding)),
      accounts: [
        ...accounts.slice(0, 1).map(({ id }) => ({ id, findings: all.filter(isKlings) })),
        ...(kie.apiKey
          ? [{ id: 'kie', findings: await kieFindings({ apiKey: kie.apiKey, baseUrl: kie.baseUrl }) }]
          : []),
        ...(await Promise.all(others.map(async (row) => ({ id: row.id, findings: await askOther(row) })))),
      ],
    };
  };

  async function askOther(row: ProviderCredentialsRow): Promise<Finding[]> {
    const { id, provider, baseUrl: address, concurrency: slots, sealedCredentials } = row;
    try {
      const keys = JSON.parse(seal.unseal(sealedCredentials)) as { apiKey?: string };
      if (provider === 'kie') return await kieFindings({ apiKey: keys.apiKey ?? '', baseUrl: address });
      return klingFindings(await checkKling({ ...keys, baseUrl: address, concurrency: slots, now }));
    } catch {
      return [told(`${provider}-credentials`, 'failed', (words) => words.sealBroken(id))];
    }
  }
}
