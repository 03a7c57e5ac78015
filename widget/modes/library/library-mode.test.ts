import { expect } from '@open-wc/testing';
import { onPage, pastJob, until, type CoverPage } from '../../testing/cover-page.ts';
import { allPresets } from '../../testing/presets.ts';

const many = (page: CoverPage, count: number) =>
  Array.from({ length: count }, (_, index) => pastJob(page.base, index + 1));

describe('library', () => {
  it(
    'shows the newest first, and says when there is nothing',
    onPage(async (page) => {
      await page.set({ presets: allPresets, jobs: many(page, 30) });
      await page.open({ modes: 'library' });
      await until(() => page.find('[data-job]'));
      expect(page.find('[data-job]')!.dataset.job).to.equal('past-job-1');
      await expect(page.element).to.be.accessible();
    }),
  );
});
