/** A job that ended without a video: why, and what came back. Stays in view; the toast may have been missed. */
import { html } from 'lit';
import type { Job } from '../../server/contract.ts';
import { errorText } from '../i18n/i18n.ts';
import { failureOf } from '../job-news.ts';
import { icon } from './icon.ts';
import { receipt } from './receipt.ts';
import type { View } from './view.ts';

/** The reason in the seller's language. */
export const reasonOf = ({ texts }: View, job: Job): string =>
  job.status === 'cancelled' ? texts.status.cancelled : errorText(texts, failureOf(job));

export function failedPanel(view: View, job: Job) {
  const { texts, cover } = view;
  return html`<div class="failed">
    <h3 class="failed-title">
      ${icon('warning')}<span>${job.status === 'cancelled' ? texts.status.cancelled : texts.failedTitle}</span>
    </h3>
    ${job.status === 'failed' ? html`<p>${reasonOf(view, job)}</p>` : ''}
    <p class="refund">${texts.refund(job.receipt.refunded)}</p>
    <button class="button primary" @click=${() => cover.show(undefined)}>
      ${cover.draft.picture ? texts.tryAgain : texts.newVideo}
    </button>
    ${receipt(view, job)}
  </div>`;
}
