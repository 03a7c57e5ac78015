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

export interface StoredClip extends StoredPicture {
  seconds: number;
  /** Lower-case hex of the stored bytes. */
  sha256: string;
}

export type Titles = { ru: string; en: string; vi: string };
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
      /** SHA-256 of the key, hex. */
      apiKeyHash: c.text(),
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
      provider: c.text<'kling'>().notNull(),
      model: c.text().notNull(),
      mode: c.text().notNull(),
      seconds: c.int().notNull(),
      aspectRatio: c.text().notNull(),
      sound: c.bool().notNull(),
      prompt: c.text().notNull(),
      negativePrompt: c.text().notNull(),
      tokensCost: c.int().notNull(),
      titles: c.json<Titles>().notNull(),
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
      provider: c.text<'kling'>().notNull(),
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
      submittedAt: c.time(),
      checkedAt: c.time(),

      /** The framed picture as it was sent: also the poster. */
      still: c.json<StoredPicture>(),
      resultUrl: c.text(),
      succeededAt: c.time(),
      video: c.json<StoredClip>(),
      errorCode: c.text(),
      /** The provider's own words: for the admin only. */
      errorMessage: c.text(),

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

  return { sites, accounts, presets, presetRevisions, uploads, jobs, ledger, providerAccounts };
}

export type Tables = ReturnType<typeof createTables>;
export type SiteRow = Tables['sites']['$inferSelect'];
export type AccountRow = Tables['accounts']['$inferSelect'];
export type PresetRow = Tables['presetRevisions']['$inferSelect'];
export type UploadRow = Tables['uploads']['$inferSelect'];
export type JobRow = Tables['jobs']['$inferSelect'];
export type LedgerRow = Tables['ledger']['$inferSelect'];
export type ProviderAccountRow = Tables['providerAccounts']['$inferSelect'];
