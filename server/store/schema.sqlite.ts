import { sqliteColumns } from './columns.ts';
import { createTables } from './schema.ts';

export const {
  sites,
  siteApiKeys,
  accounts,
  presets,
  presetRevisions,
  uploads,
  jobs,
  jobEvents,
  groups,
  shares,
  ledger,
  providerAccounts,
  providerCredentials,
  webhookEndpoints,
  webhookDeliveries,
  operators,
  operatorSessions,
  auditLog,
  usageDays,
  usageTotals,
  usagePrompts,
} = createTables(sqliteColumns);
