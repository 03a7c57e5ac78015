import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { press } from './chrome-testing.ts';
import { cutTexts, hiddenFoci, outsiders, sideScrollers, smallTargets } from './layout-testing.ts';
import { inState, stateNamed, states } from './states.ts';
import type { CoverPage } from '../testing/cover-page.ts';

/** WCAG 2.2, 1.4.10: 320 CSS px, which is a window of 1280 at 400 %. */
const narrowPx = 320;
/** WCAG 2.2, 2.5.8. */
const leastTargetPx = 24;

/** WCAG 2.2, 1.4.12: what a reader may set. */
const spacing = new CSSStyleSheet();
spacing.replaceSync(`
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-block-end: 2em !important; }
`);

function lacks({ element }: CoverPage) {
  const root = element.shadowRoot!;
  const { scrollWidth, clientWidth } = document.documentElement;
  return {
    hiddenFoci: hiddenFoci(root),
    pagePxTooWide: Math.max(scrollWidth - clientWidth, 0),
    sideScrollers: sideScrollers(root),
    outsiders: outsiders(root),
    cutTexts: cutTexts(root),
    smallTargets: smallTargets(root, leastTargetPx),
  };
}

const nothing = { hiddenFoci: [], pagePxTooWide: 0, sideScrollers: [], outsiders: [], cutTexts: [], smallTargets: [] };

describe('at 320 CSS px, as at 400 %, nothing is cut, nothing scrolls sideways, and targets are large enough', () => {
  before(() => setViewport({ width: narrowPx, height: 640 }));

  for (const state of states) {
    it(
      `${state.name}, also with the text spacing of a reader's own`,
      inState(state, async (page) => {
        if (page.find('.toast')) {
          page.find('.panel')!.focus();
          await press('Escape');
        }
        expect(lacks(page)).to.deep.equal(nothing);
        // As dense as a host page can make it.
        page.element.style.setProperty('--kvc-space', '0px');
        expect(smallTargets(page.element.shadowRoot!, leastTargetPx)).to.deep.equal([]);
        page.element.style.removeProperty('--kvc-space');
        const root = page.element.shadowRoot!;
        root.adoptedStyleSheets = [...root.adoptedStyleSheets, spacing];
        expect(lacks(page)).to.deep.equal(nothing);
      }),
    );
  }
});

describe('in a window of 1280 × 1024 at 400 %, which is 256 CSS px high, the same holds', () => {
  before(() => setViewport({ width: narrowPx, height: 256 }));

  for (const name of ['framing', 'words-options', 'photo-framing', 'batch-priced', 'scenes-cards', 'bigger-clip']) {
    it(
      name,
      inState(stateNamed(name), async (page) => {
        expect(lacks(page)).to.deep.equal(nothing);
      }),
    );
  }
});
