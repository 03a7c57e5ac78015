import { expect } from '@open-wc/testing';
import type { Job } from '../../../server/contract.ts';
import { finishedPicture, onPage, pastJob, until, type CoverPage } from '../../testing/cover-page.ts';
import { allPresets } from '../../testing/presets.ts';

const shown = (page: CoverPage) => page.findAll('[data-job]').map((item) => item.dataset.job);
const chip = (page: CoverPage, words: string) =>
  page
    .findAll('.library .chip')
    .find((one) => one.textContent!.includes(words))!
    .querySelector('input')!;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const search = (page: CoverPage, words: string) => {
  const field = page.find<HTMLInputElement>('[type=search]')!;
  field.value = words;
  field.dispatchEvent(new Event('input', { bubbles: true }));
};

function jobsOf(page: CoverPage): Job[] {
  const { video: _video, ...drawn } = pastJob(page.base, 3, { kind: 'text-to-image', prompt: 'Красный зонт' });
  return [
    pastJob(page.base, 1, { prompt: 'Синяя чашка' }),
    pastJob(page.base, 2, { kind: 'text-to-video', prompt: 'Красные кеды', groupId: 'g-1' }),
    { ...drawn, ...finishedPicture(page.base) },
    pastJob(page.base, 4, { kind: 'text-to-video', prompt: 'Синее пальто' }),
  ];
}

/** An order of a product, as the scenes make it; answers the job's id. */
async function orderFor(page: CoverPage, groupId: string, groupName: string): Promise<string> {
  const { token } = (await (await fetch(`${page.base}/token`)).json()) as { token: string };
  const answer = await fetch(`${page.base}/v1/jobs`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    },
    body: JSON.stringify({ presetId: 'open-text-to-video', prompt: groupName, groupId, groupName }),
  });
  return ((await answer.json()) as { job: Job }).job.id;
}

async function open(page: CoverPage, jobs: Job[]): Promise<void> {
  await page.set({ presets: allPresets, jobs });
  await page.open({ modes: 'library' });
  await until(() => page.find('[data-job], .empty'));
}

describe('library', () => {
  it(
    'has all kinds, the newest first',
    onPage(async (page) => {
      await open(page, jobsOf(page));
      expect(shown(page)).to.deep.equal(['past-job-1', 'past-job-2', 'past-job-3', 'past-job-4']);
      for (const lang of ['en', 'vi']) {
        page.element.lang = lang;
        await until(() => page.find('section')!.lang === lang && page.text('h2') !== 'Библиотека');
        await expect(page.element).to.be.accessible();
      }
    }),
  );

  it(
    'with nothing in it says what will be here, and offers nothing to search',
    onPage(async (page) => {
      await open(page, []);
      expect(page.text('.empty .lead')).to.equal('Здесь пока пусто');
      expect(page.find('[type=search]') === null).to.equal(true);
      await expect(page.element).to.be.accessible();
    }),
  );

  it(
    'shows one kind, and all again',
    onPage(async (page) => {
      await open(page, jobsOf(page));
      chip(page, 'Картинка по описанию').click();
      await until(() => shown(page).join() === 'past-job-3');
      chip(page, 'Всё').click();
      await until(() => shown(page).length === 4);
    }),
  );

  it(
    'shows one product, and hears of a new one',
    onPage(async (page) => {
      await page.set({ presets: allPresets });
      await orderFor(page, 'g-1', 'Чашка');
      await open(page, [pastJob(page.base, 1)]);
      await until(() => page.find('.library-groups'));
      chip(page, 'Чашка').click();
      await until(() => shown(page).length === 1 && page.text('[data-job] .tile-prompt') === 'Чашка');
      const id = await orderFor(page, 'g-2', 'Зонт');
      await page.move(id, { progress: 5 });
      await until(() => page.text('.library-groups').includes('Зонт'));
      expect(shown(page)).to.have.length(1);
    }),
  );

  it(
    'searches once the seller has stopped typing, together with the kind',
    onPage(async (page) => {
      await open(page, jobsOf(page));
      const before = (await page.seen('GET', '/v1/jobs')).length;
      for (const words of ['к', 'кра', 'красн', 'красн ']) {
        search(page, words);
        await pause(30);
      }
      await until(() => shown(page).join() === 'past-job-2,past-job-3');
      expect((await page.seen('GET', '/v1/jobs')).length).to.equal(before + 1);
      expect(page.find<HTMLInputElement>('[type=search]')!.value).to.equal('красн ');
      chip(page, 'Видео по описанию').click();
      await until(() => shown(page).join() === 'past-job-2');
    }),
  );

  it(
    'says when nothing was found, and goes back to everything',
    onPage(async (page) => {
      await open(page, jobsOf(page));
      search(page, 'зелёный');
      await until(() => page.text('.empty .lead') === 'Ничего не нашлось');
      await expect(page.element).to.be.accessible();
      await page.press('.empty button');
      await until(() => shown(page).length === 4);
      expect(page.find<HTMLInputElement>('[type=search]')!.value).to.equal('');
    }),
  );

  it(
    'shows what was found last, also when an earlier answer comes later',
    onPage(async (page) => {
      await open(page, jobsOf(page));
      await page.set({ faults: [{ route: 'GET /v1/jobs', holdMs: 500 }] });
      chip(page, 'Картинка по описанию').click();
      await pause(100);
      chip(page, 'Видео по описанию').click();
      await until(() => shown(page).join() === 'past-job-2,past-job-4');
      await pause(600);
      expect(shown(page)).to.deep.equal(['past-job-2', 'past-job-4']);
    }),
  );
});
