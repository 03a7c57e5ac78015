import { html } from 'hono/html';
import type { Html } from '../format.ts';
import type { Dictionary } from '../i18n/dictionary.ts';
import type { JobRow } from '../../store/schema.ts';

/** The head of a page: its name and one sentence. */
export const pageHead = (title: string, lead: string): Html =>
  html`<div class="page-head">
    <h1>${title}</h1>
    <p class="lead">${lead}</p>
  </div>`;

/** Where a list would stand: why it is empty and what fills it. */
export const emptyState = (title: string, advice: string): Html =>
  html`<div class="empty">
    <p><strong>${title}</strong></p>
    <p>${advice}</p>
  </div>`;

/** A name with its value. */
export type Fact = [name: string, value: Html | string | number | null | undefined];

/** Names with their values; a value that is absent takes its name with it. */
export function facts(pairs: Fact[]): Html {
  const present = pairs.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return html`<dl class="facts">
    ${present.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** The status in a word, with a colour that only repeats it. */
export const statusBadge = (words: Dictionary, status: JobRow['status']): Html =>
  html`<span class="badge badge-${status}">${words.statuses[status]}</span>`;

/** Links between the pages of a newest-first list. */
export function pager(words: Dictionary, { newest, older }: { newest?: string | false; older?: string | false }): Html {
  if (!newest && !older) return html``;
  return html`<nav class="pager" aria-label="${words.pages}">
    ${newest && html`<a class="button quiet" href="${newest}">${words.newer}</a>`}
    ${older && html`<a class="button quiet" rel="next" href="${older}">${words.older}</a>`}
  </nav>`;
}

/** An address of this admin with a query; empty values are left out. */
export function href(path: string, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const search = new URLSearchParams(given).toString();
  return search ? `${path}?${search}` : path;
}
