/** Stands where a mode is not written yet. */
import { html } from 'lit';
import type { Mode, ModeHost } from './mode.ts';

/** Says that this part is being prepared. */
export class ComingMode implements Mode {
  readonly #host: ModeHost;

  constructor(host: ModeHost) {
    this.#host = host;
  }

  render() {
    return html`<p class="hint">${this.#host.texts.soon}</p>`;
  }

  dispose(): void {
    return undefined;
  }
}
