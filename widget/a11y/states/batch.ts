/** The states of an order for many photos. */
import type { Job } from '../../../server/contract.ts';
import { finished, pngFile, refused, until, type CoverPage } from '../../testing/cover-page.ts';
import { allPresets } from '../../testing/presets.ts';
import { foreverMs, photos, write, type Open, type State } from './state.ts';

const isOff = (page: CoverPage) => page.find<HTMLButtonElement>('[part=generate]')?.disabled ?? true;

/** From three photos, of which the last is too small, to the button that uploads. */
async function pickThree(page: CoverPage, open: Open): Promise<void> {
  await page.set({ presets: allPresets });
  await open({ modes: 'image-to-image', presets: 'open-image-to-image' });
  await write(page, '.kind-form textarea', 'На стол');
  page.choose(...(await photos(2)), await pngFile(200, 200, 'small.png'));
  await until(() => page.find('.batch-photo.bad') && !isOff(page));
}

/** To the price, which is asked without an order. */
async function price(page: CoverPage, open: Open): Promise<void> {
  await pickThree(page, open);
  await page.press('[part=generate]');
  await until(() => page.find('.batch-limit') && !isOff(page));
}

async function order(page: CoverPage, open: Open): Promise<Job[]> {
  await price(page, open);
  await page.press('[part=generate]');
  await until(() => page.find('.batch-line .batch-title'));
  return page.named('cover-created').map(({ job }) => job as Job);
}

export const batchStates: readonly State[] = [
  { name: 'batch-photos', reach: pickThree },
  {
    name: 'batch-uploading',
    reach: async (page, open) => {
      await pickThree(page, open);
      await page.set({ faults: [{ route: 'POST /v1/uploads', holdMs: foreverMs }] });
      await page.press('[part=generate]');
      await until(() => page.find('.batch-line progress'));
    },
  },
  { name: 'batch-priced', reach: price },
  { name: 'batch-running', reach: order },
  {
    name: 'batch-done',
    reach: async (page, open) => {
      const [one, other] = await order(page, open);
      await page.move(one!.id, finished(page.base));
      await page.move(other!.id, refused);
      await until(() => page.find('.batch-faults li'));
    },
  },
];
