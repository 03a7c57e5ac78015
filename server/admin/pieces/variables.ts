import { html } from 'hono/html';
import { promptVariables } from '../../jobs/prompt.ts';
import type { Html } from '../format.ts';
import type { Dictionary } from '../i18n/dictionary.ts';

/** A sample order in the operator's language. */
export const sampleOrder = ({ presets }: Dictionary) => ({
  title: presets.sampleTitle,
  description: presets.sampleDescription,
});

/** What may stand in braces, what it means and what it becomes for the sample order. */
export function variableList(words: Dictionary, id: string): Html {
  const { presets } = words;
  const sample = sampleOrder(words);
  return html`<div class="variables" id="${id}">
    <p class="row-name">${presets.variablesTitle}</p>
    <dl>
      ${promptVariables.map(
        (name) =>
          html`<div>
            <dt><code>{${name}}</code></dt>
            <dd>${presets.variables[name]} <span class="hint">→ ${presets.becomes} “${sample[name]}”</span></dd>
          </div>`,
      )}
    </dl>
  </div>`;
}
