import { html } from 'hono/html';
import type { Finding } from '../../doctor/finding.ts';
import { services } from '../../jobs/models.ts';
import type { ProviderCredentialsRow, ProviderName } from '../../store/schema.ts';
import type { Form, Problems } from '../form.ts';
import { moment, wholeNumber, type Html } from '../format.ts';
import type { Language } from '../i18n/dictionary.ts';
import { formToken } from '../layout.ts';
import type { AdminContext, Checkup } from '../parts.ts';
import type { KnownAccount } from '../provider-accounts.ts';
import { defaultBaseUrls } from '../provider-form.ts';
import { emptyState, facts } from './blocks.ts';
import { textField } from './field.ts';
import { table } from './table.ts';

const front = '/admin/health';
/** Findings of the doctor that say what is left in an account. */
const balanceFindings = ['kling-resource-packs', 'kie-credits'];

/** A form that comes back; `of` is the account's id, or `new-` and a provider. */
export interface ProviderEdit {
  of: string;
  form: Form;
  problems: Problems;
}

/** A provider account as the page shows it. */
export interface AccountState extends KnownAccount {
  slotsUsed: number;
  tasksToday: number;
  pausedUntil: number;
  pauseReason: string | null;
}

export interface LastLook {
  at: number;
  checkup: Checkup;
}

/** Everything that was looked at, what needs somebody first. */
export function findingsView(c: AdminContext, last: LastLook | null, isAvailable: boolean): Html {
  const { health: words } = c.get('words');
  if (!isAvailable) return emptyState(words.findings, words.unavailable);
  const runForm = html`<form class="search" action="${front}">
    <input type="hidden" name="run" value="1" /><button>${words.run}</button>
    <p class="hint">${words.runHint}</p>
  </form>`;
  if (!last) return html`${emptyState(words.neverLooked, words.neverLookedDo)} ${runForm}`;
  const { at, checkup } = last;
  const all = [...checkup.findings, ...checkup.accounts.flatMap(({ id, findings }) => findings.map(named(id)))];
  const order = { failed: 0, warning: 1, ok: 2 };
  const findings = all.toSorted((a, b) => order[a.state] - order[b.state]);
  const worst = findings[0]?.state ?? 'ok';
  return html`<section class="list" aria-label="${words.findings}">
    <h2>${{ ok: words.allWell, warning: words.someWarn, failed: words.someFail }[worst]}</h2>
    <p class="hint">${words.lastLook}: ${moment(c.get('language'), at, 'seconds')}. ${words.english}</p>
    ${runForm}
    ${table({
      caption: words.findings,
      columns: [{ label: words.what }, { label: words.state }, { label: words.remedy }],
      rows: findings.map((finding) => {
        const { text, remedy, language } = saidIn(c.get('language'), finding);
        return [
          html`<span lang="${language}">${text}</span> <span class="hint"><code>${finding.id}</code></span>`,
          html`<span class="badge badge-${finding.state}">${words.states[finding.state]}</span>`,
          html`${remedy && html`<span lang="${language}">${remedy}</span>`}`,
        ];
      }),
    })}
  </section>`;
}

const named =
  (accountId: string) =>
  (finding: Finding): Finding => ({
    ...finding,
    text: `${accountId}: ${finding.text}`,
    ...(finding.ru && { ru: { ...finding.ru, text: `${accountId}: ${finding.ru.text}` } }),
  });

/** What a vendor is quoted for has no Russian and stays as it is. */
function saidIn(language: Language, { ru, ...english }: Finding) {
  return language === 'ru' && ru ? { ...ru, language } : { ...english, language: 'en' };
}

interface AccountsView {
  accounts: AccountState[];
  now: number;
  last: LastLook | null;
  dailyJobs: number;
  edit: ProviderEdit | undefined;
}

/** Each provider account with its slots, pause, units and forms, and the form for a new one. */
export function accountsView(c: AdminContext, view: AccountsView): Html {
  const { health: words } = c.get('words');
  const { accounts, edit } = view;
  return html`<section class="list" aria-label="${words.accounts}">
    <h2>${words.accounts}</h2>
    <p class="hint">${words.accountsHint}</p>
    ${accounts.length === 0 && html`<p>${words.noAccounts}</p>`}
    <div class="tiles">${accounts.map((account) => accountCard(c, account, view))}</div>
    ${(['kling', 'kie'] as const).map((provider) => {
      const fresh = edit?.of === `new-${provider}` ? edit : undefined;
      return html`<details class="card" ${fresh && html`open`}>
        <summary>${words.add[provider]}</summary>
        ${addForm(c, provider, fresh)}
      </details>`;
    })}
  </section>`;
}

function accountCard(c: AdminContext, account: AccountState, { last, now, dailyJobs, edit }: AccountsView): Html {
  const { health: words, pause } = c.get('words');
  const language = c.get('language');
  const { id, kept, provider, concurrency, sharesWith } = account;
  const isPaused = account.pausedUntil > now;
  const looked = last?.checkup.accounts.find((one) => one.id === id)?.findings;
  const balance = looked?.find((finding) => balanceFindings.includes(finding.id));
  const units = balance && saidIn(language, balance);
  const today = wholeNumber(language, account.tasksToday);
  const used = wholeNumber(language, account.slotsUsed);
  const slots = concurrency === null ? used : words.slotsOf(used, wholeNumber(language, concurrency));
  return html`<section class="card">
    <div class="card-head">
      <h2>${kept ? `${kept.label} ` : ''}<code>${id}</code> <span class="badge">${services[provider].name}</span></h2>
      ${stateOf(c, account, isPaused)}
    </div>
    ${!kept && html`<p class="hint">${sharesWith === null ? words.fromSettings : words.sharesWith(sharesWith)}</p>`}
    ${kept?.enabled === false && html`<p class="hint">${words.disabledState}</p>`}
    ${facts([
      [words.pausedUntil, isPaused ? moment(language, account.pausedUntil, 'seconds') : null],
      [words.reason, isPaused ? (account.pauseReason ?? pause.noReason) : null],
      [words.slots, slots],
      [words.today, dailyJobs > 0 ? words.ofBudget(today, wholeNumber(language, dailyJobs)) : words.noBudget(today)],
      [words.units[provider], sharesWith === null ? unitsLeft(c, provider, units) : null],
      [words.baseUrl, kept?.baseUrl],
    ])}
    ${isPaused && deed(c, { id, path: 'retry', label: words.retry })}
    ${kept && deed(c, kept.enabled ? { id, path: 'disable', label: words.disable } : { id, path: 'enable', label: words.enable })}
    ${kept && changeForm(c, kept, edit?.of === id ? edit : undefined)}
  </section>`;
}

function unitsLeft(
  c: AdminContext,
  provider: ProviderName,
  units: { text: string; language: string } | undefined,
): Html {
  const { health: words } = c.get('words');
  const isToldAlready = c.get('language') === 'en' && units?.text.includes('12 hours');
  return html`${units ? html`<span lang="${units.language}">${units.text}</span>` : words.unitsUnknown}
  ${!isToldAlready && html`<span class="hint">${words.unitsNote[provider]}</span>`}`;
}

function stateOf(c: AdminContext, { kept }: AccountState, isPaused: boolean): Html {
  const { health: words, webhooks } = c.get('words');
  if (kept?.enabled === false) return html`<span class="badge badge-cancelled">${webhooks.disabled}</span>`;
  const [kind, word] = isPaused ? ['failed', words.paused] : ['ok', words.takes];
  return html`<span class="badge badge-${kind}">${word}</span>`;
}

function deed(c: AdminContext, { id, path, label }: { id: string; path: string; label: string }): Html {
  return html`<form method="post" action="${front}/accounts/${id}/${path}">
    ${formToken(c)}
    <div class="form-end"><button class="quiet">${label}</button></div>
  </form>`;
}

function changeForm(c: AdminContext, kept: ProviderCredentialsRow, edit: ProviderEdit | undefined): Html {
  const { health: words } = c.get('words');
  return html`<details ${edit && html`open`}>
    <summary>${words.edit}</summary>
    <form method="post" action="${front}/accounts/${kept.id}">
      ${formToken(c)} ${alert(c, edit)}
      <input type="hidden" name="expectedUpdatedAt" value="${kept.updatedAt}" />
      ${settingFields(c, { front: kept.id, edit, kept })}
      <div class="form-end"><button>${words.save}</button></div>
    </form>
  </details>`;
}

function addForm(c: AdminContext, provider: ProviderName, edit: ProviderEdit | undefined): Html {
  const { health: words } = c.get('words');
  const place = { front: `new-${provider}`, edit };
  // What was typed as a key is never sent back.
  const secret = (name: string, label: string) =>
    textField({
      ...common(c, { name, ...place }),
      label,
      value: '',
      type: 'password',
      autocomplete: 'new-password',
      ...(name === 'apiKey' && { hint: words.keysHint[provider] }),
    });
  return html`<form method="post" action="${front}/accounts">
    ${formToken(c)} <input type="hidden" name="provider" value="${provider}" /> ${alert(c, edit)}
    <p class="hint">${words.addHint}</p>
    ${settingFields(c, { ...place, kept: null })} ${secret('apiKey', words.apiKey)}
    ${
      provider === 'kling' &&
      html`<div class="columns">${secret('accessKey', words.accessKey)} ${secret('secretKey', words.secretKey)}</div>`
    }
    ${textField({
      ...common(c, { name: 'baseUrl', ...place }),
      label: words.baseUrl,
      hint: words.baseUrlHint[provider],
      value: edit?.form['baseUrl'] ?? defaultBaseUrls[provider],
    })}
    <div class="form-end"><button>${words.addSubmit}</button></div>
  </form>`;
}

interface Place {
  front: string;
  edit: ProviderEdit | undefined;
}

function settingFields(c: AdminContext, { kept, ...place }: Place & { kept: ProviderCredentialsRow | null }): Html {
  const { health: words } = c.get('words');
  const typed = place.edit?.form ?? {};
  const required = true;
  return html`${textField({
      ...common(c, { name: 'label', ...place }),
      label: words.label,
      hint: words.labelHint,
      value: typed['label'] ?? kept?.label ?? '',
      required,
    })}
    <div class="columns">
      ${textField({
        ...common(c, { name: 'concurrency', ...place }),
        label: words.concurrency,
        hint: words.concurrencyHint,
        value: typed['concurrency'] ?? String(kept?.concurrency ?? 5),
        inputMode: 'numeric',
        required,
      })}
      ${textField({
        ...common(c, { name: 'position', ...place }),
        label: words.position,
        hint: words.positionHint,
        value: typed['position'] ?? String(kept?.position ?? 1),
        inputMode: 'numeric',
        required,
      })}
    </div>`;
}

function common(c: AdminContext, { name, front: place, edit }: Place & { name: string }) {
  const problem = edit?.problems[name];
  return { id: `${place}-${name}`, name, problem: problem && c.get('words').problems[problem] };
}

const alert = (c: AdminContext, edit: ProviderEdit | undefined) =>
  edit && html`<p class="alert" role="alert">${c.get('words').problemsTitle}</p>`;
