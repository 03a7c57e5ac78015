import { expect } from '@open-wc/testing';
import { until } from '../testing/cover-page.ts';
import { ask, press } from './chrome-testing.ts';
import { none, steps } from './focus-steps.ts';
import { inState, stateNamed } from './states.ts';

const frames = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

describe('the focus is never lost', () => {
  before(() => ask('Emulation.setFocusEmulationEnabled', { enabled: true }));
  for (const { what, from, at, key = 'Enter', and, shows, to } of steps) {
    it(
      what,
      inState(stateNamed(from), async (page) => {
        const control = await until(() => page.find(at));
        control.focus();
        if (key !== none) await press(key);
        await and?.(page, press);
        await until(() => page.find(shows));
        // The browser takes the focus from what can no longer have it when it draws.
        await frames();
        const active = page.element.shadowRoot!.activeElement;
        const isThere = active?.matches(to);
        expect(
          isThere ? to : `${active?.localName} ${active?.className} ${active?.textContent?.trim().slice(0, 30)}`,
        ).to.equal(to);
      }),
    );
  }
});
