/** The states of the mode `scenes`. */
import type { Job } from '../../../server/contract.ts';
import { finished, pngFile, refused, until, type CoverPage } from '../../testing/cover-page.ts';
import { foreverMs, write, type Open, type State } from './state.ts';

async function openForm(page: CoverPage, open: Open): Promise<void> {
  await open({ modes: 'scenes' });
  await until(() => page.find('.product-form'));
}

async function ask(page: CoverPage, open: Open): Promise<void> {
  await openForm(page, open);
  await write(page, '.product-form input', 'Кружка');
  page.choose(await pngFile(900, 1200));
  await until(() => page.find('.sent-picture'));
  await page.press('.product-form > .button');
}

async function toCards(page: CoverPage, open: Open): Promise<void> {
  await ask(page, open);
  await until(() => page.findAll('.scene').length === 3);
}

/** Two of three scenes; answers their jobs. */
async function order(page: CoverPage, open: Open): Promise<Job[]> {
  await toCards(page, open);
  await page.press('.scene:nth-of-type(2) input[type=checkbox]');
  await page.press('.scene-buy .button');
  await until(() => page.named('cover-created').length === 2);
  return page.named('cover-created').map(({ job }) => job as Job);
}

/** One has failed, the other is done. */
async function finish(page: CoverPage, open: Open): Promise<void> {
  const [one, other] = await order(page, open);
  await page.move(one!.id, refused);
  await page.move(other!.id, finished(page.base));
  await until(() => page.find('.scene-clip') && page.find('.scene-state.failed'));
}

export const scenesStates: readonly State[] = [
  { name: 'scenes-form', reach: openForm },
  {
    name: 'scenes-asking',
    reach: async (page, open) => {
      await page.set({ faults: [{ route: 'POST /v1/scenes', holdMs: foreverMs }] });
      await ask(page, open);
      await until(() => page.find('.skeleton'));
    },
  },
  {
    name: 'scenes-refused',
    reach: async (page, open) => {
      await page.set({ faults: [{ route: 'POST /v1/scenes', status: 422, code: 'text_refused' }] });
      await ask(page, open);
      await until(() => page.find('.form-fault'));
    },
  },
  {
    name: 'scenes-cards',
    reach: async (page, open) => {
      await page.set({ ideas: 'default' });
      await toCards(page, open);
      await page.press('.scene:nth-of-type(1) summary');
    },
  },
  {
    name: 'scenes-progress',
    reach: async (page, open) => {
      const [one] = await order(page, open);
      await page.move(one!.id, { status: 'processing', stage: 'generating', progress: 40 });
      await until(() => page.text('.scene-state').includes('40 %'));
    },
  },
  { name: 'scenes-finished', reach: finish },
  {
    name: 'scenes-delete-question',
    reach: async (page, open) => {
      await finish(page, open);
      await page.press('.scene:nth-of-type(2) .tool:last-child');
      await until(() => page.find('.scene .danger'));
    },
  },
  {
    name: 'scenes-earlier',
    reach: async (page, open) => {
      await finish(page, open);
      await page.press('.product-head .button');
      await page.press('.earlier summary');
      await until(() => page.find('.earlier .tile[data-job]'));
    },
  },
];
