import { html } from 'hono/html';
import { jobStatuses, type JobStatus } from '../../jobs/job.ts';
import type { PresetRow, SiteRow } from '../../store/schema.ts';
import type { Html } from '../format.ts';
import type { AdminContext } from '../parts.ts';
import { href } from './blocks.ts';
import { dateField } from './date-field.ts';
import { selectField, textField } from './field.ts';

/** What the list of jobs is narrowed by, as it stands in its address. */
export interface JobFilter {
  q?: string;
  status?: JobStatus;
  preset?: string;
  site?: string;
  day?: string;
}

/** The search form and the tabs of the statuses; each keeps what the other has set. */
export function jobSearch(
  c: AdminContext,
  { filter, presets, sites }: { filter: JobFilter; presets: PresetRow[]; sites: SiteRow[] },
): Html {
  const { deeds: words, accounts } = c.get('words');
  const any = { value: '', label: words.any };
  const { status, ...rest } = filter;
  const options = (rows: { value: string; label: string }[]) => [any, ...rows];
  return html`<p class="hint" id="q-help">${words.searchHint}</p>
    <form class="search" role="search" aria-describedby="q-help" action="/admin/jobs">
      ${status !== undefined && html`<input type="hidden" name="status" value="${status}" />`}
      ${textField({ id: 'q', label: words.searchLabel, value: filter.q ?? '' })}
      ${selectField({
        id: 'preset',
        label: words.preset,
        value: filter.preset ?? '',
        options: options(
          presets.map((preset) => ({ value: preset.presetId, label: preset.titles[c.get('language')] })),
        ),
      })}
      ${
        sites.length > 1 &&
        selectField({
          id: 'site',
          label: words.site,
          value: filter.site ?? '',
          options: options(sites.map((site) => ({ value: site.id, label: site.name }))),
        })
      }
      ${dateField({ id: 'day', label: words.day, value: filter.day ?? '' })}
      <button>${accounts.find}</button>
      ${Object.keys(rest).length > 0 && html`<a class="button quiet" href="${href('/admin/jobs', { status })}">${accounts.clear}</a>`}
    </form>
    ${statusLinks(c, filter)}`;
}

function statusLinks(c: AdminContext, filter: JobFilter): Html {
  const { jobs, statuses } = c.get('words');
  const link = (status: JobStatus | undefined, label: string) =>
    html`<a
      href="${href('/admin/jobs', { ...filter, status })}"
      ${status === filter.status && html`aria-current="page"`}
      >${label}</a
    >`;
  return html`<nav class="tabs" aria-label="${jobs.filter}">
    ${link(undefined, jobs.all)} ${jobStatuses.map((status) => link(status, statuses[status]))}
  </nav>`;
}
