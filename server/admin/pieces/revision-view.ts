import { html } from 'hono/html';
import type { PresetRow } from '../../store/schema.ts';
import { moment, wholeNumber, type Html } from '../format.ts';
import { formToken } from '../layout.ts';
import type { AdminContext } from '../parts.ts';
import { editFormOf } from '../preset-edit-form.ts';
import { wordDiff } from '../word-diff.ts';
import { authorOf, isTick } from './conflict.ts';
import { presetFieldNames } from './preset-form-view.ts';

interface RevisionView {
  revision: PresetRow;
  /** The one before; undefined for the first. */
  before: PresetRow | undefined;
  /** The one in force. */
  current: PresetRow;
  /** Where restoring is sent. */
  restorePath: string;
}

/** One revision: who, when, at what price, what it changed, and a way back to its texts. */
export function revisionView(c: AdminContext, { revision, before, current, restorePath }: RevisionView): Html {
  const words = c.get('words');
  const { prompts, presets } = words;
  const language = c.get('language');
  const isCurrent = revision.revision === current.revision;
  const id = `revision-${revision.revision}`;
  return html`<section class="card" aria-labelledby="${id}">
    <header class="card-head">
      <div>
        <h2 id="${id}">
          ${prompts.revision(revision.revision)} ${isCurrent && html`<span class="badge">${prompts.current}</span>`}
        </h2>
        <p class="hint">${authorOf(c, revision)}, ${moment(language, revision.createdAt)}</p>
      </div>
      <p class="price">${words.tokens(wholeNumber(language, revision.tokensCost))}</p>
    </header>
    ${before ? changes(c, before, revision) : html`<p class="hint">${presets.nothingBefore}</p>`}
    <details>
      <summary>${presets.whole}</summary>
      <pre class="text">${revision.prompt}</pre>
      ${
        revision.negativePrompt !== '' &&
        html`<p class="hint">${prompts.negativePrompt}</p>
          <pre class="text">${revision.negativePrompt}</pre>`
      }
    </details>
    ${
      !isCurrent &&
      html`<form method="post" action="${restorePath}">
        ${formToken(c)} <input type="hidden" name="expectedRevision" value="${current.revision}" />
        <input type="hidden" name="revision" value="${revision.revision}" />
        <div class="form-end">
          <button class="quiet">
            ${presets.restore}<span class="unseen">: ${prompts.revision(revision.revision)}</span>
          </button>
        </div>
      </form>`
    }
  </section>`;
}

function changes(c: AdminContext, before: PresetRow, after: PresetRow): Html {
  const words = c.get('words');
  const { presets, prompts, prices } = words;
  const texts: [string, string, string][] = [
    [prompts.prompt, before.prompt, after.prompt],
    [prompts.negativePrompt, before.negativePrompt, after.negativePrompt],
  ];
  const [was, is] = [valuesOf(before), valuesOf(after)];
  const names: Record<string, string> = {
    ...presetFieldNames(words, [was, is]),
    price: prices.price,
    enabled: prompts.enabled,
    position: presets.order,
  };
  const facts = Object.keys(names).filter((name) => (was[name] ?? '') !== (is[name] ?? ''));
  const shown = (name: string, text: string | undefined) =>
    isTick(name) ? (text === 'on' ? words.yes : words.no) : text || words.none;
  const changedTexts = texts.filter(([, old, young]) => old !== young);
  if (changedTexts.length + facts.length === 0) return html`<p class="hint">${presets.nothingChanged}</p>`;
  return html`${changedTexts.map(
    ([label, old, young]) =>
      html`<h3>${label}</h3>
        ${difference(old, young)}`,
  )}
  ${
    facts.length > 0 &&
    html`<dl class="facts">
      ${facts.map(
        (name) =>
          html`<div>
            <dt>${names[name]}</dt>
            <dd><del>${shown(name, was[name])}</del> → <ins>${shown(name, is[name])}</ins></dd>
          </div>`,
      )}
    </dl>`
  }`;
}

/** Removed and added words, told by their tags and not by colour alone. */
function difference(before: string, after: string): Html {
  const parts = wordDiff(before, after).map(({ kind, text }) => {
    if (kind === 'same') return html`${text}`;
    return kind === 'added' ? html`<ins>${text}</ins>` : html`<del>${text}</del>`;
  });
  return html`<pre class="text difference">${parts}</pre>`;
}

const valuesOf = (preset: PresetRow): Record<string, string> => ({
  ...editFormOf(preset),
  price: String(preset.tokensCost),
  position: String(preset.position),
  ...(preset.enabled && { enabled: 'on' }),
});
