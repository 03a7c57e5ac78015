/**
 * Which rows of a long grid are drawn: those in view and as many around them. The grid's own CSS says how many columns
 * there are and how high a row is; what is not drawn is padding of the same height, so nothing jumps. An
 * IntersectionObserver alone tells what is in view, so it works in any scrolling parent, and in frames. On pages that
 * took the observers away everything is drawn.
 */

/** Rows drawn beyond the view on each side, at least. */
const fewestBeyond = 2;
/** Drawn before anything is measured. */
const firstRows = 3;

const hasObservers = () => !!globalThis.IntersectionObserver && !!globalThis.ResizeObserver;
const rowsAtFirst = () => (hasObservers() ? firstRows : Infinity);

interface WindowSetup {
  changed: () => void;
  /** A drawn item has left the view. */
  left: (item: HTMLElement) => void;
}

/** One per grid element. */
export class GridWindow {
  columns = 4;
  #rowPx = 0;
  #firstRow = 0;
  #lastRow = rowsAtFirst() - 1;
  #grid: HTMLElement | undefined;
  #watched = new Set<Element>();
  #anchor = { index: 0, top: 0 };
  #count = 0;
  /** The grid was taken off the page, as when another tab is shown. */
  #isAway = false;
  readonly #changed: () => void;
  readonly #left: (item: HTMLElement) => void;
  readonly #views = hasObservers() ? new IntersectionObserver((entries) => this.#onViews(entries)) : undefined;
  readonly #sizes = hasObservers() ? new ResizeObserver(() => this.#onSize()) : undefined;

  constructor({ changed, left }: WindowSetup) {
    this.#changed = changed;
    this.#left = left;
  }

  /** The drawn places: `first` to `end`, the latter not included. */
  range(count: number): { first: number; end: number } {
    this.#count = count;
    const last = Math.ceil(count / this.columns) - 1;
    const firstRow = Math.max(Math.min(this.#firstRow, last - 1), 0);
    return { first: firstRow * this.columns, end: Math.min((this.#lastRow + 1) * this.columns, count) };
  }

  /** Whether the first row is among the drawn ones. */
  get isAtTop(): boolean {
    return this.#firstRow === 0;
  }

  /** Called after each drawing. `pinned` is drawn although it is out of range. */
  settle(
    grid: HTMLElement,
    { first, end }: { first: number; end: number },
    pinned: { at: number; index: number },
  ): void {
    const isBack = grid !== this.#grid || this.#watched.size === 0;
    if (grid !== this.#grid) this.#attach(grid);
    const items = new Set(grid.children);
    for (const item of this.#watched) if (!items.has(item)) this.#views?.unobserve(item);
    for (const item of items) if (!this.#watched.has(item)) this.#views?.observe(item);
    this.#watched = items;
    if (this.#measure()) this.#changed();
    const rows = Math.ceil(this.#count / this.columns);
    const above = first / this.columns;
    const below = rows - Math.ceil(end / this.columns);
    setPx(grid, '--above', above * this.#rowPx);
    setPx(grid, '--below', below * this.#rowPx);
    if (pinned.at >= 0) {
      setPx(grid.children[pinned.at] as HTMLElement, '--top', Math.floor(pinned.index / this.columns) * this.#rowPx);
    }
    if (this.#isAway && this.#anchor.index > 0) this.#scrollToAnchor();
    if (isBack || this.#isAway) this.#lookAgain();
    this.#isAway = false;
  }

  /** Other places from now on: begins at the top. */
  reset(): void {
    this.#firstRow = 0;
    this.#lastRow = rowsAtFirst() - 1;
    this.#anchor = { index: 0, top: 0 };
  }

  /** To be called at each scrolling of the page: remembers what is in view. */
  remember(): void {
    if (!this.#grid?.isConnected || this.#rowPx === 0) return;
    const { top } = this.#grid.getBoundingClientRect();
    const row = Math.max(0, Math.floor(-top / this.#rowPx));
    this.#anchor = { index: row * this.columns, top: top + row * this.#rowPx };
  }

  dispose(): void {
    this.#views?.disconnect();
    this.#sizes?.disconnect();
  }

  #attach(grid: HTMLElement): void {
    this.dispose();
    this.#watched.clear();
    this.#grid = grid;
    this.#sizes?.observe(grid);
  }

  #onSize(): void {
    if (!this.#grid!.isConnected) this.#isAway = true;
    else if (this.#measure()) this.#changed();
  }

  /** Reads columns and row height off the drawn grid; answers whether they are others now. What was in view stays. */
  #measure(): boolean {
    const grid = this.#grid!;
    const item = grid.querySelector(':scope > :not(.afar)');
    if (!item || !grid.isConnected || grid.clientWidth === 0) return false;
    const { columns } = this;
    const rowPx = this.#rowPx;
    const style = getComputedStyle(grid);
    this.columns = style.gridTemplateColumns.split(' ').length;
    this.#rowPx = (parseFloat(getComputedStyle(item).height) || 0) + (parseFloat(style.rowGap) || 0);
    if (columns === this.columns && rowPx === this.#rowPx) return false;
    this.#firstRow = Math.floor((this.#firstRow * columns) / this.columns);
    this.#lastRow = Math.ceil(((this.#lastRow + 1) * columns) / this.columns);
    if (rowPx > 0 && this.#anchor.index > 0) this.#isAway = true;
    return true;
  }

  #lookAgain(): void {
    if (!this.#grid) return;
    this.#views?.unobserve(this.#grid);
    this.#views?.observe(this.#grid);
  }

  /** Any item that comes or goes asks for a look at the grid itself, whose visible part is all that counts. */
  #onViews(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting && target !== this.#grid) this.#left(target as HTMLElement);
    }
    const view = entries.findLast(({ target }) => target === this.#grid);
    // A batch may hold several frames: what was seen of the grid before an item left the view is out of date.
    if (!view || entries.some(({ time }) => time > view.time)) this.#lookAgain();
    if (!view?.isIntersecting || this.#rowPx === 0) return;
    const { top } = view.boundingClientRect;
    const first = Math.floor((view.intersectionRect.top - top) / this.#rowPx);
    const last = Math.floor((view.intersectionRect.bottom - top) / this.#rowPx);
    const beyond = Math.max(fewestBeyond, last - first);
    const [firstRow, lastRow] = [Math.max(0, first - beyond), last + beyond];
    if (firstRow === this.#firstRow && lastRow === this.#lastRow) return;
    this.#firstRow = firstRow;
    this.#lastRow = lastRow;
    this.#changed();
  }

  #scrollToAnchor(): void {
    const grid = this.#grid;
    if (!grid?.isConnected) return;
    const { index, top } = this.#anchor;
    const now = grid.getBoundingClientRect().top + Math.floor(index / this.columns) * this.#rowPx;
    scrollerOf(grid).scrollBy({ top: now - top, behavior: 'instant' });
  }
}

function setPx(element: HTMLElement, name: string, px: number): void {
  const text = `${px}px`;
  if (element.style.getPropertyValue(name) !== text) element.style.setProperty(name, text);
}

const parentOf = (node: Element): Element | null =>
  node.assignedSlot ?? node.parentElement ?? (node.getRootNode() as ShadowRoot).host ?? null;

/** The nearest element that scrolls it; the page when there is none. */
function scrollerOf(element: Element): Element {
  for (let node = parentOf(element); node && node !== document.body; node = parentOf(node)) {
    if (/auto|scroll/.test(getComputedStyle(node).overflowY) && node.scrollHeight > node.clientHeight) return node;
  }
  return document.scrollingElement ?? document.documentElement;
}
