/** The states of the mode `library`. */
import { until, type CoverPage } from '../../testing/cover-page.ts';
import { allPresets } from '../../testing/presets.ts';
import { foreverMs, jobsOfEachFate, write, type Open, type State } from './state.ts';

/** A library with a job of each fate. */
export async function openLibrary(page: CoverPage, open: Open): Promise<void> {
  await page.set({ presets: allPresets, jobs: jobsOfEachFate(page) });
  await open({ modes: 'library' });
  await until(() => page.find('.tile[data-job]'));
}

export const libraryStates: readonly State[] = [
  {
    name: 'library-loading',
    reach: async (page, open) => {
      await page.set({ presets: allPresets, faults: [{ route: 'GET /v1/jobs', holdMs: foreverMs }] });
      await open({ modes: 'library' });
      await until(() => page.find('.tiles .bone'));
    },
  },
  {
    name: 'library-empty',
    reach: async (page, open) => {
      await page.set({ presets: allPresets });
      await open({ modes: 'library' });
      await until(() => page.find('.empty'));
    },
  },
  {
    name: 'library-unread',
    reach: async (page, open) => {
      await page.set({ presets: allPresets, faults: [{ route: 'GET /v1/jobs', status: 503, code: 'unavailable' }] });
      await open({ modes: 'library' });
      await until(() => page.find('.gallery-fault'));
    },
  },
  { name: 'library-full', reach: openLibrary },
  {
    name: 'library-nothing-found',
    reach: async (page, open) => {
      await openLibrary(page, open);
      await write(page, '[type=search]', 'нет такого');
      await until(() => page.find('.empty'));
    },
  },
  {
    name: 'library-delete-question',
    reach: async (page, open) => {
      await openLibrary(page, open);
      await page.press('.tile [data-act=delete]');
      await until(() => page.find('.tile-tools.question'));
    },
  },
];
