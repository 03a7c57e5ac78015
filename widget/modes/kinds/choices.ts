/** The choices of a form: rows of chips, of which one is taken. */
import { html, nothing, type TemplateResult } from 'lit';

interface Chip<T> {
  value: T;
  label: TemplateResult | string;
  /** Tokens on top of the price; 0 is not said. */
  extra?: number;
}

interface ChipsSetup<T> {
  /** Unlike the others in the form. */
  name: string;
  label: string;
  chips: readonly Chip<T>[];
  taken: T;
  /** Words for a number of tokens. */
  tokens: (count: number) => string;
  choose: (value: T) => void;
}

/** Nothing when there is nothing to choose. */
export function chips<T>({ name, label, chips: all, taken, tokens, choose }: ChipsSetup<T>) {
  if (all.length < 2) return nothing;
  return html`<div class="chips" role="radiogroup" aria-label=${label}>
    <span class="chips-label" aria-hidden="true">${label}</span>
    <div class="chips-row">
      ${all.map(
        ({ value, label: text, extra = 0 }) =>
          html`<label class="chip"
            ><input type="radio" name=${name} .checked=${value === taken} @change=${() => choose(value)} /><span
              >${text}${extra > 0 ? html`<small>+${tokens(extra)}</small>` : nothing}</span
            ></label
          >`,
      )}
    </div>
  </div>`;
}

/** A small outline of the shape; its words stand beside it. */
export function shapeGlyph(ratio: string) {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  const scale = 16 / Math.max(width, height);
  const [w, h] = [width * scale, height * scale];
  return html`<svg class="glyph" viewBox="0 0 20 20" aria-hidden="true">
    <rect x=${10 - w / 2} y=${10 - h / 2} width=${w} height=${h} rx="2" />
  </svg>`;
}

/** `9:16` → `portrait`. */
export function shapeName(ratio: string): 'portrait' | 'landscape' | 'square' {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  if (width === height) return 'square';
  return width < height ? 'portrait' : 'landscape';
}
