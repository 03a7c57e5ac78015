/** Everything the seller has made, of all kinds: filter by kind and product, search in the words. */
import { html, nothing } from 'lit';
import type { Group, JobKind } from '../../../server/contract.ts';
import type { JobFilter } from '../api.ts';
import { Gallery } from '../gallery/gallery.ts';
import { glyphIcon } from '../gallery/icons.ts';
import { chips } from '../kinds/choices.ts';
import type { JobNews, Mode, ModeHost } from '../mode.ts';

/** The search begins when the seller has not typed for this long. */
const typingMs = 300;
/** How many products are offered at first, and how many more at a press. */
const groupsAtOnce = 12;
const longestSearch = 100;

/** The mode `library`. */
export class LibraryMode implements Mode {
  readonly #host: ModeHost;
  readonly #gallery: Gallery;
  #filter: JobFilter = {};
  /** What stands in the search field. */
  #words = '';
  #groups: Group[] = [];
  #groupCursor: string | null = null;
  #isReadingGroups = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ModeHost) {
    this.#host = host;
    this.#gallery = new Gallery({
      host,
      filter: {},
      emptyText: (filter) => (isNarrow(filter) ? host.texts.library.notFound : host.texts.library.empty),
      emptyHint: (filter) => this.#emptyHint(filter),
    });
    host.onJob((news) => this.#onNews(news));
    void this.#readGroups();
  }

  render() {
    const hasNothing = this.#gallery.isEmpty && !isNarrow(this.#filter);
    return html`<div class="library">${hasNothing ? nothing : this.#tools()} ${this.#gallery.render()}</div>`;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#gallery.dispose();
  }

  #tools() {
    const { search } = this.#host.texts.library;
    return html`<search class="library-tools">
      <label class="search">
        ${glyphIcon('search')}
        <input
          type="search"
          data-focus
          maxlength=${longestSearch}
          aria-label=${search}
          placeholder=${search}
          .value=${this.#words}
          @input=${(event: Event) => this.#write((event.target as HTMLInputElement).value)}
        />
      </label>
      ${this.#kinds()} ${this.#products()}
    </search>`;
  }

  /** Only kinds the site has; with one kind there is nothing to choose. */
  #kinds() {
    const { texts, common, session } = this.#host;
    const kinds = [...new Set(session.presets.map((preset) => preset.kind))];
    if (kinds.length < 2) return nothing;
    return chips<JobKind | undefined>({
      name: 'library-kind',
      label: texts.library.kinds,
      chips: [
        { value: undefined, label: texts.library.all },
        ...kinds.map((kind) => ({ value: kind, label: common.modes[kind] })),
      ],
      taken: this.#filter.kind,
      tokens: common.tokens,
      choose: (kind) => this.#narrow({ kind }),
    });
  }

  #products() {
    const { texts, common } = this.#host;
    if (this.#groups.length === 0) return nothing;
    return html`<div class="library-groups">
      ${chips<string | undefined>({
        name: 'library-group',
        label: texts.library.groups,
        chips: [
          { value: undefined, label: texts.library.allGroups },
          ...this.#groups.map(({ id, name, jobs }) => ({
            value: id,
            label: html`<span class="group-name">${name}</span> <small>${jobs}</small>`,
          })),
        ],
        taken: this.#filter.groupId,
        tokens: common.tokens,
        choose: (groupId) => this.#narrow({ groupId }),
      })}
      ${
        this.#groupCursor
          ? html`<button type="button" class="button plain" @click=${() => this.#readGroups(this.#groupCursor)}>
              ${texts.loadMore}
            </button>`
          : nothing
      }
    </div>`;
  }

  #emptyHint(filter: JobFilter) {
    const { library } = this.#host.texts;
    if (!isNarrow(filter)) return library.emptyHint;
    return html`<button class="button quiet" @click=${() => this.#showAll()}>${library.showAll}</button>`;
  }

  #write(words: string): void {
    clearTimeout(this.#timer);
    this.#words = words;
    this.#timer = setTimeout(() => this.#narrow({ q: words.trim() || undefined }), typingMs);
  }

  #showAll(): void {
    clearTimeout(this.#timer);
    this.#words = '';
    this.#narrow({ q: undefined, kind: undefined, groupId: undefined });
  }

  #narrow(change: JobFilter): void {
    const filter = { ...this.#filter, ...change };
    if (JSON.stringify(filter) === JSON.stringify(this.#filter)) return;
    this.#filter = filter;
    this.#gallery.setFilter(filter);
  }

  /** Without products the library is whole all the same, so a fault is not told. */
  async #readGroups(cursor?: string | null): Promise<void> {
    if (this.#isReadingGroups) return;
    this.#isReadingGroups = true;
    const { api, signal } = this.#host;
    const limit = cursor ? groupsAtOnce : Math.max(groupsAtOnce, this.#groups.length);
    const page = await api
      .groups({ limit: Math.min(limit, 100), cursor: cursor ?? undefined, signal })
      .catch(() => undefined);
    this.#isReadingGroups = false;
    if (!page) return;
    this.#groups = cursor ? [...this.#groups, ...page.items] : page.items;
    this.#groupCursor = page.nextCursor;
    this.#host.requestUpdate();
  }

  /** A job of a product that is not listed: the product is new. */
  #onNews(news: JobNews): void {
    const groupId = news.isGone ? undefined : news.job.groupId;
    if (groupId && this.#groupCursor === null && !this.#groups.some(({ id }) => id === groupId))
      void this.#readGroups();
  }
}

const isNarrow = (filter: JobFilter) => Object.values(filter).some(Boolean);
