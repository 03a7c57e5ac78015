/** The place where a mode other than `cover` is shown: loads the modes once, and says so when they do not come. */
import { html } from 'lit';
import type { JobController } from './job-controller.ts';
import type { LoadedMode } from './mode-list.ts';
import type { openModes } from './modes/index.ts';
import { broken, skeleton } from './parts/states.ts';
import type { View } from './parts/view.ts';

type Source = () => Promise<{ openModes: typeof openModes }>;
let load: Source;

/** Set by each build: where the modes come from. */
export function setModes(source: Source): void {
  load = source;
}

/**
 * Browsers remember a module that could not be fetched and fail it again without asking (whatwg/html#6768, read
 * 2026-11-20), but they name its address in the error, and an address with another query is another module.
 */
const again = (fault: unknown): Source | undefined => {
  const [url] = /https?:[^\s?]+/.exec(String(fault)) ?? [];
  return url ? () => import(/* @vite-ignore */ `${url}?${Date.now()}`) : undefined;
};

/** One per element. */
export class ModeSlot {
  readonly #cover: JobController;
  #isLoading = false;
  #hasFailed = false;

  constructor(cover: JobController) {
    this.#cover = cover;
  }

  /** The mode's place; a skeleton, or a message with a button, until the modes are there. */
  render(view: View) {
    if (this.#cover.modes) return html`<div class="mode"></div>`;
    if (this.#hasFailed) return broken(view, 'network', () => this.#load());
    if (!this.#isLoading) this.#load();
    return skeleton(view);
  }

  /** Called after each update of the element. */
  draw(root: ParentNode, name: LoadedMode): void {
    const place = root.querySelector<HTMLElement>('.mode');
    if (place) this.#cover.modes?.draw(place, name);
  }

  #load(): void {
    const cover = this.#cover;
    this.#isLoading = true;
    this.#hasFailed = false;
    load()
      .then(
        (modes) => cover.openModes(modes.openModes),
        (fault: unknown) => {
          this.#hasFailed = true;
          load = again(fault) ?? load;
        },
      )
      .finally(() => {
        this.#isLoading = false;
        cover.changed();
      });
    cover.changed();
  }
}
