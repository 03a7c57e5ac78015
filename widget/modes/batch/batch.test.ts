import { expect } from '@open-wc/testing';
import type { CreateBatch, Job } from '../../../server/contract.ts';
import { finished, onPage, pngFile, refused, until, type CoverPage } from '../../testing/cover-page.ts';
import { allPresets, openPreset } from '../../testing/presets.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const buttonText = (page: CoverPage) => plain(page.text('[part=generate]'));
const isOff = (page: CoverPage) => page.find<HTMLButtonElement>('[part=generate]')!.disabled;
const names = (page: CoverPage) => page.findAll('.batch-name > span').map((each) => each.textContent);
const files = (count: number) => Promise.all(Array.from({ length: count }, (_, at) => pngFile(600, 800, `p${at}.png`)));
const bodies = async (page: CoverPage) =>
  (await page.seen('POST', '/v1/batches')).map(({ key, body }) => ({ key, ...(JSON.parse(body) as CreateBatch) }));

function write(page: CoverPage, selector: string, text: string): void {
  const field = page.find<HTMLInputElement>(selector)!;
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

async function open(page: CoverPage, levers = {}): Promise<void> {
  await page.set({ presets: allPresets, ...levers });
  await page.open({ modes: 'image-to-image', presets: 'open-image-to-image' });
  await until(() => page.find('.kind-form'));
}

/** From several files to the price. */
async function toPrice(page: CoverPage, picked: File[]): Promise<void> {
  write(page, 'textarea', 'На стол');
  page.choose(...picked);
  await until(() => buttonText(page).startsWith('Загрузить') && !isOff(page));
  await page.press('[part=generate]');
  await until(() => buttonText(page).startsWith('Заказать') && page.text('.batch-money p').includes('токен'));
}

async function order(page: CoverPage): Promise<Job[]> {
  await page.press('[part=generate]');
  await until(() => page.find('.batch-line .batch-title'));
  return page.named('cover-created').map(({ job }) => job as Job);
}

describe('a batch', () => {
  it(
    'begins with several photos, names what is left out and why, and lets one be taken away',
    onPage(async (page) => {
      await open(page);
      page.choose(
        ...(await files(2)),
        await pngFile(200, 200, 'small.png'),
        new File(['x'], 'x.gif', { type: 'image/gif' }),
      );
      await until(() => page.findAll('.batch-photo.bad').length === 2);
      expect(page.text('.batch-title')).to.equal('2 фото одним заказом');
      expect(page.element.shadowRoot!.activeElement!.className).to.equal('batch-title');
      expect(names(page)).to.deep.equal(['small.png', 'x.gif', 'p0.png', 'p1.png']);
      expect(page.text('.batch-photo.bad')).to.include('Фото слишком маленькое').and.to.include('Не войдёт');
      await until(() => page.text('.batch [role=alert]').startsWith('Не подошло: 2.'));
      expect(buttonText(page)).to.equal('Загрузить 2 фото');
      await expect(page.element).to.be.accessible();
      await page.press('.batch-photo:not(.bad) .tool');
      await until(() => buttonText(page) === 'Загрузить 1 фото');
      page.element.pickFile(await pngFile(600, 800, 'more.png'));
      await until(() => buttonText(page) === 'Загрузить 2 фото');
      await page.press('.batch-head .tool');
      await until(() => page.find('button.picture-slot'));
      expect(await page.seen('POST', '/v1/uploads')).to.have.length(0);
    }),
  );

  it(
    'is uploaded for nothing, priced, and ordered under one key with what all have in common',
    onPage(async (page) => {
      await open(page);
      await toPrice(page, await files(3));
      expect(await page.seen('POST', '/v1/uploads')).to.have.length(3);
      expect(plain(page.text('.batch-money p'))).to.equal('3 фото: 3 токена');
      expect(buttonText(page)).to.equal('Заказать 3 3 токена');
      expect(page.text('[part=balance]')).to.equal('Баланс: 100 токенов');
      await expect(page.element).to.be.accessible();
      const jobs = await order(page);
      expect(jobs).to.have.length(3);
      const [quoted, placed] = await bodies(page);
      expect(quoted).to.include({
        dryRun: true,
        presetId: 'open-image-to-image',
        prompt: 'На стол',
        aspectRatio: '9:16',
      });
      expect(placed).to.include({ budget: 3, prompt: 'На стол' });
      expect(placed!.items).to.deep.equal(quoted!.items);
      expect(placed!.items).to.have.length(3);
      expect(placed!.key).not.to.equal(quoted!.key);
      expect(page.stored()).to.have.length(0);
      await until(() => page.text('[part=balance]') === 'Баланс: 97 токенов');
    }),
  );

  it(
    'asks for the price anew when a choice changes, and orders no more than the limit pays for',
    onPage(async (page) => {
      const dear = openPreset('image-to-image', { tokensCost: 4 });
      await open(page, { presets: [dear], balance: 50 });
      await toPrice(page, await files(3));
      expect(buttonText(page)).to.equal('Заказать 3 12 токенов');
      page
        .findAll('.chip input')
        .find((each) => each.parentElement!.textContent!.includes('16:9'))!
        .click();
      await until(async () => (await bodies(page)).at(-1)!.aspectRatio === '16:9' && !isOff(page));
      write(page, '.batch-limit input', '9');
      await until(() => buttonText(page) === 'Заказать 2 8 токенов');
      expect(page.text('#batch-against')).to.include('хватает на 2 из 3');
      write(page, '.batch-limit input', '3');
      await until(() => plain(page.text('#batch-against')) === 'Предел меньше цены одного: 4 токена');
      expect(isOff(page)).to.equal(true);
      write(page, '.batch-limit input', '2,5');
      await until(() => page.text('#batch-against').includes('целым числом'));
      write(page, '.batch-limit input', '9');
      await until(() => !isOff(page));
      expect(await order(page)).to.have.length(2);
      expect(page.text('.batch-said')).to.equal('Готово 0 из 2, не заказано: 1 (токены не списаны)');
      expect(page.text('.batch-faults')).to.include('p2.png').and.to.include('дороже предела');
      await until(() => page.text('[part=balance]') === 'Баланс: 42 токена');
    }),
  );

  it(
    'goes on when one fails, says so in one line, and is closed by the seller',
    onPage(async (page) => {
      await open(page);
      await toPrice(page, await files(3));
      const [one, two, three] = await order(page);
      expect(page.element.shadowRoot!.activeElement!.className).to.equal('batch-title');
      await page.move(one!.id, finished(page.base));
      await page.move(two!.id, refused);
      await until(() => page.text('.batch-said').startsWith('Готово 1 из 3, не получилось: 1 (токены'));
      expect(page.find<HTMLProgressElement>('.batch-line progress')!.value).to.equal(2);
      expect(page.text('.batch-faults')).to.include('p1.png').and.to.include('Сервис отклонил');
      await expect(page.element).to.be.accessible();
      await page.move(three!.id, finished(page.base));
      await until(() => page.text('.batch-said').startsWith('Готово 2 из 3'));
      await page.press('.batch-line .button');
      await until(() => page.find('button.picture-slot'));
      expect(page.find<HTMLTextAreaElement>('textarea')!.value).to.equal('');
    }),
  );

  it(
    'leaves out a photo the server refuses, and waits where it asks for patience',
    onPage(async (page) => {
      const route = 'POST /v1/uploads';
      await open(page, {
        faults: [
          { route, status: 422, code: 'image_unreadable' },
          { route, status: 429, code: 'rate_limited', facts: { retryAfter: 0.1 } },
        ],
      });
      await toPrice(page, await files(3));
      expect(buttonText(page)).to.equal('Заказать 2 2 токена');
      expect(page.text('.batch-photo.bad')).to.include('p0.png').and.to.include('не читается');
      expect((await page.seen('POST', '/v1/uploads')).length).to.equal(4);
    }),
  );

  it(
    'keeps what was uploaded when the upload is cancelled or breaks',
    onPage(async (page) => {
      const route = 'POST /v1/uploads';
      await open(page, { faults: [{ route, holdMs: 60_000 }] });
      page.choose(...(await files(2)));
      await until(() => buttonText(page) === 'Загрузить 2 фото' && !isOff(page));
      await page.press('[part=generate]');
      await until(() => page.text('.batch-line').includes('Загружаем фото 1 из 2'));
      await page.press('.batch-line .button');
      await until(() => buttonText(page) === 'Загрузить 2 фото');
      expect(page.find('.form-fault')).to.equal(null);
      await page.set({ faults: [{ route, status: 503, code: 'unavailable' }] });
      await page.press('[part=generate]');
      await until(() => page.text('.form-fault').startsWith('У нас что-то сломалось'));
      await page.press('[part=generate]');
      await until(() => page.find('.batch-limit'));
      const before = (await page.seen('POST', '/v1/uploads')).length;
      page.element.pickFile(await pngFile(600, 800, 'more.png'));
      await until(() => buttonText(page) === 'Загрузить 1 фото' && !isOff(page));
      await page.press('[part=generate]');
      await until(() => page.find('.batch-limit'));
      expect(await page.seen('POST', '/v1/uploads')).to.have.length(before + 1);
    }),
  );

  it(
    'is charged once when the answer is lost and the page is loaded again',
    onPage(async (page) => {
      await open(page);
      await toPrice(page, await files(2));
      const lost = { route: 'POST /v1/batches', drop: true };
      await page.set({ faults: Array.from({ length: 9 }, () => lost) });
      await page.press('[part=generate]');
      await until(async () => (await bodies(page)).length > 1);
      expect(page.stored()).to.have.length(1);
      page.close();
      await page.set({ faults: [] });
      await page.open({ modes: 'image-to-image', presets: 'open-image-to-image' });
      await until(() => page.named('cover-created').length === 2);
      await until(() => page.text('.batch-said') === 'Готово 0 из 2');
      const [, ...sent] = await bodies(page);
      expect(new Set(sent.map(({ key }) => key)).size).to.equal(1);
      expect(page.stored()).to.have.length(0);
      await until(() => page.text('[part=balance]') === 'Баланс: 98 токенов');
    }),
  );

  it(
    'has its refused words explained, and asks for words where the preset has none',
    onPage(async (page) => {
      const route = 'POST /v1/batches';
      await open(page, {
        faults: [
          { route, status: 422, code: 'invalid_request' },
          { route, status: 422, code: 'text_refused' },
        ],
      });
      page.choose(...(await files(2)));
      await until(() => buttonText(page) === 'Загрузить 2 фото' && !isOff(page));
      await page.press('[part=generate]');
      await until(() => page.text('#batch-against') === 'Сначала напишите несколько слов');
      expect((await bodies(page))[0]).not.to.have.property('prompt');
      write(page, 'textarea', 'Нечто');
      await until(() => page.text('.form-fault').startsWith('Такой текст'));
      write(page, 'textarea', 'На стол');
      await until(() => buttonText(page) === 'Заказать 2 2 токена');
      expect(page.find('.form-fault')).to.equal(null);
    }),
  );

  it(
    'leaves out what is too small for the shape, until another shape is chosen',
    onPage(async (page) => {
      await open(page);
      page.choose(...(await files(1)), await pngFile(310, 310, 'square.png'));
      await until(() => page.text('.batch-photo.bad').includes('Фото мало для этой формы'));
      expect(buttonText(page)).to.equal('Загрузить 1 фото');
      page
        .findAll('.chip input')
        .find((each) => each.parentElement!.textContent!.includes('1:1'))!
        .click();
      await until(() => buttonText(page) === 'Загрузить 2 фото' && !page.find('.batch-photo.bad'));
    }),
  );

  it(
    'takes fifty at most and says how many are left out',
    onPage(async (page) => {
      await open(page);
      const one = await pngFile(600, 800);
      page.choose(...Array.from({ length: 53 }, (_, at) => new File([one], `n${at}.png`, { type: 'image/png' })));
      await until(() => page.text('.batch [role=alert]').endsWith('Не взято: 3 фото.'));
      await until(() => buttonText(page) === 'Загрузить 50 фото' && !isOff(page));
    }),
  );
});
