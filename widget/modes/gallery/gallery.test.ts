import { expect } from '@open-wc/testing';
import { emulateMedia } from '@web/test-runner-commands';
import type { Job } from '../../../server/contract.ts';
import { finishedPicture, onPage, pastJob, refused, until, type CoverPage } from '../../testing/cover-page.ts';
import { allPresets } from '../../testing/presets.ts';

const cardOf = (page: CoverPage, id: string) => page.find(`[data-job=${id}]`)!;
const words = (page: CoverPage, id: string, selector = '.badge') =>
  (cardOf(page, id).querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();
const act = (page: CoverPage, id: string, name: string) =>
  cardOf(page, id).querySelector<HTMLElement>(`[data-act=${name}]`);
const focused = (page: CoverPage) => page.element.shadowRoot!.activeElement as HTMLElement | null;
const hover = (page: CoverPage, id: string, type = 'pointerenter') =>
  cardOf(page, id)
    .querySelector('.tile-pane')!
    .dispatchEvent(new PointerEvent(type, { pointerType: 'mouse' }));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function open(page: CoverPage, jobs: Job[]): Promise<void> {
  await page.set({ presets: allPresets, jobs });
  await page.open({ modes: 'library' });
  if (jobs.length > 0) await until(() => page.find('[data-job]'));
}

/** As `pastJob`, without a result. */
function jobWithout(page: CoverPage, number: number, change: Partial<Job>): Job {
  const { video: _video, ...job } = pastJob(page.base, number, change);
  return job;
}

const picture = (page: CoverPage, number: number): Job => ({
  ...jobWithout(page, number, { kind: 'text-to-image', seconds: null, presetId: 'open-text-to-image' }),
  ...finishedPicture(page.base),
});

const expired = (page: CoverPage, number: number): Job => {
  const job = pastJob(page.base, number);
  return { ...job, video: { ...job.video!, expired: true } };
};

describe('gallery', () => {
  it(
    'says of each job what became of it',
    onPage(async (page) => {
      await open(page, [
        jobWithout(page, 1, { status: 'pending', stage: 'queued', progress: 0, queuePosition: 3 }),
        jobWithout(page, 2, { status: 'processing', stage: 'generating', progress: 42 }),
        jobWithout(page, 3, refused),
        jobWithout(page, 4, { status: 'cancelled', receipt: { quoted: 10, debited: 10, refunded: 10 } }),
        pastJob(page.base, 5),
        picture(page, 6),
        expired(page, 7),
      ]);
      expect(words(page, 'past-job-1')).to.equal('В очереди: 3-й');
      expect(words(page, 'past-job-2')).to.equal('В работе 42 %');
      expect(cardOf(page, 'past-job-2').querySelector('progress')!.value).to.equal(42);
      expect(words(page, 'past-job-3', '.tile-why')).to.match(/Сервис отклонил.*10 токенов возвращены/);
      expect(words(page, 'past-job-4', '.tile-why')).to.equal('10 токенов возвращены');
      expect(words(page, 'past-job-5', '.tile-facts')).to.match(/5 с/);
      expect(words(page, 'past-job-7')).to.equal('Срок истёк');
      for (const name of ['play', 'download', 'use'])
        expect(act(page, 'past-job-7', name) === null, name).to.equal(true);
      expect(act(page, 'past-job-6', 'use') === null).to.equal(true);
      expect(act(page, 'past-job-6', 'download')!.getAttribute('href')).to.match(/result\.jpg\?download=1$/);
      await expect(page.element).to.be.accessible();
    }),
  );

  it(
    'plays the clip that is pointed at, muted and one at a time',
    onPage(async (page) => {
      await open(page, [pastJob(page.base, 1), pastJob(page.base, 2)]);
      hover(page, 'past-job-1');
      const first = await until(() => page.find<HTMLVideoElement>('.tile-clip.ready'));
      expect(first.muted).to.equal(true);
      hover(page, 'past-job-2');
      await until(() => cardOf(page, 'past-job-2').querySelector('.tile-clip'));
      expect(page.findAll('.tile-clip')).to.have.length(1);
      hover(page, 'past-job-2', 'pointerleave');
      await until(() => page.find('.tile-clip') === null);
    }),
  );

  // Only Chromium lets a test set media features.
  (navigator.userAgent.includes('Firefox') ? it.skip : it)(
    'plays nothing under reduced motion until it is asked to',
    onPage(async (page) => {
      await emulateMedia({ reducedMotion: 'reduce' });
      try {
        await open(page, [pastJob(page.base, 1)]);
        hover(page, 'past-job-1');
        await pause(300);
        expect(page.find('.tile-clip') === null).to.equal(true);
        act(page, 'past-job-1', 'play')!.click();
        await until(() => page.find('.tile-clip'));
        hover(page, 'past-job-1', 'pointerleave');
        await pause(50);
        expect(page.find('.tile-clip') !== null).to.equal(true);
        act(page, 'past-job-1', 'play')!.click();
        await until(() => page.find('.tile-clip') === null);
      } finally {
        await emulateMedia({ reducedMotion: 'no-preference' });
      }
    }),
  );

  it(
    'plays at the first tap and opens at the second',
    onPage(async (page) => {
      await open(page, [pastJob(page.base, 1)]);
      const tap = () =>
        act(page, 'past-job-1', 'look')!.dispatchEvent(new PointerEvent('click', { pointerType: 'touch' }));
      tap();
      await until(() => page.find('.tile-clip'));
      expect(page.find('dialog[open]') === null).to.equal(true);
      tap();
      await until(() => page.find('dialog[open]'));
    }),
  );

  it(
    'never shows a picture that does not load',
    onPage(async (page) => {
      const lost = pastJob(page.base, 1);
      const other = jobWithout(page, 2, { kind: 'text-to-video' });
      delete other.source;
      const gone = 'data:image/png;base64,none';
      await open(page, [
        { ...lost, video: { ...lost.video!, posterUrl: gone } },
        { ...other, video: { ...lost.video!, url: `${page.base}/nowhere.mp4`, posterUrl: gone } },
      ]);
      await until(() => cardOf(page, 'past-job-1').querySelector('img')?.src.endsWith('source.jpg'));
      await until(() => cardOf(page, 'past-job-2').querySelector('.tile-still > .icon'));
    }),
  );

  it(
    'shows the first frame of a clip that was made from words, and its poster where the clip does not load',
    onPage(async (page) => {
      const { source: _one, ...words } = pastJob(page.base, 1, { kind: 'text-to-video' });
      const { source: _other, ...lost } = pastJob(page.base, 2, { kind: 'text-to-video' });
      await open(page, [words, { ...lost, video: { ...lost.video!, url: `${page.base}/nowhere.mp4` } }]);
      const frame = await until(() => cardOf(page, 'past-job-1').querySelector<HTMLVideoElement>('.tile-still video'));
      await until(() => frame.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA);
      expect([frame.paused, frame.muted, frame.poster]).to.deep.equal([true, true, '']);
      await until(() => cardOf(page, 'past-job-2').querySelector('.tile-still img[src$="poster.jpg"]') !== null);
    }),
  );

  it(
    'deletes after a question, and the focus goes on to the next card',
    onPage(async (page) => {
      await open(
        page,
        [1, 2, 3].map((number) => pastJob(page.base, number)),
      );
      const button = act(page, 'past-job-1', 'delete')!;
      button.focus();
      button.click();
      await until(() => focused(page)?.dataset.act === 'keep');
      focused(page)!.click();
      await until(() => focused(page)?.dataset.act === 'delete');
      focused(page)!.click();
      (await until(() => act(page, 'past-job-1', 'yes'))).click();
      await until(() => page.findAll('[data-job]').length === 2);
      await until(() => focused(page)?.closest('li')?.dataset.job === 'past-job-2');
      expect(await page.seen('DELETE', '/v1/jobs/past-job-1')).to.have.length(1);
    }),
  );

  it(
    'cancels what waits, and gives a clip to the page',
    onPage(async (page) => {
      await open(page, [
        jobWithout(page, 1, { status: 'pending', stage: 'queued', progress: 0, queuePosition: 1 }),
        pastJob(page.base, 2),
      ]);
      act(page, 'past-job-1', 'cancel')!.click();
      await until(() => words(page, 'past-job-1') === 'Отменено');
      act(page, 'past-job-2', 'use')!.click();
      await until(() => page.named('cover-chosen').length === 1);
      expect((page.named('cover-chosen')[0]!.job as Job).id).to.equal('past-job-2');
    }),
  );

  it(
    'shows a job in full: every word, what it cost, what the marketplace asks; Escape goes back',
    onPage(async (page) => {
      const prompt = 'Слово за словом. '.repeat(60).trim();
      const marketplace = {
        name: 'Wildberries',
        checks: [
          { rule: 'minSeconds' as const, passes: true },
          { rule: 'maxBytes' as const, passes: false },
        ],
      };
      await open(page, [pastJob(page.base, 1, { prompt, marketplace }), expired(page, 2)]);
      act(page, 'past-job-1', 'look')!.focus();
      act(page, 'past-job-1', 'look')!.click();
      const dialog = await until(() => page.find<HTMLDialogElement>('dialog[open]'));
      expect(page.text('.bigger-prompt')).to.equal(prompt);
      expect(page.text('dialog .receipt')).to.match(/10 токенов/);
      expect(page.text('.bigger-checks .fails')).to.equal('Размер файла: не выполнено');
      expect(page.find('dialog video') !== null).to.equal(true);
      await expect(page.element).to.be.accessible();
      dialog.requestClose();
      await until(() => !dialog.open);
      expect(focused(page)?.dataset.act).to.equal('look');
      act(page, 'past-job-2', 'look')!.click();
      await until(() => dialog.open);
      expect(page.find('dialog video') === null).to.equal(true);
      expect(page.text('dialog')).to.match(/оно истекло/);
      await page.press('.bigger-head button');
      await until(() => !dialog.open);
    }),
  );

  it(
    'says in the larger view what the toast behind it says',
    onPage(async (page) => {
      await open(page, [jobWithout(page, 1, { status: 'pending', stage: 'queued', progress: 0, queuePosition: 1 })]);
      await page.set({ faults: [{ route: 'POST /v1/jobs/:id/cancel', status: 409, code: 'not_cancellable' }] });
      act(page, 'past-job-1', 'look')!.click();
      await page.press('dialog .row button');
      await until(() => /отменить её нельзя/.test(page.text('dialog [role=alert]')));
      expect(page.text('.toast')).to.contain(page.text('dialog [role=alert]'));
    }),
  );

  it(
    'takes part in what happens to jobs, and shows new ones at the top',
    onPage(async (page) => {
      await open(page, [jobWithout(page, 5, { status: 'processing', stage: 'generating', progress: 10 })]);
      await page.move('past-job-5', { progress: 60 });
      await until(() => words(page, 'past-job-5') === 'В работе 60 %');
      await page.set({ jobs: [jobWithout(page, 1, { status: 'processing', stage: 'generating', progress: 1 })] });
      await page.move('past-job-1', { progress: 2 });
      await until(() => page.find('[data-job]')!.dataset.job === 'past-job-1');
    }),
  );

  it(
    'that could not be read says so and can be asked again',
    onPage(async (page) => {
      await page.set({
        presets: allPresets,
        jobs: [pastJob(page.base, 1)],
        faults: [{ route: 'GET /v1/jobs', status: 500 }],
      });
      await page.open({ modes: 'library' });
      await until(() => page.find('.gallery-fault'));
      await expect(page.element).to.be.accessible();
      await page.press('.gallery-fault button');
      await until(() => page.find('[data-job]'));
      expect(page.find('.gallery-fault') === null).to.equal(true);
    }),
  );
});
