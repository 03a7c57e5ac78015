import { Hono } from 'hono';
import { html } from 'hono/html';
import { z } from 'zod';
import type { AccountRow, LedgerRow } from '../../store/schema.ts';
import { actorOf } from '../actor.ts';
import { auditBy } from '../audit-entry.ts';
import { AppError } from '../../errors.ts';
import { createOperatorService } from '../../jobs/operator-service.ts';
import { areDays } from '../days.ts';
import { checkForm, type Form, type Problems } from '../form.ts';
import { moment, wholeNumber, type Html } from '../format.ts';
import { showPage } from '../layout.ts';
import { redirectWithNotice } from '../notice.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import { accountView } from '../pieces/account-view.ts';
import { emptyState, href, pageHead, pager } from '../pieces/blocks.ts';
import { sellerLink } from '../pieces/job-table.ts';
import { table } from '../pieces/table.ts';
import { tokensTyped } from '../preset-form.ts';
import type { ProblemKey } from '../i18n/dictionary.ts';
import { dateField } from '../pieces/date-field.ts';
import { ledgerCsv } from './ledger-export.ts';
import { refusedPage } from './refused.ts';

const pageSize = 30;
const maxQueryLength = 100;
const jobsShown = 10;
const problem = (key: ProblemKey): string => key;

const grantFormSchema = z.object({
  amount: tokensTyped(1_000_000_000, 'amount'),
  reference: z.string().trim().min(1, problem('referenceEmpty')).max(200, problem('referenceLong')),
  note: z.string().trim().min(1, problem('noteEmpty')).max(500, problem('noteLong')),
});

const correctionFormSchema = grantFormSchema.extend({
  amount: z
    .string()
    .transform((text) => text.replaceAll(/\s/g, '').replace('−', '-'))
    .pipe(z.string().regex(/^[-+]?\d{1,10}$/, problem('change')))
    .transform(Number)
    .pipe(z.number().min(-1_000_000_000, problem('change')).max(1_000_000_000, problem('change')))
    .refine((amount) => amount !== 0, problem('change')),
});

type Edit = { of: 'grant' | 'correction'; form: Form; problems: Problems; status: 409 | 422 };

/** Sellers, their ledgers as pages and as tables to save, granting and correcting tokens. */
export function accountPages({ store, runtime, log }: AdminParts): Hono<AdminEnv> {
  const operator = createOperatorService({ store, runtime, jobs: { create: () => Promise.reject(new Error()) } });

  async function showAccount(c: AdminContext, account: AccountRow, edit?: Edit) {
    const before = c.req.query('before');
    const path = `/admin/accounts/${account.id}`;
    const [entries, jobs] = await Promise.all([
      store.ledger.list({ accountId: account.id, limit: pageSize + 1, ...(before && { before }) }),
      store.jobs.list({ accountId: account.id, limit: jobsShown }),
    ]);
    const shown = entries.slice(0, pageSize);
    const links = pager(c.get('words'), {
      newest: before !== undefined && path,
      older: entries.length > pageSize && href(path, { before: shown.at(-1)!.id }),
    });
    const fresh = () => ({ form: { reference: `admin-${runtime.newId()}` }, problems: {} });
    const grantForm = edit?.of === 'grant' ? edit : fresh();
    const correction = edit?.of === 'correction' ? edit : fresh();
    const body = accountView(c, { account, entries: shown, links, jobs, ...grantForm, correction });
    const title = account.name ?? account.userId;
    return showPage(c, { title, section: 'accounts', body, status: edit?.status ?? 200 });
  }

  async function grant(c: AdminContext, account: AccountRow) {
    const form = c.get('form');
    const { value, problems } = checkForm(grantFormSchema, form);
    if (!value) return showAccount(c, account, { of: 'grant', form, problems, status: 422 });
    const wish = { ...value, id: runtime.newId(), accountId: account.id, actor: actorOf(c), now: runtime.now() };
    const { entry, repeated } = await store.transaction(async (tx) => {
      const outcome = await store.ledger.grant(tx, wish);
      const audit = { ...auditBy(c, runtime), action: 'account.granted', target: account.id, detail: value };
      if (!outcome.repeated) await store.auditLog.write(tx, audit);
      return outcome;
    });
    if (repeated && !isSameGrant(entry, value.amount))
      return showAccount(c, account, { of: 'grant', form, problems: { reference: 'referenceTaken' }, status: 409 });
    if (!repeated) log.info({ accountId: account.id, amount: value.amount, entryId: entry.id }, 'admin granted tokens');
    return redirectWithNotice(c, `/admin/accounts/${account.id}`, repeated ? 'grantRepeated' : 'granted');
  }

  async function correct(c: AdminContext, account: AccountRow) {
    const form = c.get('form');
    const refuse = (problems: Problems, status: 409 | 422) =>
      showAccount(c, account, { of: 'correction', form, problems, status });
    const { value, problems } = checkForm(correctionFormSchema, form);
    if (!value) return refuse(problems, 422);
    try {
      const { entry, repeated } = await operator.correct({ ...value, accountId: account.id, actor: actorOf(c) });
      const isSame = entry.kind === 'correction' && entry.amount === value.amount;
      if (repeated && !isSame) return refuse({ reference: 'referenceTaken' }, 409);
      if (!repeated) log.info({ accountId: account.id, entryId: entry.id }, 'admin corrected a balance');
      return redirectWithNotice(c, `/admin/accounts/${account.id}`, repeated ? 'correctionRepeated' : 'corrected');
    } catch (fault) {
      if (fault instanceof AppError && fault.code === 'insufficient_tokens')
        return refuse({ amount: 'belowZero' }, 422);
      throw fault;
    }
  }

  return new Hono<AdminEnv>()
    .get('/ledger.csv', (c) => {
      const days = { from: c.req.query('from') ?? '', to: c.req.query('to') ?? '' };
      if (areDays(days)) return ledgerCsv(store, { days });
      return showList(c, { accounts: [], query: '', links: html``, days });
    })
    .get('/:id/ledger.csv', async (c) => {
      const account = await store.accounts.get(c.req.param('id'));
      if (!account) return refusedPage(c, { reason: 'notFound', status: 404 });
      return ledgerCsv(store, { accountId: account.id, days: { from: '', to: '' } });
    })
    .get('/', async (c) => {
      const query = (c.req.query('q') ?? '').trim().slice(0, maxQueryLength);
      const before = c.req.query('before');
      const found = await store.accounts.search({ query, limit: pageSize + 1, ...(before && { before }) });
      const accounts = found.slice(0, pageSize);
      const links = pager(c.get('words'), {
        newest: before !== undefined && href('/admin/accounts', { q: query }),
        older: found.length > pageSize && href('/admin/accounts', { q: query, before: accounts.at(-1)!.id }),
      });
      return showList(c, { accounts, query, links });
    })
    .get('/:id', async (c) => {
      const account = await store.accounts.get(c.req.param('id'));
      return account ? showAccount(c, account) : refusedPage(c, { reason: 'notFound', status: 404 });
    })
    .get('/:id/grants', (c) => c.redirect(`/admin/accounts/${encodeURIComponent(c.req.param('id'))}`, 303))
    .get('/:id/corrections', (c) => c.redirect(`/admin/accounts/${encodeURIComponent(c.req.param('id'))}`, 303))
    .post('/:id/corrections', async (c) => {
      const account = await store.accounts.get(c.req.param('id'));
      return account ? correct(c, account) : refusedPage(c, { reason: 'notFound', status: 404 });
    })
    .post('/:id/grants', async (c) => {
      const account = await store.accounts.get(c.req.param('id'));
      return account ? grant(c, account) : refusedPage(c, { reason: 'notFound', status: 404 });
    });
}

const isSameGrant = (entry: LedgerRow, amount: number): boolean => entry.kind === 'grant' && entry.amount === amount;

interface AccountList {
  accounts: AccountRow[];
  query: string;
  links: Html;
  /** Days that could not be exported, as they were typed. */
  days?: { from: string; to: string };
}

function showList(c: AdminContext, { accounts, query, links, days }: AccountList) {
  const { accounts: words } = c.get('words');
  const search = html`<form class="search" role="search" action="/admin/accounts">
    <div class="field">
      <label for="q">${words.search}</label>
      <input id="q" name="q" type="search" value="${query}" autocomplete="off" />
    </div>
    <button>${words.find}</button>
    ${query !== '' && html`<a class="button quiet" href="/admin/accounts">${words.clear}</a>`}
  </form>`;
  const body = html`${pageHead(words.title, words.lead)} ${search}
  ${days === undefined && (accounts.length > 0 ? accountTable(c, accounts) : noAccounts(c, query))} ${links}
  ${exportForm(c, days)}`;
  return showPage(c, { title: words.title, section: 'accounts', body, status: days === undefined ? 200 : 422 });
}

function exportForm(c: AdminContext, days?: { from: string; to: string }): Html {
  const { deeds: words, problems } = c.get('words');
  return html`<section class="card" id="export">
    <h2>${words.exportTitle}</h2>
    <p class="hint">${words.exportHint}</p>
    <form class="search" action="/admin/accounts/ledger.csv">
      ${dateField({ id: 'from', label: words.from, value: days?.from ?? '', problem: days && problems.day })}
      ${dateField({ id: 'to', label: words.to, value: days?.to ?? '' })}
      <button>${words.exportSubmit}</button>
    </form>
  </section>`;
}

function accountTable(c: AdminContext, accounts: AccountRow[]): Html {
  const { accounts: words } = c.get('words');
  const language = c.get('language');
  return table({
    caption: words.title,
    columns: [
      { label: words.user },
      { label: words.site },
      { label: words.since },
      { label: words.balance, isNumber: true },
    ],
    rows: accounts.map((account) => [
      sellerLink(account, account.id),
      account.siteId,
      moment(language, account.createdAt),
      wholeNumber(language, account.balance),
    ]),
  });
}

function noAccounts(c: AdminContext, query: string): Html {
  const { accounts: words } = c.get('words');
  return query ? emptyState(words.nothing, words.nothingDo) : emptyState(words.empty, words.emptyDo);
}
