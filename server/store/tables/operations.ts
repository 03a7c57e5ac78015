import { sql } from 'drizzle-orm';
import type { Columns } from '../columns.ts';
import type { ProviderName, OperatorRole, HostEvent, DeliveredEvent, DeliveryFacts } from '../shapes.ts';
import type { SellerTables } from './sellers.ts';

/** What runs the house: services, webhooks, operators. */
export function createOperationTables(c: Columns, { sites }: Pick<SellerTables, 'sites'>) {
  const providerAccounts = c.table('provider_accounts', {
    id: c.text().primaryKey(),
    /** Nothing is submitted before this moment. */
    pausedUntil: c.time().notNull(),
    /** The provider's own words, for the admin. */
    pauseReason: c.text(),
    updatedAt: c.time().notNull(),
  });

  const providerCredentials = c.table('provider_credentials', {
    /** The provider account's id in job rows. */
    id: c.text().primaryKey(),
    provider: c.text<ProviderName>().notNull(),
    label: c.text().notNull(),
    sealedCredentials: c.text().notNull(),
    baseUrl: c.text().notNull(),
    concurrency: c.int().notNull(),
    /** Jobs go to the first account that can take them. */
    position: c.int().notNull(),
    enabled: c.bool().notNull(),
    createdAt: c.time().notNull(),
    updatedAt: c.time().notNull(),
  });

  const webhookEndpoints = c.table(
    'webhook_endpoints',
    {
      id: c.text().primaryKey(),
      siteId: c
        .text()
        .notNull()
        .references(() => sites.id),
      url: c.text().notNull(),
      /** Standard Webhooks secrets (`whsec_…`), sealed; during a rotation both sign. */
      sealedSecret: c.text().notNull(),
      sealedNextSecret: c.text(),
      events: c.json<HostEvent[]>().notNull(),
      enabled: c.bool().notNull(),
      createdAt: c.time().notNull(),
      updatedAt: c.time().notNull(),
    },
    (t) => [c.index('webhook_endpoints_of_site').on(t.siteId)],
  );

  const webhookDeliveries = c.table(
    'webhook_deliveries',
    {
      id: c.text().primaryKey(),
      endpointId: c
        .text()
        .notNull()
        .references(() => webhookEndpoints.id),
      /** The same for every endpoint and every try: the receiver's key against repeats. */
      messageId: c.text().notNull(),
      event: c.text<DeliveredEvent>().notNull(),
      payload: c.json<DeliveryFacts>().notNull(),
      status: c.text<'pending' | 'delivered' | 'failed'>().notNull(),
      attempts: c.int().notNull(),
      dueAt: c.time().notNull(),
      leaseUntil: c.time().notNull(),
      /** A try after this is the last. */
      deadlineAt: c.time().notNull(),
      lastStatus: c.int(),
      lastError: c.text(),
      createdAt: c.time().notNull(),
      updatedAt: c.time().notNull(),
    },
    (t) => [
      c.uniqueIndex('webhook_deliveries_once').on(t.endpointId, t.messageId),
      c.index('webhook_deliveries_of_endpoint').on(t.endpointId, t.id),
      c
        .index('webhook_deliveries_due')
        .on(t.dueAt)
        .where(sql`${t.status} = 'pending'`),
    ],
  );

  const operators = c.table(
    'operators',
    {
      id: c.text().primaryKey(),
      login: c.text().notNull(),
      role: c.text<OperatorRole>().notNull(),
      /** scrypt with its salt and cost. */
      passwordHash: c.text().notNull(),
      createdAt: c.time().notNull(),
      disabledAt: c.time(),
    },
    (t) => [c.uniqueIndex('operators_login').on(t.login)],
  );

  const operatorSessions = c.table(
    'operator_sessions',
    {
      /** A tag of the key that the session hangs on, a dot, SHA-256 of the cookie's value; both hex. */
      id: c.text().primaryKey(),
      /** Null: signed in with ADMIN_PASSWORD. */
      operatorId: c.text().references(() => operators.id),
      address: c.text().notNull(),
      userAgent: c.text().notNull(),
      createdAt: c.time().notNull(),
      expiresAt: c.time().notNull(),
      endedAt: c.time(),
    },
    (t) => [c.index('operator_sessions_of_operator').on(t.operatorId, t.createdAt)],
  );

  const auditLog = c.table(
    'audit_log',
    {
      id: c.text().primaryKey(),
      at: c.time().notNull(),
      actor: c.text().notNull(),
      /** Such as `preset.revised`, `account.granted`. */
      action: c.text().notNull(),
      /** The id of what was changed. */
      target: c.text().notNull(),
      /** What changed, without secrets. */
      detail: c.json<Record<string, unknown>>().notNull(),
    },
    (t) => [
      c.index('audit_log_of_target').on(t.target, t.id),
      c.index('audit_log_of_actor').on(t.actor, t.id),
      c.index('audit_log_of_action').on(t.action, t.id),
    ],
  );

  return {
    providerAccounts,
    providerCredentials,
    webhookEndpoints,
    webhookDeliveries,
    operators,
    operatorSessions,
    auditLog,
  };
}
