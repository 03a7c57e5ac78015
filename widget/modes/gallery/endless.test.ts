import { expect } from '@open-wc/testing';
import type { Job } from '../../../server/contract.ts';
import { onPage, pastJob, until, type CoverPage } from '../../testing/cover-page.ts';
import { allPresets } from '../../testing/presets.ts';
import { JobPages } from './job-pages.ts';

/** Reading many pages one after the other takes a busy machine this long. */
const patienceMs = 40_000;
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

/** A part of the host page with a scroll bar of its own. */
function scrollBox(): HTMLElement {
  const box = document.createElement('div');
  Object.assign(box.style, { height: '480px', overflow: 'auto' });
  document.body.append(box);
  return box;
}

/** Whether the job's card is drawn in full where the seller can see it. */
function isSeen(page: CoverPage, number: number, box?: HTMLElement): boolean {
  const item = page.find(`[data-job=${idOf(number)}]`);
  if (!item?.querySelector('.tile-look')) return false;
  const { top, bottom } = item.getBoundingClientRect();
  const view = box?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };
  return bottom > view.top && top < view.bottom;
}

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
    'of 3,000 jobs keeps few of them in memory and on the page, down and up again',
    onPage(async (page) => {
      const kept = watchKept();
      await page.set({ presets: allPresets, jobs: many(page, 3_000) });
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
        return inView(page).some((item) => item.dataset.job === idOf(3_000));
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

  it(
    'works in a scrolling part of the page, and moves nothing while jobs come and are forgotten',
    onPage(async (page) => {
      await page.set({ presets: allPresets, jobs: many(page, 400) });
      const box = scrollBox();
      try {
        await page.open({ modes: 'library' });
        box.append(page.element);
        await until(() => page.find('[data-job]'));
        await until(async () => {
          box.scrollTop = box.scrollHeight;
          await frame();
          return isSeen(page, 400, box);
        }, patienceMs);
        const [height, top] = [box.scrollHeight, box.scrollTop];
        box.scrollTop = 0;
        await until(() => isSeen(page, 1, box), patienceMs);
        box.scrollTop = top;
        await until(() => isSeen(page, 400, box), patienceMs);
        expect(box.scrollHeight).to.equal(height);
        expect(box.scrollTop).to.equal(top);
        expect(page.findAll('.tile').length).to.be.lessThan(60);
      } finally {
        box.remove();
      }
    }),
  ).timeout(90_000);

  it(
    'keeps the card that has the focus, however far it is scrolled away',
    onPage(async (page) => {
      await page.set({ presets: allPresets, jobs: many(page, 400) });
      await page.open({ modes: 'library' });
      const button = await until(() => page.find('[data-job=past-job-3] [data-act=look]'));
      button.focus();
      const root = document.scrollingElement!;
      await until(async () => {
        root.scrollTop = root.scrollHeight;
        await frame();
        return isSeen(page, 400);
      }, patienceMs);
      const focused = page.element.shadowRoot!.activeElement as HTMLElement;
      expect(focused.closest('li')!.dataset.job).to.equal(idOf(3));
      expect(page.find('[data-job=past-job-9]') === null).to.equal(true);
      focused.scrollIntoView();
      await until(() => isSeen(page, 3) && isSeen(page, 4), patienceMs);
      expect(page.element.shadowRoot!.activeElement!.closest('li')!.dataset.job).to.equal(idOf(3));
    }),
  ).timeout(90_000);

  it(
    'is found where it was left when another tab was shown meanwhile',
    onPage(async (page) => {
      await page.set({ presets: allPresets, jobs: many(page, 400) });
      await page.open({ modes: 'library cover' });
      await until(() => page.find('[data-job]'));
      const root = document.scrollingElement!;
      await until(async () => {
        root.scrollTop = root.scrollHeight;
        await frame();
        return isSeen(page, 400);
      }, patienceMs);
      root.scrollTop = root.scrollHeight / 2;
      const seen = await until(() => inView(page).find((item) => item.querySelector('.tile-look')));
      await frame();
      const { top } = seen.getBoundingClientRect();
      const number = Number(seen.dataset.job!.split('-').at(-1));
      page.find('#tab-cover')!.click();
      await until(() => page.find('.dropzone'));
      root.scrollTop = 0;
      await frame();
      page.find('#tab-library')!.click();
      await until(() => isSeen(page, number), patienceMs);
      expect(page.find(`[data-job=${idOf(number)}]`)!.getBoundingClientRect().top).to.be.closeTo(top, 2);
    }),
  ).timeout(90_000);

  it(
    'lets new jobs in when its top is in view, not before',
    onPage(async (page) => {
      await page.set({ presets: allPresets, jobs: many(page, 400).slice(1) });
      await page.open({ modes: 'library' });
      await until(() => page.find('[data-job]'));
      const root = document.scrollingElement!;
      await until(async () => {
        root.scrollTop = root.scrollHeight;
        await frame();
        return isSeen(page, 400);
      }, patienceMs);
      const before = inView(page).map((item) => item.dataset.job);
      await page.set({ jobs: many(page, 1) });
      await page.move(idOf(1), { title: 'Новое' });
      await page.set({ balance: 55 });
      await until(() => page.text('.balance').includes('55'));
      await frame();
      expect(inView(page).map((item) => item.dataset.job)).to.deep.equal(before);
      root.scrollTop = 0;
      await until(() => isSeen(page, 1), patienceMs);
    }),
  ).timeout(90_000);
});
