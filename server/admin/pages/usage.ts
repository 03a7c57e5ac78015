import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { html } from 'hono/html';
import type { Html } from '../format.ts';
import { showPage } from '../layout.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import { emptyState, href, pageHead } from '../pieces/blocks.ts';
import { selectField } from '../pieces/field.ts';
import { usageView } from '../pieces/usage-view.ts';
import { createUsageFigures } from '../usage-figures.ts';

const front = '/admin/usage';
const spans = [7, 30, 90];

interface Named {
  id: string;
  name: string;
}

/** What happened in numbers: tables first, charts where scripts run. */
export function usagePage({ store, runtime }: AdminParts): Hono<AdminEnv> {
  const figuresOf = createUsageFigures(store);
  return new Hono<AdminEnv>().get('/', compress(), async (c) => {
    const { usage: words } = c.get('words');
    const [presets, sites] = await Promise.all([store.presets.list(), store.sites.list()]);
    const knownPresets = presets.map(({ presetId, titles }) => ({ id: presetId, name: titles[c.get('language')] }));
    const days = spans.find((span) => String(span) === c.req.query('days')) ?? 30;
    const preset = chosen(c, 'preset', knownPresets);
    const site = chosen(c, 'site', sites);
    const choice = { ...(preset && { presetId: preset.id }), ...(site && { siteId: site.id }) };
    const [usage, queueNow] = await Promise.all([
      figuresOf({ days, now: runtime.now(), ...choice }),
      store.usage.queueLength(),
    ]);
    const nameOf = (rows: Named[]) => (id: string) => rows.find((row) => row.id === id)?.name ?? id;
    const names = { nameOfPreset: nameOf(knownPresets), nameOfSite: nameOf(sites) };
    const query = { preset: preset?.id, site: site?.id };
    const body = html`${pageHead(words.title, words.lead)} ${spanTabs(c, days, query)}
    ${filterForm(c, { days, query, presets: knownPresets, sites })}
    ${usage.total.jobs > 0 ? usageView(c, { usage, queueNow, ...names }) : emptyState(words.empty, words.emptyDo)}`;
    c.set('scripts', 'charts');
    return showPage(c, { title: words.title, section: 'usage', body });
  });
}

/** Only what exists, so that nothing of the address comes back in the page. */
const chosen = (c: AdminContext, name: string, rows: Named[]) => rows.find((row) => row.id === c.req.query(name));

type Query = Record<'preset' | 'site', string | undefined>;

function spanTabs(c: AdminContext, days: number, query: Query): Html {
  const { usage: words } = c.get('words');
  return html`<nav class="tabs" aria-label="${words.range}">
    ${spans.map(
      (span) =>
        html`<a href="${href(front, { days: String(span), ...query })}" ${span === days && html`aria-current="page"`}
          >${words.days(span)}</a
        >`,
    )}
  </nav>`;
}

function filterForm(
  c: AdminContext,
  { days, query, presets, sites }: { days: number; query: Query; presets: Named[]; sites: Named[] },
): Html {
  const { usage: words } = c.get('words');
  const options = (rows: Named[]) => [
    { value: '', label: words.every },
    ...rows.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return html`<form class="search" role="search" action="${front}">
    <input type="hidden" name="days" value="${days}" />
    ${selectField({ id: 'preset', label: words.preset, value: query.preset ?? '', options: options(presets) })}
    ${selectField({ id: 'site', label: words.site, value: query.site ?? '', options: options(sites) })}
    <button>${words.show}</button>
  </form>`;
}
