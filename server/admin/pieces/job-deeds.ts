import { html } from 'hono/html';
import type { JobRow } from '../../store/schema.ts';
import type { Form, Problems } from '../form.ts';
import { wholeNumber, type Html } from '../format.ts';
import { formToken } from '../layout.ts';
import type { AdminContext } from '../parts.ts';
import { selectField, textField } from './field.ts';

/** What can be done for this job now. */
export interface JobDeeds {
  job: JobRow;
  /** The number of the next retry; null when it cannot be made again. */
  attempt: number | null;
  /** Today's price of its preset; null when that is not offered. */
  price: number | null;
  isRefunded: boolean;
  edit?: { of: 'retry' | 'refund'; form: Form; problems: Problems } | undefined;
}

/** Making a job again and giving tokens back, or why that cannot be done. */
export function jobDeeds(c: AdminContext, deeds: JobDeeds): Html {
  const { status } = deeds.job;
  const isLost = status === 'failed' || status === 'cancelled';
  return html`<div class="tiles">${isLost && retryCard(c, deeds)} ${refundCard(c, deeds)}</div>`;
}

function retryCard(c: AdminContext, { job, attempt, price, edit }: JobDeeds): Html {
  const { deeds: words } = c.get('words');
  const mine = edit?.of === 'retry' ? edit : undefined;
  const amount = wholeNumber(c.get('language'), price ?? job.tokensCost);
  const form = html`<form method="post" action="/admin/jobs/${job.id}/retry">
    ${formToken(c)} ${alert(c, mine?.problems)}
    <input type="hidden" name="attempt" value="${mine?.form['attempt'] ?? attempt}" />
    ${selectField({
      id: 'payer',
      label: words.payer,
      value: mine?.form['payer'] ?? 'seller',
      problem: sentence(c, mine?.problems, 'payer'),
      options: [
        { value: 'seller', label: words.sellerPays(amount) },
        { value: 'house', label: words.housePays(amount) },
      ],
    })}
    ${reasonField(c, 'retry', mine)}
    <div class="form-end"><button>${words.retrySubmit}</button></div>
  </form>`;
  return html`<section class="card" id="retry">
    <h2>${words.retry}</h2>
    <p class="hint">${words.retryHint}</p>
    ${attempt === null ? html`<p>${words.noRetries}</p>` : form}
  </section>`;
}

function refundCard(c: AdminContext, { job, isRefunded, edit }: JobDeeds): Html {
  const { deeds: words } = c.get('words');
  const mine = edit?.of === 'refund' ? edit : undefined;
  const form = html`<p class="hint">${words.refundHint(wholeNumber(c.get('language'), job.tokensCost))}</p>
    <form method="post" action="/admin/jobs/${job.id}/refund">
      ${formToken(c)} ${alert(c, mine?.problems)} ${reasonField(c, 'refund', mine)}
      <div class="form-end"><button>${words.refundSubmit}</button></div>
    </form>`;
  const state = { pending: words.refundOpen, processing: words.refundOpen, completed: words.refundedAlready };
  const text = job.status === 'failed' || job.status === 'cancelled' ? words.refundDone : state[job.status];
  return html`<section class="card" id="refund">
    <h2>${words.refund}</h2>
    ${job.status === 'completed' && !isRefunded ? form : html`<p>${text}</p>`}
  </section>`;
}

function reasonField(c: AdminContext, of: string, edit?: { form: Form; problems: Problems }): Html {
  const { deeds: words } = c.get('words');
  return textField({
    id: `${of}-note`,
    name: 'note',
    label: words.reason,
    hint: words.reasonHint,
    value: edit?.form['note'] ?? '',
    problem: sentence(c, edit?.problems, 'note'),
    required: true,
  });
}

function sentence(c: AdminContext, problems: Problems | undefined, field: string): string | undefined {
  const key = problems?.[field];
  return key && c.get('words').problems[key];
}

const alert = (c: AdminContext, problems: Problems | undefined): Html | false =>
  problems !== undefined && html`<p class="alert" role="alert">${c.get('words').problemsTitle}</p>`;
