/** What is shown while something is on its way, and when it did not come. */
import { html } from 'lit';
import type { AnyCode, Facts } from '../api-error.ts';
import { errorText } from '../i18n/i18n.ts';
import { icon } from './icon.ts';
import type { View } from './view.ts';

/** As high as an empty cover, so that nothing moves when it comes. */
export const skeleton = ({ texts }: View) =>
  html`<div class="body skeleton" role="img" aria-label=${texts.loading}>
    <div class="left"><div class="bone"></div></div>
    <div class="right">
      <div class="bone"></div>
      <div class="buy awaited">
        <span class="button primary"><span>${texts.generate}</span><span class="price">${texts.tokens(10)}</span></span>
        <p class="hint">${texts.pickFirst}</p>
      </div>
    </div>
  </div>`;

export const broken = ({ texts }: View, code: AnyCode, tryAgain: () => void, facts?: Facts) =>
  html`<div class="broken" role="alert">
    ${icon('warning')}
    <p>${errorText(texts, code, facts)}</p>
    <button class="button primary" data-focus @click=${tryAgain}>${texts.tryAgain}</button>
  </div>`;
