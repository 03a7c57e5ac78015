/** The states of the larger view, with the panels of its actions. */
import type { Job } from '../../../server/contract.ts';
import { pastJob, refused, until, type CoverPage } from '../../testing/cover-page.ts';
import { allPresets } from '../../testing/presets.ts';
import { openLibrary } from './library.ts';
import { jobWithout, type Open, type State } from './state.ts';

/** A job with everything that can be said of one: title, marketplace, what it was made from. */
const rich = (page: CoverPage): Job =>
  pastJob(page.base, 1, {
    title: 'Кружка утром',
    marketplace: {
      id: 'ozon',
      name: 'Ozon',
      checks: [
        { rule: 'minSeconds', passes: true },
        { rule: 'aspectRatio', passes: false },
      ],
    } as unknown as NonNullable<Job['marketplace']>,
  });

async function openJobs(page: CoverPage, open: Open, jobs: Job[]): Promise<void> {
  await page.set({ presets: allPresets, jobs });
  await open({ modes: 'library' });
  await until(() => page.find('.tile[data-job]'));
}

const inDialog = (page: CoverPage, selector: string) => until(() => page.find(`dialog[open] ${selector}`));

async function openRich(page: CoverPage, open: Open): Promise<void> {
  await openJobs(page, open, [rich(page)]);
  await page.press('.tile-look');
  await inDialog(page, 'video');
}

async function openShare(page: CoverPage, open: Open): Promise<void> {
  await openJobs(page, open, [rich(page)]);
  await page.press('.tile [data-act=share]');
  await inDialog(page, '.share input');
}

/** A first clip with variants: one done, one failed, one under way. */
async function openVariants(page: CoverPage, open: Open): Promise<void> {
  const variant = (number: number, change: Partial<Job>) =>
    jobWithout(page, number, { parentId: 'past-job-5', ...change });
  await openJobs(page, open, [
    pastJob(page.base, 5),
    pastJob(page.base, 1, { parentId: 'past-job-5' }),
    variant(2, refused),
    variant(3, { status: 'processing', stage: 'generating', progress: 40 }),
  ]);
  await page.press('.tile[data-job=past-job-5] [data-act=variants]');
  await inDialog(page, '.versions[aria-busy=false] progress');
}

export const biggerStates: readonly State[] = [
  { name: 'bigger-clip', reach: openRich },
  {
    name: 'bigger-picture',
    reach: async (page, open) => {
      await openLibrary(page, open);
      await page.press('.tile[data-job=past-job-6] .tile-look');
      await inDialog(page, '.bigger-media img');
    },
  },
  {
    name: 'bigger-failed',
    reach: async (page, open) => {
      await openLibrary(page, open);
      await page.press('.tile[data-job=past-job-4] .tile-look');
      await inDialog(page, '.bigger-media.without');
    },
  },
  {
    name: 'bigger-delete-question',
    reach: async (page, open) => {
      await openRich(page, open);
      await page.press('dialog [data-act=delete]');
      await inDialog(page, '.danger');
    },
  },
  { name: 'share', reach: openShare },
  {
    name: 'share-ended',
    reach: async (page, open) => {
      await openShare(page, open);
      await page.press('.share-end');
      await inDialog(page, '.share .keep');
    },
  },
  {
    name: 'share-refused',
    reach: async (page, open) => {
      await page.set({ faults: [{ route: 'POST /v1/jobs/:id/share', status: 409, code: 'not_shareable' }] });
      await openJobs(page, open, [rich(page)]);
      await page.press('.tile [data-act=share]');
      await inDialog(page, '.share .form-fault');
    },
  },
  { name: 'variants', reach: openVariants },
  {
    name: 'variants-delete-question',
    reach: async (page, open) => {
      await openVariants(page, open);
      await page.press('[data-version=past-job-1] [data-act=delete]');
      await inDialog(page, '.version .danger');
    },
  },
];
