import type { Columns } from './columns.ts';
import { createJobTables } from './tables/jobs.ts';
import { createOperationTables } from './tables/operations.ts';
import { createSellerTables } from './tables/sellers.ts';
import { createUsageTables } from './tables/usage.ts';

export type * from './shapes.ts';

/** All tables, made once from the column kinds of one database. */
export function createTables(c: Columns) {
  const sellers = createSellerTables(c);
  return { ...sellers, ...createJobTables(c, sellers), ...createOperationTables(c, sellers), ...createUsageTables(c) };
}

export type Tables = ReturnType<typeof createTables>;
export type SiteRow = Tables['sites']['$inferSelect'];
/** A site's settings; what is left out keeps its default or its value. */
export type SiteSettings = Omit<Tables['sites']['$inferInsert'], 'createdAt' | 'updatedAt'>;
export type AccountRow = Tables['accounts']['$inferSelect'];
export type PresetRow = Tables['presetRevisions']['$inferSelect'];
/** A preset before its first revision is written. */
export type NewPreset = Omit<Tables['presetRevisions']['$inferInsert'], 'revision' | 'author' | 'createdAt'>;
export type UploadRow = Tables['uploads']['$inferSelect'];
export type JobRow = Tables['jobs']['$inferSelect'];
export type GroupRow = Tables['groups']['$inferSelect'];
export type ShareRow = Tables['shares']['$inferSelect'];
export type LedgerRow = Tables['ledger']['$inferSelect'];
export type ProviderAccountRow = Tables['providerAccounts']['$inferSelect'];
export type ProviderCredentialsRow = Tables['providerCredentials']['$inferSelect'];
export type JobEventRow = Tables['jobEvents']['$inferSelect'];
export type SiteApiKeyRow = Tables['siteApiKeys']['$inferSelect'];
export type WebhookEndpointRow = Tables['webhookEndpoints']['$inferSelect'];
export type WebhookDeliveryRow = Tables['webhookDeliveries']['$inferSelect'];
export type OperatorRow = Tables['operators']['$inferSelect'];
export type OperatorSessionRow = Tables['operatorSessions']['$inferSelect'];
export type AuditRow = Tables['auditLog']['$inferSelect'];
