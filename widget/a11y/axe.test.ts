import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import type axeCore from 'axe-core';
import { accessibilityTree } from './chrome-testing.ts';
import { inState, states } from './states.ts';

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe has against the widget: rule, then the offending element. */
async function findings(element: Element, runOnly: axeCore.RunOptions['runOnly']): Promise<string[]> {
  const { axe } = window as unknown as { axe: typeof axeCore };
  const { violations } = await axe.run(element, { runOnly: runOnly!, resultTypes: ['violations'] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** Roles that are said by themselves, politely. */
const polite = new Set(['status', 'log', 'timer', 'marquee']);

describe('axe has nothing against', () => {
  before(async () => {
    await import('axe-core/axe.min.js' as string);
    // High enough that no tile lies below the form that stays at the bottom of the window.
    await setViewport({ width: 1100, height: 2200 });
  });

  for (const state of states) {
    it(
      `${state.name}, light and dark, with one polite live region`,
      inState(
        state,
        async ({ element }) => {
          expect(await findings(element, standards)).to.deep.equal([]);
          const regions = (await accessibilityTree()).filter(({ role }) => polite.has(String(role?.value)));
          expect(regions).to.have.length(1);
          element.setAttribute('theme', 'dark');
          // Nothing but colours changes.
          expect(await findings(element, { type: 'rule', values: ['color-contrast'] })).to.deep.equal([]);
        },
        { theme: 'light' },
      ),
    );
  }
});
