/** The seller's jobs of one filter as an endless grid, newest first, kept up to date by news. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Job } from '../../../server/contract.ts';
import { mergeJob } from '../../job-state.ts';
import type { JobFilter } from '../api.ts';
import type { JobNews, ModeHost } from '../mode.ts';
import { extraActions, type CardAction } from './actions.ts';
import { BiggerView } from './bigger-view.ts';
import { card, type CardView } from './card.ts';
import { GridWindow } from './grid-window.ts';
import { hold, type Held } from './hold.ts';
import { InlinePlayer } from './inline-player.ts';
import { JobPages, type Place } from './job-pages.ts';
import { Stills } from './media.ts';

interface GallerySetup {
  host: ModeHost;
  filter: JobFilter;
  /** What is said while there is nothing. */
  emptyText: (filter: JobFilter) => string;
  emptyHint?: (filter: JobFilter) => TemplateResult | string;
}

/** Where the focus was: which card, which of its controls. */
interface FocusPlace {
  id: string;
  act: string | undefined;
}

const bonesAtFirst = 8;

/** Reads its first page when it is first drawn. A part of a mode: the mode draws it and disposes of it. */
export class Gallery {
  readonly #host: ModeHost;
  readonly #setup: GallerySetup;
  readonly #grid: Held<HTMLElement> = {};
  readonly #window: GridWindow;
  readonly #player: InlinePlayer;
  readonly #stills: Stills;
  readonly #bigger: BiggerView;
  readonly #actions: CardAction[];
  #pages: JobPages;
  /** The pages of a new filter; the old ones stay in view until the first of these has come. */
  #coming: JobPages | undefined;
  #askingId: string | undefined;
  #isDue = false;

  constructor(setup: GallerySetup) {
    const { host, filter } = setup;
    this.#host = host;
    this.#setup = setup;
    const changed = () => host.requestUpdate();
    const renew = (id: string) => this.#pages.renew(id);
    this.#player = new InlinePlayer({ changed, failed: renew });
    this.#stills = new Stills((id) => (renew(id), changed()));
    this.#bigger = new BiggerView(host);
    this.#window = new GridWindow({ changed, left: (item) => this.#player.stop(item.dataset.job ?? '') });
    this.#actions = extraActions(host);
    this.#pages = this.#pagesOf(filter);
    host.onJob((news) => this.#onNews(news));
    window.addEventListener('scroll', () => this.#window.remember(), {
      capture: true,
      passive: true,
      signal: host.signal,
    });
  }

  /** How many jobs are in memory. */
  get keptCount(): number {
    return this.#pages.keptCount;
  }

  /** Whether it is known that there is nothing. */
  get isEmpty(): boolean {
    return this.#coming === undefined && isBare(this.#pages);
  }

  /** Shows other jobs. What was shown stays until the first of these have come. */
  setFilter(filter: JobFilter): void {
    this.#coming?.dispose();
    this.#coming = this.#pagesOf(filter);
    void this.#coming.readOn();
    this.#host.requestUpdate();
  }

  render() {
    this.#settleSoon(this.#focusPlace());
    this.#takeOver();
    const { texts, common } = this.#host;
    const pages = this.#pages;
    if (!pages.isReady && !pages.hasFailed) void pages.readOn();
    if (this.#window.isAtTop) pages.letIn();
    return html`<div class="gallery" aria-busy=${!pages.isReady || this.#coming !== undefined}>
      ${isBare(pages) ? this.#empty() : this.#list()}
      ${
        pages.hasFailed
          ? html`<div class="gallery-fault" role="alert">
              <p>${texts.listFailed}</p>
              <button class="button quiet" @click=${() => this.#retry()}>${common.tryAgain}</button>
            </div>`
          : nothing
      }
      ${this.#bigger.render(this.#view)}
    </div>`;
  }

  dispose(): void {
    this.#player.stop();
    this.#window.dispose();
    this.#pages.dispose();
    this.#coming?.dispose();
  }

  get #view(): CardView {
    return {
      host: this.#host,
      player: this.#player,
      stills: this.#stills,
      actions: this.#actions,
      askingId: this.#askingId,
      open: (job) => this.#open(job),
      run: (action, job) => action.run(job, this.#bigger.place(action, job)),
      ask: (id) => this.#ask(id),
      remove: (id) => void this.#remove(id),
      isFresh: (id) => this.#pages.isFresh(id),
    };
  }

  #pagesOf(filter: JobFilter): JobPages {
    return new JobPages({ host: this.#host, filter, changed: () => this.#host.requestUpdate() });
  }

  /** Changes over to a new filter once it has an answer. */
  #takeOver(): void {
    const coming = this.#coming;
    if (!coming?.isReady && !coming?.hasFailed) return;
    this.#pages.dispose();
    this.#player.stop();
    this.#pages = coming;
    this.#coming = undefined;
    this.#window.reset();
    if (isBare(coming)) this.#host.say(this.#setup.emptyText(coming.filter));
  }

  #empty() {
    const { emptyText, emptyHint } = this.#setup;
    const { filter } = this.#pages;
    return html`<div class="empty">
      <p class="lead">${emptyText(filter)}</p>
      <p class="hint">${emptyHint ? emptyHint(filter) : this.#host.texts.emptyHint}</p>
    </div>`;
  }

  #list() {
    const { texts, common } = this.#host;
    const pages = this.#pages;
    if (!pages.isReady) {
      return pages.hasFailed
        ? nothing
        : html`<p class="sr-only">${common.loading}</p>
            <ul class="tiles" aria-hidden="true">
              ${Array.from({ length: bonesAtFirst }, () => bone)}
            </ul>`;
    }
    const { count } = pages;
    const range = this.#window.range(count);
    const places = this.#places(range);
    const more = pages.hasMore && range.end === count && !pages.hasFailed ? this.#window.columns : 0;
    const total = pages.hasMore ? -1 : count;
    const view = this.#view;
    return html`<ul class="tiles" aria-label=${texts.list} ${hold(this.#grid)}>
      ${repeat(
        places,
        ({ id }) => id,
        ({ id, job, index, isAfar }) =>
          html`<li
            class="tile ${isAfar ? 'afar' : ''} ${view.askingId === id ? 'asking' : ''}"
            part="history-item"
            data-job=${id}
            aria-posinset=${index + 1}
            aria-setsize=${total}
          >
            ${job ? card(view, job) : boneInside}
          </li>`,
      )}
      ${Array.from({ length: more }, () => bone)}
    </ul>`;
  }

  /** The places in range, and the one that has the focus wherever it is. */
  #places({ first, end }: { first: number; end: number }): (Place & { index: number; isAfar: boolean })[] {
    const pages = this.#pages;
    const near = pages.slice(first, end).map((place, at) => ({ ...place, index: first + at, isAfar: false }));
    const pinned = this.#pinned();
    if (pinned === -1 || (pinned >= first && pinned < end)) return near;
    const [afar] = pages.slice(pinned, pinned + 1).map((place) => ({ ...place, index: pinned, isAfar: true }));
    return pinned < first ? [afar!, ...near] : [...near, afar!];
  }

  #pinned(): number {
    const id = this.#focusPlace()?.id;
    return id === undefined ? -1 : this.#pages.indexOf(id);
  }

  #focusPlace(): FocusPlace | undefined {
    const grid = this.#grid.element;
    const active = grid && (grid.getRootNode() as Partial<ShadowRoot>).activeElement;
    const item = active && grid.contains(active) ? active.closest<HTMLElement>('.tile') : undefined;
    return item ? { id: item.dataset.job!, act: (active as HTMLElement).dataset.act } : undefined;
  }

  /** The mode is drawn right after `render` was called; what depends on the drawing is done before the next paint. */
  #settleSoon(focus: FocusPlace | undefined): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (!this.#host.signal.aborted) this.#settle(focus);
    });
  }

  #settle(focus: FocusPlace | undefined): void {
    this.#bigger.settle();
    const grid = this.#grid.element;
    if (!grid?.isConnected || !this.#pages.isReady) return;
    const range = this.#window.range(this.#pages.count);
    const pinned = this.#pinned();
    const at = [...grid.children].findIndex((item) => item.classList.contains('afar'));
    this.#window.settle(grid, range, { at, index: pinned });
    this.#pages.keepNear(range.first, range.end, pinned);
    this.#restoreFocus(grid, focus);
  }

  /** A control that vanished while it was focused hands the focus to its neighbour on the same card. */
  #restoreFocus(grid: HTMLElement, focus: FocusPlace | undefined): void {
    const active = (grid.getRootNode() as ShadowRoot).activeElement;
    if (!focus || (active && grid.contains(active)) || this.#bigger.job) return;
    const item = [...grid.children].find((each) => (each as HTMLElement).dataset.job === focus.id);
    const acts = [focus.act, 'delete', 'look'];
    const next = acts.map((act) => item?.querySelector<HTMLElement>(`[data-act="${act}"]`)).find(Boolean);
    next?.focus({ preventScroll: true });
  }

  #open(job: Job): void {
    this.#player.stop();
    this.#bigger.open(job);
  }

  #ask(id: string | undefined): void {
    this.#askingId = id;
    this.#host.requestUpdate();
  }

  #retry(): void {
    void this.#pages.readOn();
    this.#host.requestUpdate();
  }

  /** The focus goes on to the next card, or to the one before. */
  async #remove(id: string): Promise<void> {
    const index = this.#pages.indexOf(id);
    const [before] = this.#pages.slice(index - 1, index);
    const [after] = this.#pages.slice(index + 1, index + 2);
    const isDone = await this.#host.remove(id);
    this.#ask(undefined);
    if (isDone && this.#bigger.job?.id === id) this.#bigger.close();
    const next = after ?? before;
    if (!isDone || !next) return;
    queueMicrotask(() => {
      const item = this.#grid.element?.querySelector<HTMLElement>(
        `[data-job="${CSS.escape(next.id)}"] [data-act=look]`,
      );
      item?.focus({ preventScroll: true });
    });
  }

  #onNews(news: JobNews): void {
    this.#pages.take(news);
    this.#coming?.take(news);
    const { job } = this.#bigger;
    if (job?.id === news.id) this.#bigger.job = news.isGone ? undefined : mergeJob(job, news.job);
    this.#host.requestUpdate();
  }
}

const boneInside = html`<div class="tile-pane bone"><div class="tile-still"></div></div>
  <div class="tile-words"></div>`;
const bone = html`<li class="tile" aria-hidden="true">${boneInside}</li>`;

const isBare = ({ isReady, count, hasMore }: JobPages) => isReady && count === 0 && !hasMore;
