import { expect } from '@open-wc/testing';
import { contrastOf, paint } from './colours-testing.ts';
import { inState, stateNamed } from './states.ts';

/** WCAG 2.2, 1.4.3 for text and 1.4.11 for what must be seen of a control. */
const leastOf = { text: 4.5, part: 3 };

/** Private colours: what is drawn, what it is drawn on. */
const pairs: readonly [kind: keyof typeof leastOf, colour: string, ground: string][] = [
  ['text', '--_text', '--_surface'],
  ['text', '--_text', '--_surface-2'],
  ['text', '--_text', '--_soft'],
  ['text', '--_text-2', '--_surface'],
  ['text', '--_text-2', '--_surface-2'],
  ['text', '--_text-2', '--_soft'],
  ['text', '--_on-accent', '--_accent'],
  ['text', '--_accent', '--_surface'],
  ['text', '--_accent', '--_soft'],
  ['text', '--_danger', '--_surface'],
  ['text', '--_success', '--_surface'],
  ['text', '--_surface', '--_danger'],
  ['part', '--_accent', '--_surface-2'],
  ['part', '--_danger', '--_surface-2'],
  ['part', '--_surface', '--_success'],
];

describe('the colours', () => {
  for (const theme of ['light', 'dark']) {
    it(
      `of the ${theme} theme: text has 4.5 to 1, the parts of a control 3 to 1`,
      inState(
        stateNamed('empty'),
        async ({ element }) => {
          const low = pairs.flatMap(([kind, colour, ground]) => {
            const ratio = contrastOf(paint(element, `var(${colour})`), paint(element, `var(${ground})`));
            return ratio < leastOf[kind] ? [`${colour} on ${ground}: ${ratio.toFixed(2)}`] : [];
          });
          expect(low).to.deep.equal([]);
        },
        { theme },
      ),
    );

    it(
      `of the ${theme} theme: fields have a border of 3 to 1, inside and outside`,
      inState(
        stateNamed('scenes-cards'),
        async (page) => {
          const field = page.find('.product-form input.line')!;
          const { borderTopColor, backgroundColor } = getComputedStyle(field);
          const ground = paint(page.element, backgroundColor);
          const border = paint(page.element, borderTopColor);
          expect(contrastOf(border, ground)).to.be.at.least(3);
          expect(contrastOf(border, paint(page.element, 'var(--_surface)'))).to.be.at.least(3);
        },
        { theme },
      ),
    );
  }
});
