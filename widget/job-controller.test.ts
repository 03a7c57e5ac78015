import { expect } from '@open-wc/testing';
import type { Job } from '../server/contract.ts';
import { finished, onPage, refused, until } from './testing/cover-page.ts';

describe('a running job', () => {
  it(
    'shows queue, estimate and stages, and never goes back',
    onPage(async (page) => {
      await page.open();
      const id = await page.order();
      expect(page.text('.detail')).to.equal('Вы 3-й в очереди · около 2 мин');
      await page.move(id, { status: 'processing', stage: 'generating', progress: 60, estimate: 40 });
      await until(() => page.text('.percent') === '60 %');
      expect(page.text('[part=stage]')).to.equal('Генерация видео…');
      await page.move(id, { status: 'processing', stage: 'submitting', progress: 20 });
      await page.move(id, { status: 'processing', stage: 'saving', progress: 90 });
      await until(() => page.text('.percent') === '90 %');
      const shown = page.named('cover-progress').map((detail) => detail.progress as number);
      expect(shown).to.deep.equal([...shown].sort((a, b) => a - b));
      expect(page.find<HTMLProgressElement>('[part=progress]')!.value).to.equal(90);
    }),
  );

  it(
    'is picked up again after a reload',
    onPage(async (page) => {
      await page.open();
      const id = await page.order();
      page.close();
      await page.open();
      await until(() => page.text('[part=stage]') === 'Генерация видео…');
      await page.move(id, finished(page.base));
      await until(() => page.find('[part=player]'));
      expect(page.named('cover-completed')).to.have.length(1);
    }),
  );

  it(
    'is cancelled while it waits, with the tokens back',
    onPage(async (page) => {
      await page.open();
      await page.order();
      await page.press('.progress-panel .plain');
      await until(() => page.find('.failed'));
      expect(page.text('[part=toast] p')).to.equal('Отменено. 10 токенов возвращены');
      expect(page.named('balance-changed').at(-1)).to.deep.equal({ balance: 100 });
    }),
  );

  it(
    'that failed shows the reason and the refund, in a toast and in place',
    onPage(async (page) => {
      await page.open();
      const id = await page.order();
      await page.move(id, refused);
      await page.set({ balance: 100 });
      await until(() => page.find('.failed'));
      expect(page.text('[part=toast] p')).to.equal(
        'Сервис отклонил это изображение или текст. Попробуйте другое. 10 токенов возвращены',
      );
      expect(page.find('.toast-place')!.getAttribute('role')).to.equal('alert');
      expect(page.text('.refund')).to.equal('10 токенов возвращены');
      expect(page.named('cover-failed')[0]).to.include({ refunded: 10, code: 'content_refused' });
      await until(() => page.text('[part=balance]') === 'Баланс: 100 токенов');
      await expect(page.element).to.be.accessible();
      await page.press('[part=toast] button');
      expect(page.find('[part=toast]')).to.equal(null);
    }),
  );

  it(
    'that is finished can be watched, downloaded and handed to the host',
    onPage(async (page) => {
      await page.open();
      const id = await page.order();
      await page.move(id, finished(page.base));
      const video = (await until(() => page.find('[part=player]'))) as HTMLVideoElement;
      expect(video.muted && video.loop && video.controls && video.hasAttribute('playsinline')).to.equal(true);
      expect(page.find('[part=stage]')!.textContent).to.equal('Готово!');
      expect(page.find<HTMLAnchorElement>('[part=download]')!.href).to.match(/\?download=1$/);
      expect(page.named('cover-completed')[0]).to.include({ width: 960, height: 1280, seconds: 5.04 });
      await expect(page.element).to.be.accessible();
      page.element.addEventListener('cover-chosen', (event) => event.preventDefault(), { once: true });
      await page.press('.done .primary');
      expect(page.find('[part=toast]')).to.equal(null);
      await page.press('.done .primary');
      expect(page.text('[part=toast] p')).to.equal('Видео выбрано');
      expect((page.named('cover-chosen')[0]!.job as Job).id).to.equal(id);
    }),
  );

  it(
    'is followed again after the event stream broke',
    onPage(async (page) => {
      await page.open();
      const id = await page.order();
      await page.set({ isStreamOff: true });
      await page.set({ isStreamOff: false });
      await page.move(id, finished(page.base));
      await until(() => page.find('[part=player]'));
      const streams = await page.seen('GET', '/v1/events');
      expect(streams.length).to.be.above(1);
    }),
  );

  it(
    'keeps the focus in the widget when the pressed button goes away',
    onPage(async (page) => {
      await page.open();
      await page.choosePicture();
      const button = await until(() => page.find('[part=generate]'));
      button.focus();
      button.click();
      await until(() => page.named('cover-created').length > 0);
      await page.element.updateComplete;
      expect(page.element.shadowRoot!.activeElement?.getAttribute('part')).to.equal('panel');
    }),
  );
});
