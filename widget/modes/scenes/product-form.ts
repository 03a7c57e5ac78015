/** The product's words and picture, and the question for ideas. */
import { html, nothing } from 'lit';
import type { ApiError } from '../../api-error.ts';
import type { Framing } from '../../parts/framing.ts';
import { icon } from '../../parts/icon.ts';
import type { ModeHost } from '../mode.ts';
import { pictureSlot } from '../picture-slot.ts';
import type { Product } from './product.ts';

interface ProductFormView {
  host: ModeHost;
  product: Product;
  framing: Framing;
  isFraming: boolean;
  isAsking: boolean;
  fault: ApiError | undefined;
  toggleFraming: () => void;
  ask: () => void;
  startAnew: () => void;
}

const maxNameLength = 200;
const maxDescriptionLength = 5000;

/** Once something is ordered the words stand still, and a new product begins with a button. */
export function productForm(view: ProductFormView) {
  const { host, product } = view;
  const { texts } = host;
  if (product.isOrdered)
    return html`<div class="product-head">
      <h3 tabindex="-1" data-focus>${product.name}</h3>
      <button type="button" class="button quiet" @click=${view.startAnew}>${icon('plus')}${texts.scenes.anew}</button>
    </div>`;
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (product.name.trim() !== '' && !view.isAsking) view.ask();
  };
  return html`<form class="product-form" aria-label=${texts.scenes.ask} @submit=${onSubmit}>
    ${view.isFraming && product.framing.picture ? view.framing.render({ texts: host.common }) : nothing}
    <div class="product-row">
      ${pictureSlot({ host, framing: product.framing, isFraming: view.isFraming, toggleFraming: view.toggleFraming })}
      <div class="product-words">
        <label class="field"
          ><span class="chips-label">${texts.scenes.name}</span
          ><input
            class="line"
            data-focus
            required
            maxlength=${maxNameLength}
            placeholder=${texts.scenes.nameHint}
            .value=${product.name}
            @input=${(event: Event) => product.write('name', (event.target as HTMLInputElement).value)}
        /></label>
        <label class="field"
          ><span class="chips-label">${texts.scenes.about} <small>(${texts.optional})</small></span
          ><textarea
            class="line"
            rows="2"
            maxlength=${maxDescriptionLength}
            .value=${product.description}
            @input=${(event: Event) => product.write('description', (event.target as HTMLTextAreaElement).value)}
          ></textarea>
        </label>
        ${presetPick(view)}
      </div>
    </div>
    ${view.fault ? html`<p class="form-fault" role="alert">${icon('warning')}${host.errorText(view.fault.code, view.fault.facts)}</p>` : nothing}
    <button
      class="button ${product.hasScenes ? 'quiet' : 'primary'}"
      ?disabled=${product.name.trim() === ''}
      aria-disabled=${view.isAsking}
      aria-busy=${view.isAsking}
    >
      ${view.isAsking ? html`<span class="spinner"></span>` : nothing}
      ${view.isAsking ? texts.scenes.thinking : product.hasScenes ? texts.scenes.askAgain : texts.scenes.ask}
    </button>
  </form>`;
}

function presetPick({ host, product }: ProductFormView) {
  const { texts, common } = host;
  if (product.presets.length < 2) return nothing;
  return html`<label class="pick"
    ><span class="chips-label">${texts.preset}</span
    ><select @change=${(event: Event) => product.choosePreset((event.target as HTMLSelectElement).value)}>
      ${product.presets.map(
        ({ id, title, tokensCost }) =>
          html`<option value=${id} ?selected=${id === product.preset!.id}>
            ${title} · ${common.tokens(tokensCost)}
          </option>`,
      )}
    </select></label
  >`;
}
