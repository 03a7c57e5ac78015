/** All modes but `cover`. The first script loads this file when one of them is first shown. */
import { nothing, render } from 'lit';
import type { Job } from '../../server/contract.ts';
import type { CoverHost, JobController } from '../job-controller.ts';
import type { LoadedMode } from '../mode-list.ts';
import { Hosting } from './host.ts';
import { modeTextsFor } from './i18n/i18n.ts';
import type { Mode } from './mode.ts';
import { makeMode } from './registry.ts';
import { modeSheet } from './styles.ts';

/** The modes of one seller, as the first script sees them. */
export interface OpenModes {
  /** Shows the mode in the place; called at each change of the element. */
  draw(place: HTMLElement, name: LoadedMode): void;
  /** A new view of a job. */
  news(job: Job): void;
  /** The job was deleted. */
  gone(id: string): void;
  readonly takesPictures: boolean;
  pick(files: readonly File[]): void;
  dispose(): void;
}

interface Opened {
  mode: Mode;
  root: HTMLElement;
}

class Modes implements OpenModes {
  readonly #hosting: Hosting;
  readonly #element: CoverHost;
  readonly #opened = new Map<LoadedMode, Opened>();
  #place: HTMLElement | undefined;
  #shown: LoadedMode | undefined;
  #isDue = false;

  constructor(cover: JobController, element: CoverHost) {
    this.#element = element;
    this.#hosting = new Hosting({ cover, element, requestUpdate: () => this.#drawSoon() });
  }

  /**
   * Each mode has an element of its own, drawn by the Lit of this file: two copies of Lit never share a template. An element
   * that has left the page may still finish a drawing: a mode made then would send what the next page sends too.
   */
  draw(place: HTMLElement, name: LoadedMode): void {
    this.#place = place;
    this.#shown = name;
    const texts = modeTextsFor(this.#element.added, () => this.#drawSoon());
    if (texts) this.#hosting.texts = texts;
    if (!this.#hosting.isReady || !this.#element.isConnected) return;
    const { mode, root } = this.#open(name);
    const page = place.getRootNode() as ShadowRoot;
    const hadFocus = root.contains(page.activeElement);
    if (root.parentNode !== place) place.replaceChildren(root);
    render(mode.render(), root);
    mode.drawn?.(root);
    if (hadFocus && !page.activeElement) {
      const within = root.querySelector('dialog[open]') ?? root;
      const find = (selector: string, from: ParentNode = within) => from.querySelector<HTMLElement>(selector);
      const next = find('.keep') ?? find('[data-focus]') ?? find('[autofocus]') ?? find('.panel', page);
      next?.focus({ preventScroll: true });
    }
  }

  news(job: Job): void {
    this.#hosting.tell({ id: job.id, isGone: false, job });
  }

  gone(id: string): void {
    this.#hosting.tell({ id, isGone: true });
  }

  get takesPictures(): boolean {
    return this.#current?.takesPictures ?? false;
  }

  pick(files: readonly File[]): void {
    this.#current?.pick?.(files);
  }

  dispose(): void {
    this.#hosting.dispose();
    for (const { mode, root } of this.#opened.values()) {
      mode.dispose();
      render(nothing, root);
      root.remove();
    }
    this.#opened.clear();
    this.#place = undefined;
  }

  get #current(): Mode | undefined {
    return this.#shown && this.#opened.get(this.#shown)?.mode;
  }

  #open(name: LoadedMode): Opened {
    let opened = this.#opened.get(name);
    if (!opened) {
      const root = Object.assign(document.createElement('div'), { className: `mode-root ${name}` });
      opened = { mode: makeMode(name, this.#hosting), root };
      this.#opened.set(name, opened);
    }
    return opened;
  }

  #drawSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (this.#place?.isConnected && this.#shown) this.draw(this.#place, this.#shown);
    });
  }
}

/** Called once a seller. Adds the styles of the modes to the element, once. */
export function openModes(cover: JobController, element: CoverHost): OpenModes {
  const root = element.shadowRoot!;
  const sheet = modeSheet();
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  return new Modes(cover, element);
}
