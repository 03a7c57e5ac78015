/** One kind of generation: its gallery above, its form at the bottom. */
import { html } from 'lit';
import type { JobKind } from '../../../server/contract.ts';
import { Gallery } from '../gallery/gallery.ts';
import type { Mode, ModeHost } from '../mode.ts';

/** The mode of one kind. */
export class KindMode implements Mode {
  readonly #gallery: Gallery;

  constructor(host: ModeHost, kind: JobKind) {
    this.#gallery = new Gallery({ host, filter: { kind }, emptyText: () => host.texts.kinds[kind].empty });
  }

  render() {
    return html`<div class="kind">${this.#gallery.render()}</div>`;
  }

  dispose(): void {
    this.#gallery.dispose();
  }
}
