import { expect } from '@open-wc/testing';
import { onPage, pastJob, refused, until, type CoverPage } from '../testing/cover-page.ts';

describe('history', () => {
  const jobsOf = (page: CoverPage) => [
    pastJob(page.base, 1),
    pastJob(page.base, 2, refused),
    pastJob(page.base, 3, { status: 'cancelled' }),
  ];

  it(
    'shows what became of each order',
    onPage(async (page) => {
      await page.set({ jobs: jobsOf(page) });
      await page.open();
      await until(() => page.findAll('[part=history-item]').length === 3);
      expect(page.findAll('.badge').map((badge) => badge.textContent)).to.deep.equal(['Готово', 'Ошибка', 'Отменено']);
      expect(page.text('.reason')).to.match(/Сервис отклонил.*10 токенов возвращены/);
      await expect(page.element).to.be.accessible();
    }),
  );

  it(
    'plays an older cover',
    onPage(async (page) => {
      await page.set({ jobs: jobsOf(page) });
      await page.open();
      await page.press('.thumb');
      expect(page.find('[part=player]')).not.to.equal(null);
    }),
  );

  it(
    'deletes after a question',
    onPage(async (page) => {
      await page.set({ jobs: jobsOf(page) });
      await page.open();
      (await until(() => page.find('.tool.end'))).focus();
      await page.press('.tool.end');
      expect(page.element.shadowRoot!.activeElement?.textContent?.trim()).to.equal('Оставить');
      await page.press('.question .keep');
      expect(page.element.shadowRoot!.activeElement?.classList.contains('thumb')).to.equal(true);
      expect(page.find('.question')).to.equal(null);
      await page.press('.tool.end');
      await page.press('.question .danger');
      await until(() => page.findAll('[part=history-item]').length === 2);
      expect(await page.seen('DELETE', '/v1/jobs/past-job-1')).to.have.length(1);
    }),
  );

  it(
    'is as long as asked, and 0 hides it',
    onPage(async (page) => {
      await page.set({ jobs: jobsOf(page) });
      await page.open({ history: '2' });
      await until(() => page.findAll('[part=history-item]').length === 2);
      page.element.history = 0;
      await until(() => page.find('[part=history]') === null);
      page.element.history = 3;
      await until(() => page.findAll('[part=history-item]').length === 3);
    }),
  );
});
