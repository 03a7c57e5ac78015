import { expect } from '@open-wc/testing';
import { KlingVideoCover } from '../element.ts';
import { onHost } from '../hostile/host-frame.ts';
import { onPage, pastJob, until } from '../testing/cover-page.ts';
import { worded } from './added.ts';
import { en } from './en.ts';
import { ru } from './ru.ts';

type Cover = typeof KlingVideoCover;

const kazakh = {
  base: 'ru',
  texts: {
    title: 'Бейне мұқаба',
    balance: (count: number) => `Баланс: ${KlingVideoCover.counted('kk', { other: 'токен' })(count)}`,
    errors: { heic: 'HEIC жарамайды.' },
  },
  modeTexts: { library: { all: 'Барлығы' } },
} as const;

describe('words of the host page', () => {
  it('replace ours one by one, in groups too, and what is not ours is left out', () => {
    const texts = worded(en, { pick: 'Select', steps: { done: 'Ready' }, ...({ unknown: 'x', zoom: null } as object) });
    expect([texts.pick, texts.steps.done, texts.steps.creating]).to.deep.equal(['Select', 'Ready', en.steps.creating]);
    expect(texts.zoom).to.equal(en.zoom);
    expect('unknown' in texts).to.equal(false);
    expect(en.pick).to.equal('Choose a picture');
  });

  it('a language of the host: its words, the rest of the base, its dates, and the server hears both', () =>
    onPage(async (page) => {
      await page.set({ jobs: [pastJob(page.base, 1)] });
      await page.open({ lang: 'kk' });
      KlingVideoCover.addTexts('kk', kazakh);
      await until(() => page.text('h2') === kazakh.texts.title);
      expect(page.find('.panel')!.lang).to.equal('kk');
      expect(page.text('[part=balance]')).to.equal('Баланс: 100 токен');
      expect(page.text('[part=generate]')).to.include(ru.generate);
      const time = await until(() => page.find<HTMLTimeElement>('time'));
      const [day] = new Intl.DateTimeFormat('kk', { day: 'numeric', month: 'short' })
        .format(new Date(time.dateTime))
        .split(',');
      expect(time.textContent).to.include(day);
      page.choose(new File(['x'], 'a.heic'));
      await until(() => page.text('[part=toast] p') === 'HEIC жарамайды.');
      await until(async () => (await page.seen('GET', '/v1/session')).at(-1)!.language === 'kk,ru');
      await expect(page.element).to.be.accessible();
    })());

  it('a later call adds to an earlier one, on widgets that are on the page and on those that come', () =>
    onPage(async (page) => {
      await page.open({ lang: 'vi' });
      KlingVideoCover.addTexts('vi', { texts: { drop: 'Thả ảnh', pick: 'Chọn' } });
      await until(() => page.text('.lead') === 'Thả ảnh');
      KlingVideoCover.addTexts('vi', { texts: { drop: 'Thả vào đây' } });
      await until(() => page.text('.lead') === 'Thả vào đây');
      expect(page.text('.dropzone button')).to.equal('Chọn');
      page.close();
      await page.open({ lang: 'vi-VN' });
      expect(page.text('.lead')).to.equal('Thả vào đây');
    })());

  it('markup stays text, whoever returns it', () =>
    onPage(async (page) => {
      const markup = '<img src=x onerror="window.wasRun = true">';
      const node = Object.assign(document.createElement('b'), { textContent: 'bold' });
      KlingVideoCover.addTexts('de', {
        texts: { title: markup, balance: () => node as unknown as string, drop: node as unknown as string },
      });
      await page.open({ lang: 'de' });
      expect([page.text('h2'), page.text('[part=balance]'), page.text('.lead')]).to.deep.equal([
        markup,
        '[object HTMLElement]',
        '[object HTMLElement]',
      ]);
      expect(page.find('h2 img, .balance b, .lead b') === null).to.equal(true);
      expect('wasRun' in window).to.equal(false);
    })());

  it('a region of its own comes before its language', () =>
    onPage(async (page) => {
      KlingVideoCover.addTexts('pt', { texts: { drop: 'Solte aqui' } });
      KlingVideoCover.addTexts('pt-BR', { texts: { drop: 'Solta aqui' } });
      await page.open({ lang: 'pt-BR' });
      expect(page.text('.lead')).to.equal('Solta aqui');
      page.element.lang = 'pt-AO';
      await until(() => page.text('.lead') === 'Solte aqui');
    })());

  it('what is no language is refused', () => {
    expect(() => KlingVideoCover.addTexts('no language', {})).to.throw(RangeError);
  });

  it('given to a second copy of the script they reach the widgets of the first', () =>
    onPage(async (page) => {
      await page.open({ lang: 'uz' });
      const second = (await import(`/strict/${Date.now()}/widget/kling-video-cover.esm.js`)) as {
        KlingVideoCover: Cover;
      };
      expect(second.KlingVideoCover === KlingVideoCover).to.equal(false);
      second.KlingVideoCover.addTexts('uz', { texts: { title: 'Video muqova' } });
      await until(() => page.text('h2') === 'Video muqova');
    })());

  for (const as of ['classic', 'module', 'esm'] as const) {
    it(`reach the build (${as}) that loads after they were given, and its modes`, () =>
      onHost(async (host) => {
        const { customElements } = host.window;
        void customElements.whenDefined('kling-video-cover').then((defined) => {
          (defined as unknown as Cover).addTexts('kk', kazakh);
        });
        await host.load(as);
        await host.add({ lang: 'kk', modes: 'cover library' });
        expect(host.find('h2')!.textContent).to.equal(kazakh.texts.title);
        await host.press('#tab-library');
        await until(() => host.find('.mode')?.textContent?.includes('Барлығы'));
        await until(() => host.find('.mode')?.textContent?.includes('Видео'));
      })());
  }
});
