import { executeServerCommand, setViewport } from '@web/test-runner-commands';
import { ask, prefer } from '../../widget/a11y/chrome-testing.ts';
import { show, states } from '../../widget/a11y/states.ts';

const sizes = { desk: { width: 1000, height: 800 }, phone: { width: 390, height: 844 } };
const looks = ['ru', 'en', 'vi'].flatMap((lang) =>
  ['light', 'dark'].flatMap((scheme) =>
    (['desk', 'phone'] as const).map((size) => ({ name: `${lang}-${scheme}-${size}`, lang, scheme, size })),
  ),
);

const chosen = await executeServerCommand<{ states: string; looks: string }>('chosen');

describe('screenshots', () => {
  const wanted = looks.filter(({ name }) => name.includes(chosen.looks));
  for (const state of states.filter(({ name }) => new RegExp(chosen.states).test(name)))
    for (const { name, lang, scheme, size } of wanted)
      it(`${state.name}, ${name}`, async () => {
        await setViewport(sizes[size]);
        await prefer({ 'prefers-color-scheme': scheme });
        document.documentElement.style.cssText = `color-scheme: ${scheme}; background: Canvas`;
        const page = await show(state, { lang });
        try {
          scrollTo(0, 0);
          await new Promise((resolve) => setTimeout(resolve, 200));
          const { data } = await ask<{ data: string }>('Page.captureScreenshot', { captureBeyondViewport: true });
          await executeServerCommand('save-screenshot', { name: `${state.name}-${name}`, data });
        } finally {
          page.close();
        }
      });
});
