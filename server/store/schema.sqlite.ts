import { sqliteColumns } from './columns.ts';
import { createTables } from './schema.ts';

export const { sites, accounts, presets, presetRevisions, uploads, jobs, ledger, providerAccounts } =
  createTables(sqliteColumns);
