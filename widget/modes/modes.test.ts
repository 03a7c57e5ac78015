import { expect } from '@open-wc/testing';
import { setModes } from '../mode-slot.ts';
import { modeList } from '../mode-list.ts';
import { finished, onPage, pastJob, until, type CoverPage } from '../testing/cover-page.ts';
import { allPresets } from '../testing/presets.ts';

const tabsOf = (page: CoverPage) => page.findAll('[role=tab]').map((tab) => tab.textContent!.trim());
const selected = (page: CoverPage) => page.text('[role=tab][aria-selected=true]');
const press = (page: CoverPage, key: string) =>
  page.element.shadowRoot!.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));

describe('modes', () => {
  it('are read from the attribute: each once, unknown words ignored, the cover by default', () => {
    expect(modeList(null)).to.deep.equal(['cover']);
    expect(modeList('  later sometime ')).to.deep.equal(['cover']);
    expect(modeList('library cover\nlibrary text-to-image nonsense')).to.deep.equal([
      'library',
      'cover',
      'text-to-image',
    ]);
  });

  it(
    'one alone has no tabs, and no mode is loaded for the cover',
    onPage(async (page) => {
      await page.open();
      expect(page.find('[role=tablist]')).to.equal(null);
      expect(page.find('.mode')).to.equal(null);
      expect(page.find('[role=tabpanel]')).to.equal(null);
    }),
  );

  it(
    'several are tabs that arrow keys choose; there is one heading, and it says which is shown',
    onPage(async (page) => {
      await page.set({ presets: allPresets });
      await page.open({ modes: 'cover text-to-video library' });
      expect(tabsOf(page)).to.deep.equal(['Видеообложка', 'Видео по описанию', 'Библиотека']);
      expect(page.find('.dropzone')).not.to.equal(null);
      await expect(page.element).to.be.accessible();
      page.find('[role=tab]')!.focus();
      press(page, 'ArrowRight');
      await until(() => page.find('.mode-root.text-to-video'));
      expect(selected(page)).to.equal('Видео по описанию');
      expect(page.element.shadowRoot!.activeElement!.textContent!.trim()).to.equal('Видео по описанию');
      expect(page.findAll('h2').map((title) => title.textContent)).to.deep.equal(['Видео по описанию']);
      await expect(page.element).to.be.accessible();
      press(page, 'ArrowRight');
      await until(() => selected(page) === 'Библиотека');
      press(page, 'ArrowRight');
      await until(() => selected(page) === 'Видеообложка' && page.find('.dropzone'));
      press(page, 'ArrowLeft');
      await until(() => selected(page) === 'Библиотека');
    }),
  );

  it(
    'keep the chosen tab and what is in it through other tabs and other attributes',
    onPage(async (page) => {
      await page.set({ presets: allPresets });
      await page.open({ modes: 'cover text-to-video' });
      await page.press('#tab-text-to-video');
      const root = await until(() => page.find('.mode-root'));
      await page.press('#tab-cover');
      await until(() => page.find('.dropzone'));
      await page.press('#tab-text-to-video');
      expect(await until(() => page.find('.mode-root'))).to.equal(root);
      page.element.theme = 'dark';
      page.element.modes = 'library cover text-to-video';
      await page.element.updateComplete;
      expect(selected(page)).to.equal('Видео по описанию');
      page.element.modes = 'library cover';
      await until(() => selected(page) === 'Библиотека');
    }),
  );

  it(
    'that cannot be loaded are explained and can be asked for again',
    onPage(async (page) => {
      let asked = 0;
      setModes(async () => {
        asked += 1;
        if (asked < 3) throw new TypeError('Failed to fetch');
        return import('./index.ts');
      });
      await page.open({ modes: 'library' });
      await until(() => page.find('.broken'));
      expect(page.text('.broken p')).to.match(/Нет связи/);
      await expect(page.element).to.be.accessible();
      await page.press('.broken button');
      await until(() => asked === 2 && page.find('.broken'));
      await page.press('.broken button');
      await until(() => page.find('.mode-root'));
    }),
  );

  it(
    'speak the language asked for, also when it is changed later',
    onPage(async (page) => {
      await page.set({ presets: allPresets });
      await page.open({ modes: 'text-to-video', lang: 'en' });
      await until(() => page.text('.empty .lead') === 'Your videos will appear here');
      page.element.lang = 'vi';
      await until(
        () => page.text('.empty .lead') === 'Video của bạn sẽ hiện ở đây' && page.text('h2') === 'Video từ mô tả',
      );
    }),
  );

  it(
    'hear of every job of the seller, whoever made it, and tell the page',
    onPage(async (page) => {
      const job = pastJob(page.base, 1, {
        kind: 'text-to-video',
        status: 'processing',
        stage: 'generating',
        progress: 40,
      });
      delete job.video;
      await page.set({ presets: allPresets, jobs: [job] });
      await page.open({ modes: 'text-to-video cover' });
      await until(() => page.text('[data-job]').includes('40 %'));
      await page.move(job.id, { progress: 70 });
      await until(() => page.text('[data-job]').includes('70 %'));
      await page.set({ isStreamOff: true });
      await page.set({ isStreamOff: false });
      await page.move(job.id, finished(page.base));
      await until(() => page.text('[data-job]').includes('Готово'));
      expect(page.named('cover-completed')).to.have.length(1);
      await page.press('#tab-cover');
      await until(() => page.find('.dropzone'));
      expect(page.find('[part=history]')).to.equal(null);
    }),
  );

  it(
    'leave with the seller',
    onPage(async (page) => {
      await page.set({ presets: allPresets, jobs: [pastJob(page.base, 1, { kind: 'text-to-image' })] });
      await page.open({ modes: 'text-to-image' });
      const root = await until(() => page.find('.mode-root'));
      await until(() => page.find('[data-job]'));
      page.element.tokenUrl = `${page.base}/token?other`;
      await until(() => page.find('.mode-root') && page.find('.mode-root') !== root);
      expect(root.isConnected).to.equal(false);
      expect(root.textContent!.trim()).to.equal('');
    }),
  );

  it(
    'are not asked by a page of covers about jobs of other kinds',
    onPage(async (page) => {
      const job = pastJob(page.base, 1, {
        kind: 'text-to-image',
        status: 'processing',
        stage: 'generating',
        progress: 4,
      });
      await page.set({ jobs: [job] });
      await page.open();
      await until(async () => (await page.seen('GET', '/v1/events')).length > 0);
      await page.move(job.id, { progress: 50 });
      await page.set({ balance: 77 });
      await until(() => page.text('.balance').includes('77'));
      expect(page.named('cover-progress')).to.have.length(0);
    }),
  );
});
