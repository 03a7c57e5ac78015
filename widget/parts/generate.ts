/** The price, what will be sent, and the button. */
import { html, nothing } from 'lit';
import type { Preset } from '../../server/contract.ts';
import { paddedSize } from '../frame-geometry.ts';
import { choiceOf } from '../preset-choice.ts';
import { errorText, type Texts } from '../i18n/i18n.ts';
import { icon } from './icon.ts';
import type { View } from './view.ts';

/** `presets` are the ids of the `presets` attribute: more than one known id makes a choice. */
export function generatePanel(view: View, presets: string | null | undefined) {
  const { texts, cover } = view;
  const { draft } = cover;
  return html`${previewBlock(view)} ${presetChoice(view, presets)}
    <div class="buy">
      <button
        class="button primary"
        part="generate"
        ?disabled=${reasonAgainst(view) !== undefined}
        aria-describedby="why-not"
        @click=${() => cover.generate()}
      >
        <span>${texts.generate}</span>
        ${draft.preset ? html`<span class="price">${texts.tokens(draft.preset.tokensCost)}</span>` : nothing}
      </button>
      <p id="why-not" class="hint centre">${reasonAgainst(view) ?? promiseOf(texts, draft.preset)}</p>
    </div>`;
}

/** Why the button is off, in the order in which the seller can do something about it; undefined when it is on. */
function reasonAgainst({ texts, cover }: View): string | undefined {
  const { draft, balance } = cover;
  const { preset } = draft;
  if (!preset) return errorText(texts, 'no_preset');
  if (balance < preset.tokensCost) return texts.notEnough(preset.tokensCost - balance);
  if (!draft.picture) return texts.pickFirst;
  return draft.isTooSmall ? texts.frameTooSmall(preset.limits.minFrameWidth, preset.limits.minFrameHeight) : undefined;
}

const promiseOf = (texts: Texts, preset: Preset | undefined) =>
  preset ? texts.promise(preset.seconds ?? 0, preset.aspectRatio) : nothing;

function previewBlock({ texts, cover }: View) {
  const { fit, frame, rules, picture, preset } = cover.draft;
  const size = fit === 'pad' && rules ? paddedSize(rules) : frame;
  return html`<figure class="preview">
    ${
      picture
        ? html`<canvas class="preview-picture" role="img" aria-label=${texts.preview}></canvas>`
        : html`<span class="blank">${icon('play')}</span>`
    }
    <figcaption>
      <span>${picture ? texts.preview : promiseOf(texts, preset)}</span>
      ${size ? html`<span class="hint">${texts.pixels(size.width, size.height)}</span>` : nothing}
    </figcaption>
  </figure>`;
}

function presetChoice({ texts, cover }: View, presets: string | null | undefined) {
  const choice = choiceOf(cover.session!, presets);
  if (choice.length < 2) return nothing;
  return html`<fieldset class="presets">
    <legend>${texts.presets}</legend>
    ${choice.map(
      (preset) =>
        html`<label class="preset"
          ><input
            type="radio"
            name="preset"
            .checked=${cover.draft.preset?.id === preset.id}
            @change=${() => cover.draft.choosePreset(preset)}
          /><span class="preset-title">${preset.title}</span
          ><span class="hint"
            >${[
              preset.aspectRatio,
              preset.seconds === null ? '' : texts.seconds(preset.seconds),
              texts.tokens(preset.tokensCost),
            ]
              .filter(Boolean)
              .join(' · ')}</span
          ></label
        >`,
    )}
  </fieldset>`;
}
