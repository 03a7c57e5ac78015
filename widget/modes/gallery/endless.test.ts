import { expect } from '@open-wc/testing';
import type { Job } from '../../../server/contract.ts';
import { onPage, pastJob, until, type CoverPage } from '../../testing/cover-page.ts';
import { allPresets } from '../../testing/presets.ts';
import { JobPages } from './job-pages.ts';

const idOf = (number: number) => `past-job-${number}`;
/** Without pictures, which are not what is tried here. */
const many = (page: CoverPage, count: number): Job[] =>
  Array.from({ length: count }, (_, index) => {
    const { source: _source, video: _video, ...job } = pastJob(page.base, index + 1, { status: 'cancelled' });
    return job;
  });
const inView = (page: CoverPage) =>
  page.findAll('[data-job]').filter((item) => {
    const { top, bottom } = item.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  });
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** Counts what every list of the page keeps. */
function watchKept() {
  const lists = new Set<JobPages>();
  const readOn = JobPages.prototype.readOn;
  JobPages.prototype.readOn = function (this: JobPages) {
    lists.add(this);
    return readOn.call(this);
  };
  return {
    count: () => [...lists].reduce((sum, list) => sum + list.keptCount, 0),
    stop: () => (JobPages.prototype.readOn = readOn),
  };
}

describe('an endless gallery', () => {
  it(
    'of 10,000 jobs keeps few of them in memory and on the page, down and up again',
    onPage(async (page) => {
      const kept = watchKept();
      await page.set({ presets: allPresets, jobs: many(page, 10_000) });
      await page.open({ modes: 'library' });
      await until(() => page.find('[data-job]'));
      let [mostItems, mostKept, mostNodes] = [0, 0, 0];
      const look = () => {
        mostItems = Math.max(mostItems, page.findAll('.tile').length);
        mostKept = Math.max(mostKept, kept.count());
        mostNodes = Math.max(mostNodes, page.findAll('*').length);
      };
      const root = document.scrollingElement!;
      await until(async () => {
        root.scrollTop = root.scrollHeight;
        await frame();
        look();
        return inView(page).some((item) => item.dataset.job === idOf(10_000));
      }, 60_000);
      expect(inView(page).length).to.be.greaterThan(2);
      const height = root.scrollHeight;
      for (let top = height; top > 0; top -= height / 100) {
        root.scrollTop = top;
        await frame();
        look();
      }
      root.scrollTop = 0;
      await until(() => inView(page).some((item) => item.dataset.job === idOf(1) && item.textContent!.trim() !== ''));
      expect(root.scrollHeight).to.equal(height);
      kept.stop();
      expect(mostItems).to.be.lessThan(80);
      expect(mostKept).to.be.lessThan(300);
      expect(mostNodes).to.be.lessThan(2000);
    }),
  ).timeout(90_000);
});
