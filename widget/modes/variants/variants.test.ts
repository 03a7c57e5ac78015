import { expect } from '@open-wc/testing';
import type { CreateJob, Job } from '../../../server/contract.ts';
import { finished, onPage, pastJob, refused, until, type CoverPage } from '../../testing/cover-page.ts';
import { allPresets, openPreset, videoPreset } from '../../testing/presets.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const second = openPreset('image-to-video', { id: 'second', title: 'Второй', tokensCost: 3 });
const versions = (page: CoverPage) => page.findAll('[data-version]').map((each) => each.dataset.version);
const inVersion = (page: CoverPage, id: string, selector: string) => page.find(`[data-version="${id}"] ${selector}`);
const orders = async (page: CoverPage) =>
  (await page.seen('POST', '/v1/jobs')).map((seen) => JSON.parse(seen.body) as CreateJob);

async function show(page: CoverPage, jobs: Job[], levers = {}): Promise<void> {
  await page.set({ presets: [videoPreset, second], jobs, ...levers });
  await page.open({ modes: 'library' });
  await until(() => page.find('[data-job]'));
}

async function open(page: CoverPage, id = 'past-job-1'): Promise<void> {
  await page.press(`.tile[data-job="${id}"] [data-act=variants]`);
  await until(() => page.find('.versions[aria-busy=false]'));
}

function write(page: CoverPage, text: string): void {
  const area = page.find<HTMLTextAreaElement>('.variant-form textarea')!;
  area.value = text;
  area.dispatchEvent(new Event('input', { bubbles: true }));
}

function choose(page: CoverPage, preset: string): void {
  const select = page.find<HTMLSelectElement>('.variant-form select')!;
  select.value = preset;
  select.dispatchEvent(new Event('change'));
}

describe('variants', () => {
  it(
    'stand beside the photo and the first result, also when a variant is opened',
    onPage(async (page) => {
      const root = pastJob(page.base, 3);
      const variant = (number: number) => pastJob(page.base, number, { parentId: root.id });
      await show(page, [root, variant(1), variant(2), pastJob(page.base, 4)]);
      await open(page, 'past-job-2');
      expect(page.element.shadowRoot!.activeElement!.textContent).to.equal('Варианты');
      expect(versions(page)).to.deep.equal(['past-job-3', 'past-job-1', 'past-job-2']);
      expect(page.text('.version')).to.equal('Исходное фото');
      expect(page.text('.own')).to.include('Видеообложка 3:4');
      await expect(page.element).to.be.accessible();
    }),
  );

  it(
    'are ordered from the same picture with another preset or other words, and can be kept',
    onPage(async (page) => {
      await show(page, [pastJob(page.base, 1)]);
      await open(page);
      expect(page.find<HTMLTextAreaElement>('.variant-form textarea')!.value).to.equal(pastJob(page.base, 1).prompt);
      expect(plain(page.text('.variant-form .price'))).to.equal('10 токенов');
      choose(page, 'second');
      write(page, 'Спокойнее');
      await until(() => plain(page.text('.variant-form .price')) === '3 токена');
      await page.press('.variant-form .primary');
      await until(() => page.named('cover-created').length === 1);
      expect(await orders(page)).to.deep.equal([
        {
          presetId: 'second',
          prompt: 'Спокойнее',
          aspectRatio: '3:4',
          seconds: 5,
          mode: 'std',
          parentId: 'past-job-1',
        },
      ]);
      const { id } = page.named('cover-created')[0]!.job as Job;
      await until(() => inVersion(page, id, 'progress'));
      await expect(page.element).to.be.accessible();
      await page.move(id, finished(page.base));
      (await until(() => inVersion(page, id, '[data-act=use]'))).click();
      expect(page.text('dialog [role=status]')).to.equal('Вариант готов');
      const [chosen] = page.named('cover-chosen');
      expect((chosen!.job as Job).id).to.equal(id);
      await until(() => !page.find<HTMLDialogElement>('dialog[open]'));
    }),
  );

  it(
    'of a variant hang on the first job, unless that is gone',
    onPage(async (page) => {
      await show(page, [pastJob(page.base, 1, { parentId: 'gone' }), pastJob(page.base, 2)]);
      await open(page);
      await page.press('.variant-form .primary');
      await until(() => page.named('cover-created').length === 1);
      expect((await orders(page))[0]!.parentId).to.equal('past-job-1');
    }),
  );

  it(
    'are offered for words without a picture and for failed jobs, but not while a job is under way',
    onPage(async (page) => {
      const { source: _, ...words } = pastJob(page.base, 1, { kind: 'text-to-video', presetId: 'open-text-to-video' });
      const open40 = { status: 'processing', stage: 'generating', progress: 40 } as const;
      await show(page, [words, pastJob(page.base, 2, refused), pastJob(page.base, 3, open40)], { presets: allPresets });
      const offered = page.findAll('.tile').filter((tile) => tile.querySelector('[data-act=variants]'));
      expect(offered.map((tile) => tile.dataset.job)).to.deep.equal(['past-job-1', 'past-job-2']);
      await open(page);
      expect(page.findAll('.version')).to.have.length(1);
      expect(page.text('.variant-form .hint')).to.include('То же ещё раз');
    }),
  );

  it(
    'explain a refusal, a lack of tokens and missing words in the panel',
    onPage(async (page) => {
      const faults = [{ route: 'POST /v1/jobs', status: 422, code: 'text_refused' }];
      await show(page, [pastJob(page.base, 1)], { faults });
      await open(page);
      await page.press('.variant-form .primary');
      await until(() => page.text('.variant-form [role=alert]').startsWith('Такой текст'));
      write(page, ' ');
      await until(() => page.text('#variant-against') === 'Сначала напишите несколько слов');
      expect(page.find<HTMLButtonElement>('.variant-form .primary')!.disabled).to.equal(true);
      write(page, 'Чашка');
      await page.set({ balance: 4 });
      await until(() => plain(page.text('#variant-against')) === 'Не хватает 6 токенов');
    }),
  );

  it(
    'are deleted one by one, after a question; the first one is not',
    onPage(async (page) => {
      const root = pastJob(page.base, 2);
      await show(page, [root, pastJob(page.base, 1, { parentId: root.id })]);
      await open(page, 'past-job-2');
      expect(inVersion(page, 'past-job-2', '[data-act=delete]')).to.equal(null);
      inVersion(page, 'past-job-1', '[data-act=delete]')!.click();
      (await until(() => inVersion(page, 'past-job-1', '[data-act=yes]'))).click();
      await until(() => versions(page).join() === 'past-job-2');
      expect(await page.seen('DELETE', '/v1/jobs/past-job-1')).to.have.length(1);
    }),
  );

  it(
    'are ordered once when the answer is lost and the page is loaded again',
    onPage(async (page) => {
      const lost = { route: 'POST /v1/jobs', drop: true };
      // The browser and the widget both try again; no try may be answered before the page is closed.
      await show(page, [pastJob(page.base, 1)], { faults: Array.from({ length: 9 }, () => lost) });
      await open(page);
      await page.press('.variant-form .primary');
      await until(async () => (await orders(page)).length > 0);
      page.close();
      const before = (await orders(page)).length;
      await page.set({ faults: [{ route: 'POST /v1/jobs', holdMs: 500 }] });
      await page.open({ modes: 'library image-to-video' });
      await until(async () => (await orders(page)).length > before);
      await page.press('#tab-image-to-video');
      await until(() => page.named('cover-created').length === 1);
      expect(new Set((await page.seen('POST', '/v1/jobs')).map(({ key }) => key)).size).to.equal(1);
      await until(() => page.findAll('.image-to-video .tile').length === 2);
      expect(page.named('cover-created')).to.have.length(1);
    }),
  );
});
