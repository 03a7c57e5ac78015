import { html } from 'hono/html';
import type { AccountRow, JobRow, LedgerRow } from '../../store/schema.ts';
import type { Form, Problems } from '../form.ts';
import { moment, signedNumber, wholeNumber, type Html } from '../format.ts';
import { formToken } from '../layout.ts';
import type { AdminContext } from '../parts.ts';
import { facts } from './blocks.ts';
import { textField } from './field.ts';
import { jobTable } from './job-table.ts';
import { table } from './table.ts';

interface AccountView {
  account: AccountRow;
  entries: LedgerRow[];
  /** Between the pages of the ledger. */
  links: Html;
  jobs: JobRow[];
  /** Of the grant. */
  form: Form;
  problems: Problems;
  correction: { form: Form; problems: Problems };
}

/** One seller: who, how many tokens, the grant form, the ledger, the newest jobs. */
export function accountView(c: AdminContext, view: AccountView): Html {
  const { accounts: words } = c.get('words');
  const { account, entries, jobs } = view;
  return html`<p class="back"><a href="/admin/accounts">← ${words.title}</a></p>
    <div class="page-head"><h1>${account.name ?? account.userId}</h1></div>
    <section class="card">
      <h2>${words.balance}</h2>
      <p class="figure">${wholeNumber(c.get('language'), account.balance)}</p>
      ${identity(c, account)}
    </section>
    <div class="tiles">
      <section class="card">
        <h2>${words.grant}</h2>
        ${grantForm(c, view)}
      </section>
      <section class="card" id="correction">
        <h2>${c.get('words').deeds.correct}</h2>
        ${correctionForm(c, view)}
      </section>
    </div>
    <section class="list">
      <h2>${words.ledger}</h2>
      ${entries.length > 0 ? ledgerTable(c, entries) : html`<p class="empty">${words.ledgerEmpty}</p>`} ${view.links}
      ${entries.length > 0 && html`<p><a href="/admin/accounts/${account.id}/ledger.csv">${c.get('words').deeds.exportOne}</a></p>`}
    </section>
    <section class="list">
      <h2>${words.jobs}</h2>
      ${
        jobs.length > 0
          ? html`<p class="hint">${words.newestJobs(jobs.length)}</p>
              ${jobTable(c, { jobs })}`
          : html`<p class="empty">${words.jobsEmpty}</p>`
      }
    </section>`;
}

function identity(c: AdminContext, account: AccountRow): Html {
  const { accounts: words } = c.get('words');
  return facts([
    [words.userId, html`<code>${account.userId}</code>`],
    [words.site, account.siteId],
    [words.locale, account.locale],
    [words.since, moment(c.get('language'), account.createdAt)],
    [words.id, html`<code>${account.id}</code>`],
  ]);
}

function grantForm(c: AdminContext, { account, form, problems }: AccountView): Html {
  const { accounts: words, problems: sentences, problemsTitle } = c.get('words');
  const common = (name: string) => ({
    id: name,
    value: form[name] ?? '',
    problem: problems[name] && sentences[problems[name]],
    required: true,
  });
  return html`<form method="post" action="/admin/accounts/${account.id}/grants">
    ${formToken(c)} ${Object.keys(problems).length > 0 && html`<p class="alert" role="alert">${problemsTitle}</p>`}
    ${textField({ ...common('amount'), label: words.amount, hint: words.amountHint, inputMode: 'numeric' })}
    ${textField({ ...common('note'), label: words.note, hint: words.noteHint })}
    ${textField({ ...common('reference'), label: words.reference, hint: words.referenceHint })}
    <div class="form-end"><button>${words.grantSubmit}</button></div>
  </form>`;
}

function correctionForm(c: AdminContext, { account, correction }: AccountView): Html {
  const { accounts: words, deeds, problems: sentences, problemsTitle } = c.get('words');
  const { form, problems } = correction;
  const common = (name: string) => ({
    id: `correction-${name}`,
    name,
    value: form[name] ?? '',
    problem: problems[name] && sentences[problems[name]],
    required: true,
  });
  return html`<form method="post" action="/admin/accounts/${account.id}/corrections">
    ${formToken(c)} ${Object.keys(problems).length > 0 && html`<p class="alert" role="alert">${problemsTitle}</p>`}
    <p class="hint">${deeds.correctHint}</p>
    ${textField({ ...common('amount'), label: deeds.change, hint: deeds.changeHint })}
    ${textField({ ...common('note'), label: words.note, hint: words.noteHint })}
    ${textField({ ...common('reference'), label: words.reference, hint: deeds.correctionReferenceHint })}
    <div class="form-end"><button>${deeds.correctSubmit}</button></div>
  </form>`;
}

function ledgerTable(c: AdminContext, entries: LedgerRow[]): Html {
  const { accounts: words, ledgerKinds, jobs } = c.get('words');
  const language = c.get('language');
  const details = (entry: LedgerRow) =>
    html`${noteText(c, entry)}
    ${entry.jobId !== null && html`<a class="hint" href="/admin/jobs/${entry.jobId}">${jobs.job} ${entry.jobId}</a>`}
    ${entry.reference !== null && html`<span class="hint">${words.reference}: ${entry.reference}</span>`}`;
  return table({
    caption: words.ledger,
    columns: [
      { label: words.kind },
      { label: words.change, isNumber: true },
      { label: words.after, isNumber: true },
      { label: words.details },
      { label: words.actor },
    ],
    rows: entries.map((entry) => [
      html`${ledgerKinds[entry.kind]} <span class="hint">${moment(language, entry.createdAt)}</span>`,
      signedNumber(language, entry.amount),
      wholeNumber(language, entry.balanceAfter),
      details(entry),
      entry.actor,
    ]),
  });
}

/** Refunds carry the code of the failure as their note. */
function noteText(c: AdminContext, { kind, note }: LedgerRow): string | null {
  const { jobErrors, jobs } = c.get('words');
  const texts: Record<string, string> = { ...jobErrors, cancelled: jobs.cancelled };
  return kind === 'refund' ? (texts[note ?? ''] ?? note) : note;
}
