/** Hears what a screen reader would say: what gets the focus, what the live region says, what alerts. */
import type { CoverPage } from '../testing/cover-page.ts';
import { accessibilityTree, propertyOf } from './chrome-testing.ts';
import { lineOf } from './tree-testing.ts';

const wordsOf = (element: Element | null) => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

/** One for a page; listens until the page is closed. */
export class ScreenReader {
  #heard: string[] = [];
  #said = '';
  #alerted = '';
  #focused: string | undefined;
  readonly #root: ShadowRoot;

  constructor({ element }: CoverPage) {
    this.#root = element.shadowRoot!;
    const options = {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: ['role'],
    };
    new MutationObserver(() => this.#listen()).observe(this.#root, options);
  }

  /** What was said since the last call, in its order. What has the focus is told when it is another thing. */
  async heard(): Promise<string[]> {
    const focused = (await accessibilityTree()).findLast((node) => propertyOf(node, 'focused') === true);
    const line = focused && lineOf(focused);
    const heard = line !== undefined && line !== this.#focused ? [line, ...this.#heard] : this.#heard;
    this.#focused = line;
    this.#heard = [];
    return heard;
  }

  #listen(): void {
    const [region, ...others] = this.#root.querySelectorAll('[role=status], [aria-live]');
    if (others.length > 0) this.#heard.push('a second live region');
    const said = wordsOf(region ?? null);
    if (said !== this.#said && said !== '') this.#heard.push(`says: ${said}`);
    this.#said = said;
    const alerted = wordsOf(this.#root.querySelector('[role=alert]'));
    if (alerted !== this.#alerted && alerted !== '') this.#heard.push(`alerts: ${alerted}`);
    this.#alerted = alerted;
  }
}
