/** Every state a seller can see the widget in, and how to get there. For checks that must hold in all of them. */
import { CoverPage } from '../testing/cover-page.ts';
import { batchStates } from './states/batch.ts';
import { biggerStates } from './states/bigger.ts';
import { coverStates } from './states/cover.ts';
import { kindStates } from './states/kinds.ts';
import { libraryStates } from './states/library.ts';
import { scenesStates } from './states/scenes.ts';
import type { State } from './states/state.ts';

export type { State };

/** In the order of a seller's way; names are unlike each other and fit for files. */
export const states: readonly State[] = [
  ...coverStates,
  ...kindStates,
  ...batchStates,
  ...scenesStates,
  ...libraryStates,
  ...biggerStates,
];

/** The state of that name; throws when there is none. */
export function stateNamed(name: string): State {
  const state = states.find((each) => each.name === name);
  if (!state) throw new Error(`no state is named ${name}`);
  return state;
}

/** Puts the widget into the state, with these attributes besides its own. The page is the caller's to close. */
export async function show({ reach }: State, attributes: Record<string, string> = {}): Promise<CoverPage> {
  const page = new CoverPage();
  await reach(page, (own = {}) => page.open({ ...own, ...attributes }));
  await page.element.updateComplete;
  return page;
}

/** Wraps a test of a state: the widget is always removed again. */
export const inState =
  (state: State, test: (page: CoverPage) => Promise<void>, attributes: Record<string, string> = {}) =>
  async () => {
    const page = await show(state, attributes);
    try {
      await test(page);
    } finally {
      page.close();
    }
  };
