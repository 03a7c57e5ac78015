/** The states of the four modes with a form below a gallery. */
import { pngFile, until, type CoverPage } from '../../testing/cover-page.ts';
import { allPresets, openPreset } from '../../testing/presets.ts';
import { foreverMs, jobsOfEachFate, write, type Open, type State } from './state.ts';

/** A form of words with everything to choose: two presets, shapes, lengths, qualities, styles. */
async function openWords(page: CoverPage, open: Open): Promise<void> {
  const second = openPreset('text-to-video', { id: 'second', title: 'Второй набор' });
  await page.set({ presets: [...allPresets, second] });
  await open({ modes: 'text-to-video' });
  await until(() => page.find('.kind-form'));
}

export const kindStates: readonly State[] = [
  {
    name: 'kind-not-set-up',
    reach: async (page, open) => {
      await open({ modes: 'text-to-image' });
      await until(() => page.find('.kind .empty'));
    },
  },
  { name: 'words-empty', reach: openWords },
  {
    name: 'words-options',
    reach: async (page, open) => {
      await openWords(page, open);
      await write(page, 'textarea', 'Чашка на столе у окна, камера медленно облетает её');
      await page.press('.options-toggle');
      await until(() => page.find('.options.open'));
    },
  },
  {
    name: 'words-too-long',
    reach: async (page, open) => {
      await openWords(page, open);
      await write(page, 'textarea', 'о'.repeat(2503));
    },
  },
  {
    name: 'words-sending',
    reach: async (page, open) => {
      await openWords(page, open);
      await page.set({ faults: [{ route: 'POST /v1/jobs', holdMs: foreverMs }] });
      await write(page, 'textarea', 'Чашка');
      await page.press('[part=generate]');
      await until(() => page.find('.spinner'));
    },
  },
  {
    name: 'words-refused',
    reach: async (page, open) => {
      await openWords(page, open);
      await page.set({ faults: [{ route: 'POST /v1/jobs', status: 422, code: 'text_refused' }] });
      await write(page, 'textarea', 'Чашка');
      await page.press('[part=generate]');
      await until(() => page.find('.form-fault'));
    },
  },
  {
    name: 'words-ordered',
    reach: async (page, open) => {
      await openWords(page, open);
      await write(page, 'textarea', 'Чашка');
      await page.press('[part=generate]');
      await until(() => page.find('.tile[data-job]'));
    },
  },
  {
    name: 'photo-empty',
    reach: async (page, open) => {
      await page.set({ presets: allPresets });
      await open({ modes: 'image-to-image' });
      await until(() => page.find('.picture-slot'));
    },
  },
  {
    name: 'photo-framing',
    reach: async (page, open) => {
      await page.set({ presets: allPresets, jobs: jobsOfEachFate(page) });
      await open({ modes: 'image-to-video', presets: 'open-image-to-video' });
      await until(() => page.find('.tile[data-job]'));
      page.choose(await pngFile(1600, 1200));
      await page.press('.frame-tool');
      await until(() => page.find('.frame'));
    },
  },
];
