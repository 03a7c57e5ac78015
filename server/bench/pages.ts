import type { Filled } from './fill.ts';

/** A page that is timed. */
export interface TimedPage {
  name: string;
  path: (filled: Filled) => string;
  /** Counted anew at each request, not answered from what is kept for a minute. */
  isCold?: boolean;
}

/** What can be downloaded and grows. */
export const timedDownloads: TimedPage[] = [
  { name: 'ledger CSV', path: () => '/admin/accounts/ledger.csv' },
  {
    name: 'ledger CSV: all its days',
    path: ({ span: [from, to] }) => `/admin/accounts/ledger.csv?from=${from}&to=${to}`,
  },
  { name: 'ledger CSV: a day', path: ({ day }) => `/admin/accounts/ledger.csv?from=${day}&to=${day}` },
  { name: 'ledger CSV: of one account', path: ({ accountId }) => `/admin/accounts/${accountId}/ledger.csv` },
];

/** What looks back over ninety days. */
export const timedSpans: TimedPage[] = [
  { name: 'usage, 90 days, cold', path: () => '/admin/usage?days=90', isCold: true },
  { name: 'usage, 90 days, a site, cold', path: () => '/admin/usage?days=90&site=panel', isCold: true },
  { name: 'usage, 90 days, warm', path: () => '/admin/usage?days=90' },
];

/** Every page of the operator that shows rows whose number grows, and those that must not notice. */
export const timedPages: TimedPage[] = [
  { name: 'jobs', path: () => '/admin/jobs' },
  { name: 'jobs: completed', path: () => '/admin/jobs?status=completed' },
  { name: 'jobs: failed', path: () => '/admin/jobs?status=failed' },
  { name: 'jobs: processing', path: () => '/admin/jobs?status=processing' },
  { name: 'jobs: pending (none)', path: () => '/admin/jobs?status=pending' },
  { name: 'jobs: cancelled (rare, old)', path: () => '/admin/jobs?status=cancelled' },
  { name: 'jobs: preset', path: () => '/admin/jobs?preset=video-cover' },
  { name: 'jobs: preset (rare, old)', path: () => '/admin/jobs?preset=rare' },
  { name: 'jobs: preset (none)', path: () => '/admin/jobs?preset=unknown' },
  { name: 'jobs: day', path: ({ day }) => `/admin/jobs?day=${day}` },
  { name: 'jobs: first day', path: ({ span: [from] }) => `/admin/jobs?day=${from}` },
  { name: 'jobs: site', path: () => '/admin/jobs?site=panel' },
  { name: 'jobs: site (rare, old)', path: () => '/admin/jobs?site=dormant' },
  { name: 'jobs: status + preset + site', path: () => '/admin/jobs?status=failed&preset=video-cover&site=second' },
  { name: 'jobs: by id', path: ({ jobId }) => `/admin/jobs?q=${jobId}` },
  { name: 'jobs: by first letters', path: ({ jobId }) => `/admin/jobs?q=${jobId.slice(0, 8)}` },
  { name: 'jobs: by external id', path: ({ externalId }) => `/admin/jobs?q=${externalId}` },
  { name: 'jobs: by task', path: ({ taskId }) => `/admin/jobs?q=${taskId}` },
  { name: 'jobs: by seller', path: ({ userId }) => `/admin/jobs?q=${userId}` },
  { name: 'job', path: ({ jobId }) => `/admin/jobs/${jobId}` },
  { name: 'accounts', path: () => '/admin/accounts' },
  { name: 'accounts: one', path: ({ userId }) => `/admin/accounts?q=${userId}` },
  { name: 'accounts: none', path: () => '/admin/accounts?q=nobody' },
  { name: 'account', path: ({ accountId }) => `/admin/accounts/${accountId}` },
  { name: 'prices', path: () => '/admin/prices' },
  { name: 'prompts', path: () => '/admin/prompts/video' },
  { name: 'presets', path: () => '/admin/presets' },
  { name: 'sites', path: () => '/admin/sites' },
  { name: 'webhooks', path: () => '/admin/webhooks' },
  { name: 'webhook endpoint (old)', path: ({ endpointId }) => `/admin/webhooks/${endpointId}` },
  { name: 'usage, 7 days, cold', path: () => '/admin/usage?days=7', isCold: true },
  { name: 'usage, 30 days, cold', path: () => '/admin/usage?days=30', isCold: true },
  { name: 'usage, 30 days, warm', path: () => '/admin/usage?days=30' },
  { name: 'health', path: () => '/admin/health' },
  { name: 'audit', path: () => '/admin/audit' },
  { name: 'audit: of one account', path: ({ accountId }) => `/admin/audit?target=${accountId}` },
];
