import { sql } from 'drizzle-orm';
import type { Frame } from '../../jobs/frame.ts';
import type { JobKind, JobStage, JobStatus } from '../../jobs/job.ts';
import type { Columns } from '../columns.ts';
import type {
  StoredPicture,
  StoredResult,
  StoredClip,
  PresetChoices,
  ProviderName,
  Titles,
  MarketplaceRules,
  LedgerKind,
} from '../shapes.ts';
import type { SellerTables } from './sellers.ts';

/** What is sold, what is made of it, and what was paid. */
export function createJobTables(c: Columns, { accounts, uploads }: Pick<SellerTables, 'accounts' | 'uploads'>) {
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

  return { presets, presetRevisions, jobs, jobEvents, groups, shares, ledger };
}
