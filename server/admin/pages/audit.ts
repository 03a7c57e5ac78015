import { Hono } from 'hono';
import { html } from 'hono/html';
import type { AuditRow } from '../../store/schema.ts';
import { moment, type Html } from '../format.ts';
import { showPage } from '../layout.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import { auditDetail } from '../pieces/audit-detail.ts';
import { emptyState, href, pageHead, pager } from '../pieces/blocks.ts';
import { selectField, textField } from '../pieces/field.ts';
import { table } from '../pieces/table.ts';

const front = '/admin/audit';
const pageSize = 30;
const maxFilterLength = 200;

type Filter = Partial<Record<'actor' | 'action' | 'target', string>>;

/** Who changed what, newest first. */
export function auditPage({ store }: AdminParts): Hono<AdminEnv> {
  return new Hono<AdminEnv>().get('/', async (c) => {
    const { audit: words } = c.get('words');
    const filter = filterOf(c);
    const before = c.req.query('before');
    const found = await store.auditLog.list({ ...filter, limit: pageSize + 1, ...(before && { before }) });
    const entries = found.slice(0, pageSize);
    const links = pager(c.get('words'), {
      newest: before !== undefined && href(front, filter),
      older: found.length > pageSize && href(front, { ...filter, before: entries.at(-1)!.id }),
    });
    const body = html`${pageHead(words.title, words.lead)} ${filterForm(c, filter)}
    ${entries.length > 0 ? entryTable(c, entries) : nothing(c, filter)} ${links}`;
    return showPage(c, { title: words.title, section: 'audit', body });
  });
}

function filterOf(c: AdminContext): Filter {
  const filter: Filter = {};
  for (const name of ['actor', 'action', 'target'] as const) {
    const text = (c.req.query(name) ?? '').trim().slice(0, maxFilterLength);
    if (text) filter[name] = text;
  }
  return filter;
}

const isFiltered = (filter: Filter): boolean => Object.keys(filter).length > 0;

function filterForm(c: AdminContext, filter: Filter): Html {
  const { audit: words, accounts } = c.get('words');
  const actions = Object.entries(words.actions).map(([value, label]) => ({ value, label }));
  const chosen = filter.action ?? '';
  if (chosen && !(chosen in words.actions)) actions.push({ value: chosen, label: chosen });
  return html`<form class="search" role="search" action="${front}">
    ${textField({ id: 'actor', label: words.actor, value: filter.actor ?? '' })}
    ${selectField({
      id: 'action',
      label: words.action,
      value: chosen,
      options: [{ value: '', label: words.anyAction }, ...actions],
    })}
    ${textField({ id: 'target', label: words.target, value: filter.target ?? '' })}
    <button>${accounts.find}</button>
    ${isFiltered(filter) && html`<a class="button quiet" href="${front}">${accounts.clear}</a>`}
  </form>`;
}

function entryTable(c: AdminContext, entries: AuditRow[]): Html {
  const { audit: words } = c.get('words');
  return table({
    caption: words.title,
    columns: [{ label: words.what }, { label: words.actor }, { label: words.target }, { label: words.detail }],
    rows: entries.map((entry) => [
      html`${actionName(c, entry.action)} <span class="hint">${moment(c.get('language'), entry.at, 'seconds')}</span>`,
      entry.actor === 'unknown' ? words.unknown : entry.actor,
      targetLink(entry),
      auditDetail(c, entry.detail),
    ]),
  });
}

/** In words; an action that the dictionary does not know yet stands under its own name. */
function actionName(c: AdminContext, action: string): Html {
  const { actions } = c.get('words').audit;
  return Object.hasOwn(actions, action)
    ? html`${actions[action as keyof typeof actions]}`
    : html`<code>${action}</code>`;
}

const pagesOfTargets: Record<string, string> = {
  account: '/admin/accounts',
  job: '/admin/jobs',
  preset: '/admin/presets',
  site: '/admin/sites',
  webhook: '/admin/webhooks',
};

function targetLink({ action, target }: AuditRow): Html {
  const page = pagesOfTargets[action.split('.', 1)[0]!];
  return page
    ? html`<a href="${page}/${encodeURIComponent(target)}"><code>${target}</code></a>`
    : html`<code>${target}</code>`;
}

function nothing(c: AdminContext, filter: Filter): Html {
  const { audit: words } = c.get('words');
  return isFiltered(filter) ? emptyState(words.nothing, words.nothingDo) : emptyState(words.empty, words.emptyDo);
}
