import { html, type Markup } from '../markup.ts';
import type { DocsTexts } from './texts/texts.ts';

/** Whom the documentation is for, in the order of its menu; each has the page `/docs/<name>`. */
export const audiences = ['seller', 'operator', 'developer', 'contributor'] as const;
export type Audience = (typeof audiences)[number];

/** Where an audience's page is. */
export const audiencePath = (audience: Audience): string => `/docs/${audience}`;

/** The way from one audience's page to another's. */
export function audienceNav(texts: DocsTexts, current: Audience): Markup {
  return html`<nav class="audiences" aria-label="${texts.docs.nav}">
    <ul>
      ${audiences.map(
        (audience) =>
          html`<li>
            <a href="${audiencePath(audience)}" ${audience === current ? html`aria-current="page"` : html``}
              >${texts.audiences[audience].name}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`;
}

/** The first page of the documentation: a way to each audience. */
export function renderIndex(texts: DocsTexts): Markup {
  return html`<div class="page-head">
      <h1>${texts.docs.title}</h1>
      <p>${texts.docs.lead}</p>
    </div>
    <ul class="doors">
      ${audiences.map(
        (audience) =>
          html`<li>
            <a href="${audiencePath(audience)}"
              ><strong>${texts.audiences[audience].name}</strong> <span>${texts.audiences[audience].lead}</span></a
            >
          </li>`,
      )}
    </ul>`;
}
