/** What the pages of `/docs` and `/themes` are put together from. */
import { html, type Markup } from '../markup.ts';
import type { DocsTexts } from './texts/texts.ts';

/** A sentence in which backticks mark code. */
export function withCode(text: string): Markup {
  const pieces = text.split('`').map((piece, at) => (at % 2 === 1 ? html`<code>${piece}</code>` : html`${piece}`));
  return pieces.reduce((before, piece) => html`${before}${piece}`);
}

/** Code with a button that copies it; `id` must be the page's only one of that name. */
export function codeBlock(texts: DocsTexts, { id, name, code }: { id: string; name: string; code: string }): Markup {
  return html`<div class="code">
    <div class="code-head">
      <span>${name}</span>
      <button
        type="button"
        class="button quiet"
        data-copy-code="${id}"
        data-done="${texts.copied}"
        data-failed="${texts.copyFailed}"
      >
        ${texts.copy}
      </button>
    </div>
    <pre id="${id}" tabindex="0" role="group" aria-label="${name}"><code>${code}</code></pre>
  </div>`;
}

/** Paragraphs or steps of a list. */
export const items = (lines: readonly string[]): Markup[] => lines.map((line) => html`<li>${line}</li>`);
