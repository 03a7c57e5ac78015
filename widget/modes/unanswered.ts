/** What stands in the place of the button while nobody knows whether an order arrived. */
import { html } from 'lit';
import type { Ordering } from '../ordering.ts';
import { icon } from '../parts/icon.ts';
import type { ModeHost } from './mode.ts';

/** Sending again is safe; giving up is the seller's choice. */
export function unanswered({ common }: ModeHost, ordering: Pick<Ordering, 'retry' | 'discard'>) {
  return html`<p class="warning" role="alert">${icon('warning')}${common.unanswered}</p>
    <div class="row">
      <button type="button" class="button primary" data-focus @click=${() => ordering.retry()}>
        ${common.tryAgain}
      </button>
      <button type="button" class="button plain" @click=${() => ordering.discard()}>${common.discard}</button>
    </div>`;
}
