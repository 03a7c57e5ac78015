import type { Config } from './config.ts';
import { createAccountList } from './jobs/account-list.ts';
import type { BudgetedAccount } from './jobs/admit.ts';
import { createDailyBudget } from './jobs/caps.ts';
import type { Log, Runtime } from './jobs/runtime.ts';
import { createKieAccount, type KieSettings } from './providers/kie.ts';
import { createKlingAccounts, type KlingSettings } from './providers/kling.ts';
import type { Seal } from './secrets.ts';
import type { JobSort } from './store/job-queue.ts';
import type { Store } from './store/store.ts';
import type { createWatch } from './telemetry/watched-account.ts';

const usualCover = { kind: 'image-to-video', model: 'kling-v2-6' } as const;

interface AccountParts {
  config: Config;
  store: Store;
  runtime: Runtime;
  log: Log;
  seal: Seal;
  watched: ReturnType<typeof createWatch>;
}

/** The provider accounts of the settings, and the list that those which operators add stand in too. */
export function composeAccounts({ config, store, runtime, log, seal, watched }: AccountParts) {
  const { now } = runtime;
  const { dailyJobs: dailyTasks, credentials: klingKeys, ...kling } = config.kling;
  const { apiKey: kieKey, baseUrl, concurrency, uploadBaseUrl, pollIntervalMs, dailyJobs: dailyKieTasks } = config.kie;

  function klingAccounts(settings: Omit<KlingSettings, 'now'>): BudgetedAccount[] {
    const both = createKlingAccounts({ ...settings, now });
    const sharedBy = both.map(({ id }) => id);
    const budget = dailyTasks > 0 && { budget: createDailyBudget({ store, log, dailyTasks, sharedBy }) };
    return both.map((one) => ({ ...watched(one), ...budget }));
  }

  function kieAccount(settings: Pick<KieSettings, 'id' | 'apiKey' | 'baseUrl' | 'concurrency'>): BudgetedAccount {
    const account = createKieAccount({ ...settings, uploadBaseUrl, pollIntervalMs, now });
    const budget = dailyKieTasks > 0 && { budget: createDailyBudget({ store, log, dailyTasks: dailyKieTasks }) };
    return { ...watched(account), ...budget };
  }

  const klingFixed = klingKeys ? klingAccounts({ id: 'kling', credentials: klingKeys, ...kling }) : [];
  const kieFixed = kieKey ? [kieAccount({ id: 'kie', apiKey: kieKey, baseUrl, concurrency })] : [];
  const fixed = [...klingFixed, ...kieFixed];
  const accounts = createAccountList({
    fixed,
    store,
    runtime,
    log,
    build: ({ provider, sealedCredentials, ...own }) => {
      const credentials = JSON.parse(seal.unseal(sealedCredentials));
      const settings = { id: own.id, baseUrl: own.baseUrl, concurrency: own.concurrency };
      return provider === 'kie'
        ? [kieAccount({ ...settings, apiKey: credentials.apiKey })]
        : klingAccounts({ ...settings, credentials });
    },
  });

  return {
    /** Those of the settings. */
    fixed,
    /** All, as they are now. */
    accounts,
    /** Whether any account could make such a job. */
    canMake: async (sort: JobSort): Promise<boolean> =>
      (await accounts()).some((one) => !one.closed && one.provider === sort.provider && one.clientFor(sort) !== null),
    /** Slots for clips, told to sellers who wait for one: Kling's slots for pictures are none of them. */
    coverSlots: async (): Promise<number> =>
      (await accounts())
        .filter((one) => !one.closed && (one.provider !== 'kling' || one.clientFor(usualCover) !== null))
        .reduce((sum, { concurrency }) => sum + concurrency, 0),
  };
}
