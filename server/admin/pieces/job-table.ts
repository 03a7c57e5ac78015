import { html } from 'hono/html';
import type { AccountRow, JobRow } from '../../store/schema.ts';
import { moment, wholeNumber, type Html } from '../format.ts';
import type { Dictionary } from '../i18n/dictionary.ts';
import type { AdminContext } from '../parts.ts';
import { statusBadge } from './blocks.ts';
import { modelText } from './making-text.ts';
import { table } from './table.ts';

/** Why a job failed, in the admin's words; a code of a later version stands for itself. */
export function failureText(words: Dictionary, { errorCode }: JobRow): string {
  const texts: Record<string, string> = words.jobErrors;
  return texts[errorCode ?? ''] ?? errorCode ?? '—';
}

/** Jobs as a list; with `sellers` each row also says whose it is. */
export function jobTable(
  c: AdminContext,
  { jobs, sellers }: { jobs: JobRow[]; sellers?: Map<string, AccountRow> },
): Html {
  const words = c.get('words');
  const language = c.get('language');
  const row = (job: JobRow) => [
    html`<a href="/admin/jobs/${job.id}">${moment(language, job.createdAt)}</a>
      <span class="hint">${words.kinds[job.kind]} · ${job.presetId} · ${modelText(job)}</span>`,
    ...(sellers ? [sellerLink(sellers.get(job.accountId), job.accountId)] : []),
    html`${statusBadge(words, job.status)}
    ${job.deletedAt !== null && html`<span class="hint">${words.jobs.deleted}</span>`}`,
    html`${wholeNumber(language, job.tokensCost)}
    ${isRefunded(job) && html`<span class="hint">${words.jobs.refunded}</span>`}`,
    reason(words, job),
  ];
  return table({
    caption: words.jobs.title,
    columns: [
      { label: words.jobs.created },
      ...(sellers ? [{ label: words.jobs.seller }] : []),
      { label: words.jobs.status },
      { label: words.jobs.cost, isNumber: true },
      { label: words.jobs.reason },
    ],
    rows: jobs.map(row),
  });
}

const isRefunded = (job: JobRow): boolean => job.status === 'failed' || job.status === 'cancelled';

/** A seller by name, else by id. */
export function sellerLink(seller: AccountRow | null | undefined, accountId: string): Html {
  if (!seller) return html`<a href="/admin/accounts/${accountId}">${accountId}</a>`;
  return html`<a href="/admin/accounts/${accountId}">${seller.name ?? seller.userId}</a>
    ${seller.name !== null && html`<span class="hint">${seller.userId}</span>`}`;
}

function reason(words: Dictionary, job: JobRow): Html {
  if (job.status === 'failed')
    return html`${failureText(words, job)}
    ${job.errorMessage !== null && html`<span class="hint clamp">${words.jobs.providerSays}: ${job.errorMessage}</span>`}`;
  if (job.status === 'cancelled') return html`${words.jobs.cancelled}`;
  return job.status === 'completed' ? html`` : html`<span class="hint">${words.stages[job.stage]}</span>`;
}
