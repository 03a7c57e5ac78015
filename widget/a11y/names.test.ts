import { expect } from '@open-wc/testing';
import { until, type CoverPage } from '../testing/cover-page.ts';
import { parts } from './names.ts';
import { inState, stateNamed, states } from './states.ts';
import { lineOf, nodesIn } from './tree-testing.ts';

const linesOf = (text: string) => text.trim().split(/\n\s*/);

/** Roles, and which of them have a name. */
const shape = (lines: readonly string[]) => lines.map((line) => line.replace(/"[^"]+"/, '"…"'));

/** Another language comes with a request of its own, that of the modes with another one. */
async function speak(page: CoverPage, language: string): Promise<void> {
  const before = page.find('.panel')!.getAttribute('aria-label');
  page.element.lang = language;
  await until(() => page.find('.panel')!.getAttribute('aria-label') !== before);
}

describe('a screen reader is told', () => {
  for (const { part, state, at, told } of parts) {
    it(
      `${part}: the same in each language, and nothing without its name`,
      inState(stateNamed(state), async (page) => {
        const lines = (await nodesIn(at)).map(lineOf);
        expect(lines).to.deep.equal(linesOf(told));
        for (const language of ['en', 'vi']) {
          await speak(page, language);
          expect(shape((await nodesIn(at)).map(lineOf)), language).to.deep.equal(shape(lines));
        }
      }),
    );
  }

  it('of a state that is in the list', () => {
    const names = states.map(({ name }) => name);
    expect(parts.filter(({ state }) => !names.includes(state))).to.deep.equal([]);
    expect(new Set(names).size).to.equal(names.length);
  });
});
