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
    'shows an order at once, before the server has answered, and its card in the same place then',
    onPage(async (page) => {
      await page.set({ jobs: jobsOf(page), faults: [{ route: 'POST /v1/jobs', holdMs: 300 }] });
      await page.open();
      await page.choosePicture();
      await until(() => page.findAll('.card').length === 3);
      page.find('[part=generate]')!.click();
      await page.element.updateComplete;
      expect(page.findAll('.card').length).to.equal(4);
      expect(page.text('.card:first-child')).to.match(/^(Загрузка изображения|Создание задачи)…$/);
      const { top, height } = page.find('.card')!.getBoundingClientRect();
      await until(() => page.findAll('[part=history-item]').length === 4);
      const card = page.find('.card')!.getBoundingClientRect();
      expect([Math.round(card.top), Math.round(card.height)]).to.deep.equal([Math.round(top), Math.round(height)]);
    }),
  );

  it(
    'takes the card of a refused order away again',
    onPage(async (page) => {
      await page.set({ faults: [{ route: 'POST /v1/jobs', status: 402, code: 'insufficient_tokens', holdMs: 100 }] });
      await page.open();
      await page.choosePicture();
      await page.press('[part=generate]');
      expect(page.findAll('.card').length).to.equal(1);
      await until(() => page.find('[part=toast]'));
      expect(page.find('[part=history]') === null).to.equal(true);
    }),
  );

  it(
    'hides a deleted cover at once, and brings it back with a message when the server refuses',
    onPage(async (page) => {
      const refusal = { route: 'DELETE /v1/jobs/:id', status: 409, code: 'not_deletable', holdMs: 200 };
      await page.set({ jobs: jobsOf(page), faults: [refusal] });
      await page.open();
      await page.press('.thumb');
      expect(page.find('[part=player]') === null).to.equal(false);
      await page.press('.tool.end');
      await page.press('.question .danger');
      expect(page.findAll('[part=history-item]').length).to.equal(2);
      expect(page.find('[part=player]') === null).to.equal(true);
      await until(() => page.find('[part=toast]'));
      expect(page.findAll('[part=history-item]').length).to.equal(3);
      expect(page.find('[part=player]') === null).to.equal(false);
    }),
  );

  it(
    'keeps as many places as there were cards the last time, until they are read',
    onPage(async (page) => {
      const name = `kling-video-cover:cards:${page.base}`;
      localStorage.setItem(name, '3');
      await page.set({ jobs: jobsOf(page), faults: [{ route: 'GET /v1/jobs', holdMs: 200 }] });
      await page.open();
      expect([page.findAll('.card').length, page.findAll('[part=history-item]').length]).to.deep.equal([3, 0]);
      const { height } = page.element.getBoundingClientRect();
      await until(() => page.findAll('[part=history-item]').length === 3);
      expect(localStorage.getItem(name)).to.equal('3');
      page.find('.reason')!.remove();
      expect(Math.round(page.element.getBoundingClientRect().height)).to.equal(Math.round(height));
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
