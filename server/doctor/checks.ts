import type { BlobStore } from '../media/blobs.ts';
import type { KlingCheck } from '../providers/kling-check.ts';
import type { ProviderAccount } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import { checkAbandoned, checkAccounts, checkClips, checkOverdue, checkPresets, checkUnsaved } from './check-jobs.ts';
import { klingFindings } from './check-kling-account.ts';
import { checkLedger } from './check-ledger.ts';
import { checkOrphans } from './check-orphans.ts';
import { checkFreeSpace, checkPublicAddress, checkStorage } from './check-storage.ts';
import type { Finding } from './finding.ts';
import { told } from './told.ts';

export type { Finding } from './finding.ts';

/** Everything the doctor looks at. Nothing of it is changed, unless `provider.adopt` asks for it. */
export interface DoctorParts {
  store: Store;
  /** Null: there is no folder to look into. */
  blobs: BlobStore | null;
  /** Epoch milliseconds. */
  now: number;
  settings: {
    publicUrl: string;
    /** Local folders whose disks must have room. */
    folders: string[];
    concurrency: number;
    /** Tasks a day at the provider; 0 is no limit. */
    dailyJobs: number;
  };
  /** Left out: the provider is not asked. */
  provider?: { accounts: readonly ProviderAccount[]; check(): Promise<KlingCheck[]>; adopt: boolean };
}

/** One look: what the findings are called when it throws, and the look itself. */
interface Check {
  id: string;
  run(parts: DoctorParts): Finding[] | Finding | Promise<Finding[] | Finding>;
}

/** All looks, in the order of the report. */
export const checks: readonly Check[] = [
  { id: 'public-address', run: ({ settings }) => checkPublicAddress(settings.publicUrl) },
  { id: 'database', run: checkDatabase },
  { id: 'ledger', run: checkLedger },
  { id: 'jobs-overdue', run: checkOverdue },
  { id: 'jobs-abandoned', run: checkAbandoned },
  { id: 'jobs-unsaved', run: checkUnsaved },
  { id: 'presets', run: checkPresets },
  { id: 'storage', run: ({ blobs }) => (blobs ? checkStorage({ blobs }) : []) },
  { id: 'clips', run: ({ store, blobs }) => (blobs ? checkClips({ store, blobs }) : []) },
  { id: 'free-space', run: ({ settings }) => Promise.all(settings.folders.map(checkFreeSpace)) },
  { id: 'provider-accounts', run: checkAccounts },
  { id: 'kling', run: async ({ provider }) => (provider ? klingFindings(await provider.check()) : []) },
  {
    id: 'orphans',
    run: async ({ store, now, provider: { accounts, adopt } = { accounts: [], adopt: false } }) =>
      (await Promise.all(accounts.map((account) => checkOrphans({ store, now, account, adopt })))).flat(),
  },
];

/** Makes every check once. Never rejects: a check that throws is a failed finding. */
export async function examine(parts: DoctorParts): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) findings.push(...(await attempt(check, parts)));
  return findings;
}

async function attempt({ id, run }: Check, parts: DoctorParts): Promise<Finding[]> {
  try {
    return [await run(parts)].flat();
  } catch (fault) {
    const reason = fault instanceof Error ? fault.message : String(fault);
    return [told(id, 'failed', (words) => words.unchecked(reason))];
  }
}

async function checkDatabase({ store }: DoctorParts): Promise<Finding> {
  await store.check();
  return told('database', 'ok', (words) => words.databaseWell());
}
