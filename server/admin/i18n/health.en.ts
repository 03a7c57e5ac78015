/** English texts of the health page, and the type of the Russian ones. */
import type { ProviderName } from '../../store/schema.ts';

export const health = {
  title: 'Health',
  lead: 'Whether this installation is well, and what to do where it is not.',
  run: 'Look now',
  runHint: 'Asks database, storage and provider, at most every 30 seconds. Costs nothing at the provider.',
  lastLook: 'Last look',
  neverLooked: 'Nobody has looked yet',
  neverLookedDo: 'Press “Look now”: it takes a few seconds.',
  unavailable: 'The doctor is not part of this server. Run “npm run doctor”.',
  english: 'The findings are those of “npm run doctor”.',
  findings: 'Findings',
  state: 'State',
  states: { ok: 'well', warning: 'watch', failed: 'act' },
  what: 'What was found',
  remedy: 'What to do',
  allWell: 'All is well',
  someWarn: 'Covers can be made, but look at what is marked',
  someFail: 'Somebody must act',

  accounts: 'Provider accounts',
  accountsHint:
    'Jobs go to the first account of their provider that can take them. One that is out of units or refuses its credentials is passed over, and the next one takes the jobs.',
  noAccounts: 'No provider account is known to this page.',
  fromSettings: 'from the settings of the server',
  sharesWith: (account: string) => `with the credentials of ${account}, for pictures: slots and pauses of its own`,
  disabledState: 'disabled: jobs already there finish there',
  unreadable: 'its credentials cannot be read, SECRET has changed: enter them anew as a new account',
  takes: 'takes tasks',
  paused: 'paused',
  pausedUntil: 'Paused until',
  reason: 'Reason',
  slots: 'Slots in use',
  slotsOf: (used: string, all: string) => `${used} of ${all}`,
  today: 'Tasks today (UTC)',
  noBudget: (count: string) => `${count}, no daily budget`,
  ofBudget: (count: string, budget: string) => `${count} of ${budget}`,
  units: { kling: 'Units left', kie: 'Credits left' } satisfies Record<ProviderName, string>,
  unitsUnknown: 'Not asked yet. Press “Look now”.',
  unitsNote: {
    kling: 'Kling counts units up to 12 hours late.',
    kie: 'What a task costs is not known here: Kie’s own console shows it.',
  } satisfies Record<ProviderName, string>,
  retry: 'Try again now',
  label: 'Name',
  labelHint: 'For this page only.',
  apiKey: 'API key',
  accessKey: 'Access key',
  secretKey: 'Secret key',
  keysHint: {
    kling: 'The API key, or access key and secret key. They are kept sealed and never shown again.',
    kie: 'It is kept sealed and never shown again.',
  } satisfies Record<ProviderName, string>,
  baseUrl: 'Address of the API',
  baseUrlHint: { kling: 'Keys belong to one region.', kie: 'Kie has one address for everybody.' } satisfies Record<
    ProviderName,
    string
  >,
  concurrency: 'Tasks at once',
  concurrencyHint: 'What the resource pack or plan allows.',
  position: 'Order',
  positionHint: 'Smaller comes first; the account from the settings is before all.',
  edit: 'Change',
  save: 'Save',
  disable: 'Disable',
  enable: 'Enable',
  add: { kling: 'Add a Kling account', kie: 'Add a Kie.ai account' } satisfies Record<ProviderName, string>,
  addSubmit: 'Add',
  addHint: 'Takes jobs within ten seconds, without a restart.',
};

export const healthNotices = {
  providerAdded: 'The account was added and takes jobs within ten seconds.',
  providerChanged: 'The account was changed.',
  providerDisabled: 'The account takes no more jobs. Those it holds finish there.',
  providerEnabled: 'The account takes jobs again within ten seconds.',
  providerResumed: 'The pause has ended: the account is tried again now.',
};

export const healthProblems = {
  providerLabel: 'Write a name of 1 to 60 characters.',
  providerKeys: 'Give the API key, or both access key and secret key, as one word each without spaces.',
  providerKey: 'Give the API key, one word without spaces.',
  providerAddress: 'Write the https address of the API, such as https://api-singapore.klingai.com.',
  providerSlots: 'Write a whole number from 1 to 100.',
  providerPosition: 'Write a whole number from 0 to 1000.',
  providerConflict: 'Somebody changed this account meanwhile. Open the page anew, then change it.',
};

export const healthActions = {
  'provider.added': 'Provider account added',
  'provider.changed': 'Provider account changed',
  'provider.disabled': 'Provider account disabled',
  'provider.enabled': 'Provider account enabled',
  'provider.resumed': 'Provider account tried again',
};
