/** What the job cost: asked, taken, given back, and the number to quote to support. */
import { html, nothing } from 'lit';
import type { Job } from '../../server/contract.ts';
import { icon } from './icon.ts';
import type { JobController } from '../job-controller.ts';
import type { View } from './view.ts';

/** A whole view, or as much of it as this part needs. */
type ReceiptView = Pick<View, 'texts'> & { cover: Pick<JobController, 'notify'> };

const shownIdLength = 8;

export function receipt({ texts, cover }: ReceiptView, job: Job) {
  const { quoted, debited, refunded } = job.receipt;
  const copy = async () => {
    await navigator.clipboard?.writeText(job.id).then(
      () => cover.notify({ kind: 'info', code: 'copied' }),
      () => undefined,
    );
  };
  return html`<dl class="receipt">
    <div>
      <dt>${texts.quoted}</dt>
      <dd>${texts.tokens(quoted)}</dd>
    </div>
    <div>
      <dt>${texts.debited}</dt>
      <dd>${texts.tokens(debited)}</dd>
    </div>
    ${
      refunded > 0
        ? html`<div>
            <dt>${texts.refunded}</dt>
            <dd>${texts.tokens(refunded)}</dd>
          </div>`
        : nothing
    }
    <div>
      <dt>${texts.jobId}</dt>
      <dd>
        <button class="copy" title=${job.id} @click=${copy}>
          ${job.id.slice(-shownIdLength)}${icon('copy')}<span class="sr-only">${texts.copy}</span>
        </button>
      </dd>
    </div>
  </dl>`;
}
