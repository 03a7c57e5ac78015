import { sql } from 'drizzle-orm';
import type { Frame } from '../jobs/frame.ts';
import type { JobKind, JobStage, JobStatus } from '../jobs/job.ts';
import type { Columns } from './columns.ts';

/** A picture or clip in the blob store. */
export interface StoredPicture {
  key: string;
  width: number;
  height: number;
  bytes: number;
  contentType: string;
}

/** A finished picture or clip. */
export interface StoredResult extends StoredPicture {
  /** Lower-case hex of the bytes. */
  sha256: string;
  /** Set where the operator keeps no copy: the provider's own address, and when it ends. Nothing is under `key` then. */
  link?: { url: string; expiresAt: number };
}

export interface StoredClip extends StoredResult {
  seconds: number;
}

/** One more that a seller may choose, for so many tokens on top of the preset's price. */
export interface Choice<T> {
  value: T;
  extraTokens: number;
}

/** What a seller may choose in an order; the preset's own value is always among the choices. Left out: no choice. */
export interface PresetChoices {
  aspectRatios?: Choice<string>[];
  seconds?: Choice<number>[];
  modes?: Choice<string>[];
}

export type ProviderName = 'kling' | 'kie';
export type Titles = { ru: string; en: string; vi: string };

/** What a marketplace asks of a video cover, each with where it is written; null where nothing was found. */
export interface MarketplaceRules {
  marketplace: string;
  minSeconds: number | null;
  maxSeconds: number | null;
  maxBytes: number | null;
  /** Such as `mp4`; empty: any. */
  containers: string[];
  /** Such as `3:4`. */
  aspectRatio: string | null;
  /** A page or document and the date it was read. */
  source: string;
}

/** How many took about so long: pairs of a bucket of `store/took.ts` and its count, ascending. */
export type TookCounts = [bucket: number, jobs: number][];

export type OperatorRole = 'owner' | 'viewer';
export type HostEvent = 'job.completed' | 'job.failed' | 'balance.changed';
/** The test is sent by hand, to one endpoint. */
export type DeliveredEvent = HostEvent | 'webhook.test';

/** What a delivery keeps of its event; the message is made of it when it is sent. */
export interface DeliveryFacts {
  accountId?: string;
  jobId?: string;
  balance?: {
    entryId: string;
    balance: number;
    change: number;
    reason: LedgerKind;
    jobId?: string;
    reference?: string;
  };
}
export type LedgerKind = 'grant' | 'debit' | 'refund' | 'correction';

/** All tables, made once from the column kinds of one database. */
export function createTables(c: Columns) {
  const sites = c.table(
    'sites',
    {
      id: c.text().primaryKey(),
      name: c.text().notNull(),
      issuer: c.text().notNull(),
      audience: c.text().notNull(),
      /** Sealed with the server's SECRET; exactly one of this and `jwksUrl` is set. */
      sealedJwtSecret: c.text(),
      jwksUrl: c.text(),
      maxTokenSeconds: c.int().notNull(),
      origins: c.json<string[]>().notNull(),
      /** During a rotation tokens signed with either secret are good. */
      sealedNextJwtSecret: c.text(),
      /** SHA-256 of the key from the settings, hex; keys made in the admin are rows of `site_api_keys`. */
      apiKeyHash: c.text(),
      /** Words that no order of this site may have; compared without regard to case. */
      blockedWords: c.json<string[]>().notNull().default([]),
      /** Zero is no cap of the site's own; the server's settings hold besides. */
      sellerDailyJobs: c.int().notNull().default(0),
      sellerOpenJobs: c.int().notNull().default(0),
      siteDailyJobs: c.int().notNull().default(0),
      createdAt: c.time().notNull(),
      updatedAt: c.time().notNull(),
    },
    (t) => [
      c.uniqueIndex('sites_issuer').on(t.issuer),
      c.uniqueIndex('sites_api_key_hash').on(t.apiKeyHash),
      c.check('sites_one_key', sql`(${t.sealedJwtSecret} is null) <> (${t.jwksUrl} is null)`),
    ],
  );

  const accounts = c.table(
    'accounts',
    {
      id: c.text().primaryKey(),
      siteId: c
        .text()
        .notNull()
        .references(() => sites.id),
      /** The seller's id in the host's own words (the token's `sub`). */
      userId: c.text().notNull(),
      name: c.text(),
      locale: c.text(),
      balance: c.int().notNull(),
      createdAt: c.time().notNull(),
    },
    (t) => [
      c.uniqueIndex('accounts_site_user').on(t.siteId, t.userId),
      c.check('accounts_balance_not_negative', sql`${t.balance} >= 0`),
    ],
  );

  const presets = c.table('presets', {
    id: c.text().primaryKey(),
    revision: c.int().notNull(),
  });

  const presetRevisions = c.table(
    'preset_revisions',
    {
      presetId: c
        .text()
        .notNull()
        .references(() => presets.id),
      revision: c.int().notNull(),
      kind: c.text<JobKind>().notNull(),
      provider: c.text<ProviderName>().notNull(),
      model: c.text().notNull(),
      mode: c.text().notNull(),
      seconds: c.int().notNull(),
      aspectRatio: c.text().notNull(),
      sound: c.bool().notNull(),
      prompt: c.text().notNull(),
      negativePrompt: c.text().notNull(),
      tokensCost: c.int().notNull(),
      titles: c.json<Titles>().notNull(),
      choices: c.json<PresetChoices>().notNull().default({}),
      /** Null: nothing is asked of the finished file beyond what every clip must be. */
      rules: c.json<MarketplaceRules>(),
      position: c.int().notNull(),
      enabled: c.bool().notNull(),
      author: c.text().notNull(),
      createdAt: c.time().notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.presetId, t.revision] }),
      c.check('preset_revisions_priced', sql`${t.tokensCost} > 0`),
    ],
  );

  const uploads = c.table('uploads', {
    id: c.text().primaryKey(),
    accountId: c
      .text()
      .notNull()
      .references(() => accounts.id),
    key: c.text().notNull(),
    /** Of the upright picture. */
    width: c.int().notNull(),
    height: c.int().notNull(),
    bytes: c.int().notNull(),
    contentType: c.text().notNull(),
    sha256: c.text().notNull(),
    createdAt: c.time().notNull(),
  });

  const jobs = c.table(
    'jobs',
    {
      id: c.text().primaryKey(),
      accountId: c
        .text()
        .notNull()
        .references(() => accounts.id),
      idempotencyKey: c.text().notNull(),
      requestHash: c.text().notNull(),

      kind: c.text<JobKind>().notNull(),
      presetId: c.text().notNull(),
      presetRevision: c.int().notNull(),
      provider: c.text<ProviderName>().notNull(),
      model: c.text().notNull(),
      mode: c.text().notNull(),
      seconds: c.int().notNull(),
      aspectRatio: c.text().notNull(),
      sound: c.bool().notNull(),
      prompt: c.text().notNull(),
      negativePrompt: c.text().notNull(),
      tokensCost: c.int().notNull(),
      title: c.text(),
      description: c.text(),
      groupId: c.text(),
      parentId: c.text(),
      /** The style whose words were added to the prompt. */
      styleId: c.text(),
      uploadId: c.text().references(() => uploads.id),
      frame: c.json<Frame>(),
      fit: c.text<'crop' | 'pad'>().notNull(),

      status: c.text<JobStatus>().notNull(),
      stage: c.text<JobStage>().notNull(),
      version: c.int().notNull(),
      /** When the worker must look again. */
      dueAt: c.time().notNull(),
      leaseUntil: c.time().notNull(),
      /** Grows with every claim; a result written under an older fence is refused. */
      fence: c.int().notNull(),
      /** Failed looks in a row, for the back-off. */
      failures: c.int().notNull(),
      deadlineAt: c.time().notNull(),
      /** How long the provider usually needs, fixed at creation, for progress that never goes back. */
      expectedMs: c.int().notNull(),

      /** The provider account that holds the task, such as `kling`. */
      providerAccount: c.text(),
      externalId: c.text().notNull(),
      providerTaskId: c.text(),
      /** POSTs whose outcome is not a proven "no task was made". Written before the first byte leaves. */
      sends: c.int().notNull(),
      sendDeadlineAt: c.time(),
      /** A task id that a callback claims is ours; believed only when the provider says the same. */
      claimedTaskId: c.text(),
      submittedAt: c.time(),
      checkedAt: c.time(),

      /** The framed picture as it was sent: also the poster. */
      still: c.json<StoredPicture>(),
      resultUrl: c.text(),
      succeededAt: c.time(),
      video: c.json<StoredClip>(),
      image: c.json<StoredResult>(),
      errorCode: c.text(),
      /** The provider's own words: for the admin only. */
      errorMessage: c.text(),
      views: c.int().notNull().default(0),
      downloads: c.int().notNull().default(0),

      createdAt: c.time().notNull(),
      updatedAt: c.time().notNull(),
      completedAt: c.time(),
      deletedAt: c.time(),
    },
    (t) => [
      c.uniqueIndex('jobs_idempotency').on(t.accountId, t.idempotencyKey),
      c.uniqueIndex('jobs_external_id').on(t.externalId),
      c.uniqueIndex('jobs_provider_task').on(t.providerAccount, t.providerTaskId),
      c.index('jobs_of_account').on(t.accountId, t.id),
      c
        .index('jobs_of_group')
        .on(t.accountId, t.groupId, t.id)
        .where(sql`${t.groupId} is not null`),
      c
        .index('jobs_lost')
        .on(t.status, t.id)
        .where(sql`${t.status} in ('failed', 'cancelled')`),
      c.index('jobs_of_preset').on(t.presetId, t.id),
      c.index('jobs_changed').on(t.accountId, t.updatedAt),
      c.index('jobs_created').on(t.createdAt, t.accountId),
      c
        .index('jobs_submitted')
        .on(t.providerAccount, t.submittedAt)
        .where(sql`${t.submittedAt} is not null`),
      c
        .index('jobs_due')
        .on(t.dueAt)
        .where(sql`${t.status} in ('pending', 'processing')`),
      c
        .index('jobs_queue')
        .on(t.stage, t.accountId, t.id)
        .where(sql`${t.status} in ('pending', 'processing')`),
      c.check('jobs_priced', sql`${t.tokensCost} > 0`),
    ],
  );

  const groups = c.table(
    'groups',
    {
      accountId: c
        .text()
        .notNull()
        .references(() => accounts.id),
      /** The widget's or the host's own id, such as an article number. */
      id: c.text().notNull(),
      name: c.text().notNull(),
      createdAt: c.time().notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.accountId, t.id] }), c.index('groups_created').on(t.accountId, t.createdAt)],
  );

  const shares = c.table(
    'shares',
    {
      /** The unguessable part of the public address. */
      id: c.text().primaryKey(),
      accountId: c
        .text()
        .notNull()
        .references(() => accounts.id),
      jobId: c
        .text()
        .notNull()
        .references(() => jobs.id),
      createdAt: c.time().notNull(),
      endedAt: c.time(),
    },
    (t) => [
      c
        .uniqueIndex('shares_of_job')
        .on(t.jobId)
        .where(sql`${t.endedAt} is null`),
    ],
  );

  const ledger = c.table(
    'ledger',
    {
      id: c.text().primaryKey(),
      accountId: c
        .text()
        .notNull()
        .references(() => accounts.id),
      jobId: c.text().references(() => jobs.id),
      kind: c.text<LedgerKind>().notNull(),
      amount: c.int().notNull(),
      balanceAfter: c.int().notNull(),
      /** The host's or the admin's own id of a grant or correction. */
      reference: c.text(),
      note: c.text(),
      actor: c.text().notNull(),
      createdAt: c.time().notNull(),
    },
    (t) => [
      c.uniqueIndex('ledger_job_kind').on(t.jobId, t.kind),
      c.uniqueIndex('ledger_reference').on(t.accountId, t.reference),
      c.index('ledger_of_account').on(t.accountId, t.id),
      c.index('ledger_created').on(t.createdAt, t.id),
      c.check('ledger_amount', sql`${t.amount} <> 0 and ${t.amount} between -1000000000000 and 1000000000000`),
      c.check('ledger_balance_not_negative', sql`${t.balanceAfter} >= 0`),
    ],
  );

  const providerAccounts = c.table('provider_accounts', {
    id: c.text().primaryKey(),
    /** Nothing is submitted before this moment. */
    pausedUntil: c.time().notNull(),
    /** The provider's own words, for the admin. */
    pauseReason: c.text(),
    updatedAt: c.time().notNull(),
  });

  const jobEvents = c.table(
    'job_events',
    {
      id: c.text().primaryKey(),
      jobId: c
        .text()
        .notNull()
        .references(() => jobs.id),
      at: c.time().notNull(),
      /** A short word such as `stage`, `provider`, `callback`, `operator`. */
      kind: c.text().notNull(),
      /** Redacted: no credentials, no signed addresses. */
      detail: c.json<Record<string, unknown>>().notNull(),
    },
    (t) => [c.index('job_events_of_job').on(t.jobId, t.id)],
  );

  const siteApiKeys = c.table(
    'site_api_keys',
    {
      id: c.text().primaryKey(),
      siteId: c
        .text()
        .notNull()
        .references(() => sites.id),
      name: c.text().notNull(),
      /** SHA-256 of the key, hex; the key itself is shown once and kept nowhere. */
      hash: c.text().notNull(),
      /** The first letters, to tell keys apart. */
      hint: c.text().notNull(),
      createdAt: c.time().notNull(),
      revokedAt: c.time(),
    },
    (t) => [c.uniqueIndex('site_api_keys_hash').on(t.hash), c.index('site_api_keys_of_site').on(t.siteId, t.id)],
  );

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

  /** UTC days whose jobs were added up, or changed after their day: `store/usage-days.ts`. */
  const usageDays = c.table('usage_days', {
    /** Whole UTC days since 1970. */
    day: c.int().primaryKey(),
    /** Grows with every change of a job of the day that comes after the day. */
    version: c.int().notNull(),
    /** The version that the totals are of; they hold while it is the day's own. */
    countedVersion: c.int(),
  });

  /** The sums of a day's jobs that are alike in everything that usage is counted by. Written whole days at a time. */
  const usageTotals = c.table(
    'usage_totals',
    {
      day: c.int().notNull(),
      /** Of the row within its day. */
      number: c.int().notNull(),
      siteId: c.text().notNull(),
      presetId: c.text().notNull(),
      provider: c.text<ProviderName>().notNull(),
      model: c.text().notNull(),
      mode: c.text().notNull(),
      seconds: c.int().notNull(),
      sound: c.bool().notNull(),
      status: c.text<JobStatus>().notNull(),
      jobs: c.int().notNull(),
      tokensSold: c.int().notNull(),
      tokensRefunded: c.int().notNull(),
      clips: c.int().notNull(),
      waitedMs: c.int().notNull(),
      views: c.int().notNull(),
      downloads: c.int().notNull(),
      took: c.json<TookCounts>().notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.day, t.number] })],
  );

  /** The prompts that most of a day's jobs were made with, of each site and preset. */
  const usagePrompts = c.table(
    'usage_prompts',
    {
      day: c.int().notNull(),
      siteId: c.text().notNull(),
      presetId: c.text().notNull(),
      /** SHA-256 of the prompt, hex: a prompt may be longer than PostgreSQL takes into an index. */
      promptHash: c.text().notNull(),
      prompt: c.text().notNull(),
      jobs: c.int().notNull(),
      views: c.int().notNull(),
      downloads: c.int().notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.day, t.siteId, t.presetId, t.promptHash] })],
  );

  return {
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
  };
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
