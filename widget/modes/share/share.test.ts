import { expect } from '@open-wc/testing';
import { finishedPicture, onPage, pastJob, until, type CoverPage } from '../../testing/cover-page.ts';
import { allPresets } from '../../testing/presets.ts';

const panel = (page: CoverPage) => page.find('dialog .share');
const value = (page: CoverPage, selector: string) => page.find<HTMLInputElement>(`.share ${selector}`)?.value ?? '';
const button = (page: CoverPage, text: string) =>
  page.findAll('.share button').find((each) => each.textContent!.trim() === text)!;
const open = (page: CoverPage) => page.press('.tile [data-act=share]');

async function show(page: CoverPage, levers = {}): Promise<void> {
  await page.set({ presets: allPresets, jobs: [pastJob(page.base, 1)], ...levers });
  await page.open({ modes: 'library' });
  await until(() => page.find('[data-job]'));
}

describe('sharing', () => {
  it(
    'makes the public link when it is opened, and gives the code for a shop',
    onPage(async (page) => {
      await show(page);
      await open(page);
      await until(() => value(page, 'input').includes('/s/'));
      expect(page.element.shadowRoot!.activeElement!.textContent).to.equal('Поделиться');
      expect(value(page, 'textarea')).to.include('<video muted loop');
      expect(page.text('#share-code-about')).to.include('без звука');
      expect(page.find('.share a')!.getAttribute('href')).to.equal(value(page, 'input'));
      await expect(page.element).to.be.accessible();
    }),
  );

  it(
    'copies the link and the code, and says so inside the dialog',
    onPage(async (page) => {
      await show(page);
      await open(page);
      await until(() => value(page, 'input'));
      const copied: string[] = [];
      const { clipboard } = navigator;
      Object.defineProperty(navigator, 'clipboard', {
        configurable: true,
        value: { writeText: async (text: string) => void copied.push(text) },
      });
      try {
        button(page, 'Скопировать ссылку').click();
        await until(() => page.text('.share-said') === 'Скопировано');
        button(page, 'Скопировать код').click();
        await until(() => copied.length === 2);
        expect(copied).to.deep.equal([value(page, 'input'), value(page, 'textarea')]);
      } finally {
        Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
      }
    }),
  );

  it(
    'selects the field and asks for Ctrl+C where the page may not copy',
    onPage(async (page) => {
      await show(page);
      await open(page);
      await until(() => value(page, 'input'));
      const { clipboard } = navigator;
      Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined });
      try {
        button(page, 'Скопировать ссылку').click();
        await until(() => page.text('.share-said').startsWith('Выделено'));
        const field = page.find<HTMLInputElement>('.share input')!;
        expect([field.selectionStart, field.selectionEnd]).to.deep.equal([0, field.value.length]);
      } finally {
        Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
      }
    }),
  );

  it(
    'is ended by a button that keeps the focus, and begins anew with another link',
    onPage(async (page) => {
      await show(page);
      await open(page);
      const before = await until(() => value(page, 'input'));
      const end = button(page, 'Закрыть ссылку');
      end.focus();
      end.click();
      await until(() => page.text('.share-said').startsWith('Ссылка закрыта'));
      expect(await page.seen('DELETE', '/v1/jobs/past-job-1/share')).to.have.length(1);
      expect(page.find('.share input')).to.equal(null);
      await until(() => page.element.shadowRoot!.activeElement?.textContent?.trim() === 'Сделать новую ссылку');
      await expect(page.element).to.be.accessible();
      button(page, 'Сделать новую ссылку').click();
      await until(() => value(page, 'input') !== '' && value(page, 'input') !== before);
    }),
  );

  it(
    'explains a refusal where it was asked for',
    onPage(async (page) => {
      await show(page, { faults: [{ route: 'POST /v1/jobs/:id/share', status: 409, code: 'not_shareable' }] });
      await open(page);
      await until(() => page.text('.share [role=alert]').startsWith('Поделиться можно только'));
      button(page, 'Попробовать ещё раз').click();
      await until(() => value(page, 'input') !== '');
      expect(page.find('.share [role=alert]')).to.equal(null);
    }),
  );

  it(
    'has no code for a picture, and is not offered for what has failed or ended',
    onPage(async (page) => {
      const { video, ...picture } = pastJob(page.base, 1, { kind: 'text-to-image', ...finishedPicture(page.base) });
      const gone = pastJob(page.base, 2, { video: { ...video!, expired: true } });
      await show(page, { jobs: [picture, gone, pastJob(page.base, 3, { status: 'failed' })] });
      expect(page.findAll('.tile [data-act=share]')).to.have.length(1);
      await open(page);
      await until(() => value(page, 'input'));
      expect(panel(page)!.querySelector('textarea')).to.equal(null);
    }),
  );

  it(
    'is folded away by the button that opened it',
    onPage(async (page) => {
      await show(page);
      await open(page);
      await until(() => panel(page));
      await page.press('dialog [data-act=share][aria-expanded=true]');
      await until(() => !panel(page) && page.find('dialog [data-act=share][aria-expanded=false]'));
    }),
  );
});
