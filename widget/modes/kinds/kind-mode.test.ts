import { expect } from '@open-wc/testing';
import type { CreateJob, Job } from '../../../server/contract.ts';
import { finishedPicture, onPage, pastJob, pngFile, until, type CoverPage } from '../../testing/cover-page.ts';
import { allPresets, openPreset } from '../../testing/presets.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const write = (page: CoverPage, text: string) => {
  const area = page.find<HTMLTextAreaElement>('textarea')!;
  area.value = text;
  area.dispatchEvent(new Event('input', { bubbles: true }));
};
const buttonText = (page: CoverPage) => plain(page.text('[part=generate]'));
const isOff = (page: CoverPage) => page.find<HTMLButtonElement>('[part=generate]')!.disabled;
const chip = (page: CoverPage, text: string) =>
  page
    .findAll('.chip')
    .find((one) => one.textContent!.replace(/\s+/g, ' ').includes(text))!
    .querySelector('input')!;
const orders = async (page: CoverPage) =>
  (await page.seen('POST', '/v1/jobs')).map((seen) => JSON.parse(seen.body) as CreateJob);

async function open(page: CoverPage, mode: string, levers = {}): Promise<void> {
  await page.set({ presets: allPresets, ...levers });
  await page.open({ modes: mode });
  await until(() => page.find('.kind-form') && page.find('.empty, .plain-list, [data-job]'));
}

async function addPicture(page: CoverPage, width = 900, height = 1200): Promise<void> {
  page.choose(await pngFile(width, height));
  await until(() => page.find('.sent-picture'));
}

describe('a kind of generation', () => {
  it(
    'begins empty, says what is missing and is accessible in every language',
    onPage(async (page) => {
      await open(page, 'text-to-video');
      expect(page.text('.empty .lead')).to.equal('Здесь появятся ваши видео');
      expect(buttonText(page)).to.equal('Создать видео 1 токен');
      expect(isOff(page)).to.equal(true);
      expect(page.text('.buy-row .hint')).to.equal('Сначала напишите несколько слов');
      for (const lang of ['en', 'vi', 'ru']) {
        page.element.lang = lang;
        await until(() => page.find('section')!.lang === lang && page.text('h2') !== '');
        await expect(page.element).to.be.accessible();
      }
    }),
  );

  it(
    'prices exactly what is chosen and orders it',
    onPage(async (page) => {
      await open(page, 'text-to-video');
      write(page, '  Чашка на подоконнике  ');
      await until(() => !isOff(page));
      await page.press('.options-toggle');
      chip(page, '16:9').click();
      chip(page, '10 с').click();
      chip(page, '1080p').click();
      chip(page, 'Студия').click();
      await until(() => buttonText(page) === 'Создать видео 4 токена');
      expect(page.text('.options-toggle')).to.equal('НастройкиГоризонтально 16:9 · 10 с · 1080p · Студия');
      await expect(page.element).to.be.accessible();
      await page.press('[part=generate]');
      await until(() => page.named('cover-created').length === 1);
      expect(await orders(page)).to.deep.equal([
        {
          presetId: 'open-text-to-video',
          prompt: 'Чашка на подоконнике',
          aspectRatio: '16:9',
          seconds: 10,
          mode: 'pro',
          styleId: 'studio',
        },
      ]);
      await until(() => page.text('[part=balance]') === 'Баланс: 96 токенов');
      const { id } = page.named('cover-created')[0]!.job as Job;
      await until(() => page.find(`[data-job="${id}"]`));
      expect(page.find<HTMLTextAreaElement>('textarea')!.value).to.equal('');
      expect(chip(page, '16:9').checked).to.equal(true);
    }),
  );

  it(
    'that needs a photo shows what will be sent and lets it be taken away',
    onPage(async (page) => {
      await open(page, 'image-to-image');
      write(page, 'На деревянный стол');
      await until(() => page.text('.buy-row .hint') === 'Сначала добавьте фото');
      await addPicture(page);
      const shown = page.find<HTMLCanvasElement>('.sent-picture')!;
      expect((shown.width / shown.height).toFixed(3)).to.equal((9 / 16).toFixed(3));
      await page.press('.frame-tool');
      await until(() => page.find('.stage-picture') && page.find('.frame'));
      await expect(page.element).to.be.accessible();
      chip(page, '1:1').click();
      await until(() => shown.width === shown.height);
      await page.press('[part=generate]');
      await until(() => page.named('cover-created').length === 1);
      const [order] = await orders(page);
      expect(order!.frame).to.deep.equal({ x: 0, y: 150, width: 900, height: 900 });
      expect(order).to.include({ presetId: 'open-image-to-image', fit: 'crop', aspectRatio: '1:1' });
      await page.press('.remove-tool');
      await until(() => page.find('button.picture-slot'));
      expect(page.find('.stage-picture')).to.equal(null);
    }),
  );

  it(
    'refuses a photo that is too small for the shape, and one that is no picture, in its own place',
    onPage(async (page) => {
      await open(page, 'image-to-video', { presets: [openPreset('image-to-video')] });
      write(page, 'Медленно');
      await addPicture(page, 310, 310);
      await until(() => page.text('.buy-row .hint').startsWith('Фото мало'));
      page.choose(new File(['x'], 'x.gif', { type: 'image/gif' }));
      await until(
        () =>
          page.text('.form-fault') ===
          'Такой тип файла не подходит. Сохраните фото как JPEG, PNG или WebP и выберите снова.',
      );
      expect(page.find('.sent-picture')).not.to.equal(null);
      expect(page.find('[part=toast]')).to.equal(null);
      await expect(page.element).to.be.accessible();
    }),
  );

  it(
    'keeps the words when the server refuses, and says why',
    onPage(async (page) => {
      await open(page, 'text-to-image', {
        faults: [
          { route: 'POST /v1/jobs', status: 402, code: 'insufficient_tokens', facts: { needed: 1, balance: 0 } },
        ],
      });
      write(page, 'Чашка');
      await until(() => !isOff(page));
      await page.press('[part=generate]');
      await until(() => page.text('.form-fault').startsWith('Не хватает токенов'));
      expect(page.find<HTMLTextAreaElement>('textarea')!.value).to.equal('Чашка');
      expect(page.named('cover-error')[0]).to.include({ code: 'insufficient_tokens' });
      await page.press('[part=generate]');
      await until(() => page.named('cover-created').length === 1);
      expect(page.find('.form-fault')).to.equal(null);
    }),
  );

  it(
    'ordered twice in haste is ordered once, and the focus stays in the widget',
    onPage(async (page) => {
      await open(page, 'text-to-image', { faults: [{ route: 'POST /v1/jobs', holdMs: 300 }] });
      write(page, 'Чашка');
      await until(() => !isOff(page));
      const button = page.find('[part=generate]')!;
      button.focus();
      button.click();
      await until(() => button.getAttribute('aria-busy') === 'true');
      await expect(page.element).to.be.accessible();
      button.click();
      await until(() => page.named('cover-created').length === 1 && isOff(page));
      expect(await orders(page)).to.have.length(1);
      expect(page.element.shadowRoot!.activeElement?.className).to.equal('gallery-top');
    }),
  );

  it(
    'counts the letters and stops at the limit',
    onPage(async (page) => {
      await open(page, 'text-to-image');
      write(page, 'a'.repeat(2503));
      await until(() => page.text('.counter').startsWith('2503 / 2500'));
      expect(plain(page.text('.buy-row .hint'))).to.equal('Лишних: 3 знака');
      expect(isOff(page)).to.equal(true);
    }),
  );

  it(
    'lets a field of many lines grow',
    onPage(async (page) => {
      await open(page, 'text-to-image');
      const before = page.find('textarea')!.clientHeight;
      write(page, 'раз\nдва\nтри\nчетыре');
      await until(() => page.find('textarea')!.clientHeight > before + 40);
    }),
  );

  it(
    'is charged once when the answer is lost and the page is loaded again',
    onPage(async (page) => {
      const lost = { route: 'POST /v1/jobs', drop: true };
      await open(page, 'text-to-image', { faults: Array.from({ length: 9 }, () => lost) });
      write(page, 'Чашка');
      await until(() => !isOff(page));
      await page.press('[part=generate]');
      await until(async () => (await page.seen('POST', '/v1/jobs')).length > 0);
      expect(page.stored()).to.have.length(1);
      page.close();
      await page.set({ faults: [] });
      await page.open({ modes: 'cover text-to-image' });
      await page.press('#tab-text-to-image');
      await until(() => page.named('cover-created').length === 1);
      const keys = (await page.seen('POST', '/v1/jobs')).map((seen) => seen.key);
      expect(new Set(keys).size).to.equal(1);
      expect(page.stored()).to.have.length(0);
      await until(() => page.text('[part=balance]') === 'Баланс: 99 токенов');
      await until(() => page.findAll('[data-job]').length === 1);
    }),
  );

  it(
    'takes a dropped photo, but not where the site makes nothing from one',
    onPage(async (page) => {
      const presets = [openPreset('image-to-image'), openPreset('text-to-video')];
      await open(page, 'image-to-image text-to-video', { presets });
      page.element.pickFile(await pngFile(900, 1200));
      await until(() => page.find('.sent-picture'));
      await page.press('#tab-text-to-video');
      await until(() => page.find('.text-to-video textarea'));
      expect(page.find('.picture-slot')).to.equal(null);
      page.element.pickFile(await pngFile(900, 1200));
      await page.press('#tab-image-to-image');
      await until(() => page.find('.sent-picture'));
      await page.press('#tab-text-to-video');
      expect(page.find('.sent-picture')).to.equal(null);
    }),
  );

  it(
    'that is made from words takes a photo too: then it is an order of the other kind, at its price',
    onPage(async (page) => {
      const dear = openPreset('image-to-image', { tokensCost: 7 });
      await open(page, 'text-to-image', { presets: [openPreset('text-to-image'), dear] });
      write(page, 'Чашка');
      await until(() => buttonText(page) === 'Создать картинку 1 токен');
      await addPicture(page);
      await until(() => buttonText(page) === 'Создать картинку 7 токенов');
      await expect(page.element).to.be.accessible();
      await page.press('.remove-tool');
      await until(() => buttonText(page) === 'Создать картинку 1 токен');
      expect(page.text('.picture-slot')).to.equal('Добавить фото, если хотите');
      await addPicture(page);
      await page.press('[part=generate]');
      await until(() => page.text('[part=toast] p').includes('«Картинка из фото»'));
      const [order] = await orders(page);
      expect(order).to.include({ presetId: 'open-image-to-image', fit: 'crop' });
      page.choose(await pngFile(900, 1200), await pngFile(900, 1200));
      await until(() => page.text('.form-fault') === 'Выберите ровно одно изображение.');
    }),
  );

  it(
    'frees the photo when the seller leaves',
    onPage(async (page) => {
      await open(page, 'image-to-image');
      await addPicture(page);
      const free = URL.revokeObjectURL.bind(URL);
      const freed: string[] = [];
      URL.revokeObjectURL = (url) => (freed.push(url), free(url));
      page.element.tokenUrl = `${page.base}/token?other`;
      await until(() => page.find('button.picture-slot'));
      URL.revokeObjectURL = free;
      expect(freed).to.have.length(1);
    }),
  );

  it(
    'offers its presets, those of the attribute first and alone',
    onPage(async (page) => {
      const second = openPreset('text-to-image', { id: 'second', title: 'Второй', tokensCost: 5 });
      await open(page, 'text-to-image', { presets: [...allPresets, second] });
      const select = page.find<HTMLSelectElement>('.pick select')!;
      expect([...select.options].map((option) => option.value)).to.deep.equal(['open-text-to-image', 'second']);
      select.value = 'second';
      select.dispatchEvent(new Event('change'));
      await until(() => buttonText(page) === 'Создать картинку 5 токенов');
      page.element.presets = 'second cover-3x4';
      await until(() => page.find('.pick') === null);
      expect(buttonText(page)).to.equal('Создать картинку 5 токенов');
    }),
  );

  it(
    'says so when the site has no preset for it',
    onPage(async (page) => {
      await page.set({ presets: [] });
      await page.open({ modes: 'text-to-image' });
      await until(() => page.text('.kind').includes('Сайт ещё не настроил этот раздел'));
      await expect(page.element).to.be.accessible();
    }),
  );

  it(
    'tells the page of a finished picture',
    onPage(async (page) => {
      const job = pastJob(page.base, 1, {
        kind: 'text-to-image',
        status: 'processing',
        stage: 'generating',
        progress: 50,
      });
      await open(page, 'text-to-image', { jobs: [job] });
      await page.move(job.id, finishedPicture(page.base));
      await until(() => page.named('cover-completed').length === 1);
    }),
  );
});
