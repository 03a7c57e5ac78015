import { expect } from '@open-wc/testing';
import type { CreateJob, Job } from '../../../server/contract.ts';
import { finished, onPage, pngFile, refused, until, type CoverPage } from '../../testing/cover-page.ts';

/** Writes into a field as a seller would. */
function type(page: CoverPage, selector: string, text: string): void {
  const field = page.find<HTMLInputElement>(selector)!;
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

const bodies = async (page: CoverPage) =>
  (await page.seen('POST', '/v1/jobs')).map(({ key, body }) => ({ key, body: JSON.parse(body) as CreateJob }));

async function toCards(page: CoverPage): Promise<void> {
  await page.open({ modes: 'scenes' });
  await until(() => page.find('.product-form'));
  type(page, '.product-form input', 'Кружка');
  page.choose(await pngFile(900, 1200));
  await until(() => page.find('.sent-picture'));
  await page.press('.product-form > .button');
  await until(() => page.findAll('.scene').length === 3);
}

async function chooseTwo(page: CoverPage): Promise<void> {
  await page.press('.scene:nth-of-type(2) input[type=checkbox]');
  await until(() => page.text('.scene-buy .price') === '20 токенов');
}

async function orderTwo(page: CoverPage): Promise<Job[]> {
  await chooseTwo(page);
  await page.press('.scene-buy .button');
  await until(() => page.named('cover-created').length === 2);
  return page.named('cover-created').map(({ job }) => job as Job);
}

describe('scenes', () => {
  afterEach(() => sessionStorage.clear());

  it(
    'ask for the name of a product first, and are accessible while empty and with cards',
    onPage(async (page) => {
      await page.open({ modes: 'scenes' });
      await until(() => page.find('.product-form'));
      expect(page.find<HTMLButtonElement>('.product-form > .button')!.disabled).to.equal(true);
      await expect(page.element).to.be.accessible();
      type(page, '.product-form input', 'Кружка');
      await until(() => !page.find<HTMLButtonElement>('.product-form > .button')!.disabled);
      await page.press('.product-form > .button');
      await until(() => page.findAll('.scene').length === 3);
      expect(page.text('#scenes-against')).to.equal('Сначала добавьте фото');
      await expect(page.element).to.be.accessible();
    }),
  );

  it(
    'two chosen ones cost twice the price and become two jobs of one named group with one upload',
    onPage(async (page) => {
      await toCards(page);
      type(page, '.scene:nth-of-type(2) .strong', 'Дождь');
      await orderTwo(page);
      const [first, second] = await bodies(page);
      expect(first!.key).not.to.equal(second!.key);
      expect(first!.body.groupId).to.equal(second!.body.groupId);
      expect([first!.body.groupName, second!.body.title]).to.deep.equal(['Кружка', 'Дождь']);
      expect(first!.body.prompt).to.equal('Кружка in the scene Утро');
      expect(first!.body.uploadId).to.be.a('string').and.to.equal(second!.body.uploadId);
      expect(await page.seen('POST', '/v1/uploads')).to.have.length(1);
      expect(page.text('.balance')).to.match(/80/);
      await expect(page.element).to.be.accessible();
    }),
  );

  it(
    'one failure is told on its own card with its refund, while the other is played',
    onPage(async (page) => {
      await toCards(page);
      const [one, other] = await orderTwo(page);
      await page.move(one!.id, refused);
      await page.move(other!.id, finished(page.base));
      await until(() => page.find('.scene .scene-clip'));
      expect(page.text('.scene-state.failed')).to.match(/отклонил.*10 токенов/i);
      expect(page.findAll('.scene-clip')).to.have.length(1);
      await expect(page.element).to.be.accessible();
    }),
  );

  it(
    'one is made again with its edited words and the picture of its job',
    onPage(async (page) => {
      await toCards(page);
      const [one] = await orderTwo(page);
      await page.move(one!.id, refused);
      await until(() => page.find('.scene-state.failed'));
      type(page, '.scene:nth-of-type(1) .scene-prompt textarea', 'A calmer mug');
      await page.press('.scene:nth-of-type(1) .again');
      await until(() => page.named('cover-created').length === 3);
      const last = (await bodies(page)).at(-1)!.body;
      expect([last.parentId, last.prompt, last.uploadId]).to.deep.equal([one!.id, 'A calmer mug', undefined]);
    }),
  );

  it(
    'one is deleted, once the seller has said so again, and the others stay',
    onPage(async (page) => {
      await toCards(page);
      const [one, other] = await orderTwo(page);
      await page.move(one!.id, finished(page.base));
      await page.move(other!.id, finished(page.base));
      await until(() => page.findAll('.scene-clip').length === 2);
      await page.press('.scene:nth-of-type(1) .tool:last-child');
      await page.press('.scene:nth-of-type(1) .keep');
      expect(page.findAll('.scene-clip').length).to.equal(2);
      page.find('.scene:nth-of-type(1) .tool:last-child')!.focus();
      await page.press('.scene:nth-of-type(1) .tool:last-child');
      expect(page.element.shadowRoot!.activeElement!.textContent).to.equal('Оставить');
      await page.press('.scene:nth-of-type(1) .danger');
      await until(() => page.findAll('.scene-clip').length === 1);
      expect(page.find('.scene:nth-of-type(1) input[type=checkbox]')).not.to.equal(null);
    }),
  );

  it(
    'a lost answer and a new page order nothing twice',
    onPage(async (page) => {
      // The browser and the widget both try again; no try may be answered before the page is closed.
      await page.set({ faults: Array.from({ length: 9 }, () => ({ route: 'POST /v1/jobs', drop: true })) });
      await toCards(page);
      await page.press('.scene-buy .button');
      await until(async () => (await bodies(page)).length > 0);
      page.close();
      await page.set({ faults: [] });
      await page.open({ modes: 'scenes' });
      await until(() => page.named('cover-created').length === 1);
      const orders = await bodies(page);
      expect(new Set(orders.map(({ key }) => key)).size).to.equal(1);
      await until(() => page.text('.product-head h3') === 'Кружка');
      expect(page.text('.balance')).to.match(/90/);
      expect(page.find<HTMLTextAreaElement>('.scene:nth-of-type(2) .strong')!.value).to.equal('Вода: Кружка');
      expect(page.find('.scene:nth-of-type(1) progress')).not.to.equal(null);
    }),
  );

  it(
    'of our own making are said to be ours, and ideas that do not come can be asked for again',
    onPage(async (page) => {
      await page.set({ ideas: 'default', faults: [{ route: 'POST /v1/scenes', status: 503, code: 'unavailable' }] });
      await page.open({ modes: 'scenes' });
      await until(() => page.find('.product-form'));
      type(page, '.product-form input', 'Кружка');
      await until(() => !page.find<HTMLButtonElement>('.product-form > .button')!.disabled);
      await page.press('.product-form > .button');
      await until(() => page.find('.form-fault'));
      await page.press('.product-form > .button');
      await until(() => page.findAll('.scene').length === 3);
      expect(page.text('.scene-list > .hint')).to.match(/сцены наши/);
    }),
  );

  it(
    'cannot be ordered with too few tokens',
    onPage(async (page) => {
      await page.set({ balance: 15 });
      await toCards(page);
      await chooseTwo(page);
      expect(page.find<HTMLButtonElement>('.scene-buy .button')!.disabled).to.equal(true);
      expect(page.text('#scenes-against')).to.match(/не хватает|5/i);
    }),
  );

  it(
    'of another day open below, after a new product was begun',
    onPage(async (page) => {
      await toCards(page);
      await orderTwo(page);
      await page.press('.product-head .button');
      await until(() => page.find('.earlier summary'));
      expect(page.text('.earlier summary')).to.equal('Кружка 2 ролика');
      page.find('.earlier summary')!.click();
      await until(
        async () => (await page.seen('GET', '/v1/jobs')).length > 0 && page.find('.earlier .gallery, .earlier ul'),
      );
    }),
  );
});
