import { expect } from '@open-wc/testing';
import type { Job } from '../../server/contract.ts';
import { finished, onPage, pngFile, refused, until, type CoverPage } from '../testing/cover-page.ts';
import { ask, press } from './chrome-testing.ts';
import { ScreenReader } from './reader-testing.ts';

/** The upload is put off, again and again, until the order waits for it. */
const putOff = Array.from({ length: 40 }, () => ({ route: 'POST /v1/uploads', status: 503, code: 'unavailable' }));

const ownId = (page: CoverPage) => (page.named('cover-created')[0]!.job as Job).id;

/** One line of the script: what happens, and what is heard then. */
type Line = readonly [happens: string, act: () => Promise<unknown>, heard: string[]];

async function play(reader: ScreenReader, script: readonly Line[]): Promise<void> {
  for (const [happens, act, heard] of script) {
    await act();
    expect(await reader.heard(), happens).to.deep.equal(heard);
  }
}

/** From the first Tab to the order, which waits for the upload. */
const toTheOrder = (page: CoverPage): readonly Line[] => [
  ['Tab', () => press('Tab'), ['button "Выбрать изображение"']],
  [
    'a photo is picked',
    async () => {
      page.choose(await pngFile(1600, 1200));
      await until(() => page.find('.frame'));
    },
    ['application "Рамка кадра"'],
  ],
  [
    'the frame is moved to the left',
    () => press('ArrowLeft', { shift: true }),
    ['says: Рамка 900 на 1200 пикселей, слева 190, сверху 0'],
  ],
  ['Tab', () => press('Tab'), ['radio "Кадрировать" checked']],
  ['Tab', () => press('Tab'), ['button "Другое фото"']],
  ['Tab', () => press('Tab'), ['slider "Масштаб"']],
  ['Tab', () => press('Tab'), ['button "Сгенерировать видеообложку 10 токенов"']],
  [
    'Enter orders; the button goes away',
    async () => {
      await press('Enter');
      await until(() => page.find('.warning'));
      await page.set({ faults: [] });
      window.dispatchEvent(new Event('online'));
      await until(() => page.find('.detail'));
    },
    [
      'region "Видеообложка"',
      'says: Загрузка изображения…',
      'says: Создание задачи…',
      'says: Вы 3-й в очереди · около 2 мин',
    ],
  ],
];

const percent =
  (page: CoverPage, progress: number, change: Partial<Job> = {}) =>
  async () => {
    await page.move(ownId(page), { status: 'processing', stage: 'generating', progress, ...change });
    await until(() => page.text('.percent') === `${progress} %`);
  };

describe('with a screen reader', () => {
  beforeEach(async () => {
    await ask('Emulation.setFocusEmulationEnabled', { enabled: true });
  });

  it(
    'from an empty widget to a clip that plays: each stage is said once, by one region',
    onPage(async (page) => {
      await page.set({ faults: putOff });
      await page.open({ history: '0' });
      await play(new ScreenReader(page), [
        ...toTheOrder(page),
        [
          'the queue moves',
          async () => {
            await page.move(ownId(page), { queuePosition: 2 });
            await until(() => page.text('.detail').startsWith('Вы 2-й'));
          },
          [],
        ],
        ['Kling begins', percent(page, 12), ['says: Kling рисует кадры · около 2 мин']],
        ['a quarter is done', percent(page, 25), []],
        ['a half is done', percent(page, 50, { estimate: 60 }), []],
        ['nearly all is done', percent(page, 88, { estimate: 15 }), []],
        [
          'the clip is fetched',
          percent(page, 95, { stage: 'saving', estimate: 5 }),
          ['says: Сохраняем и проверяем ролик · меньше минуты'],
        ],
        [
          'the clip is there, and plays without sound',
          async () => {
            await page.move(ownId(page), finished(page.base));
            await until(() => (page.find<HTMLVideoElement>('[part=player]')?.currentTime ?? 0) > 0);
          },
          ['says: Готово!'],
        ],
        ['Tab', () => press('Tab'), ['Video "Видеообложка"']],
        [
          'the space bar stops it',
          async () => {
            await press(' ');
            await until(() => page.find<HTMLVideoElement>('[part=player]')!.paused);
          },
          [],
        ],
        [
          'it is chosen',
          async () => {
            page.find('.done .primary')!.focus();
            await press('Enter');
            await until(() => page.find('.toast'));
          },
          ['button "Использовать это видео"', 'says: Видео выбрано'],
        ],
      ]);
    }),
  );

  it(
    'to a job that fails and is tried again: the reason and the refund are heard without looking for them',
    onPage(async (page) => {
      await page.set({ faults: putOff });
      await page.open({ history: '0' });
      await play(new ScreenReader(page), [
        ...toTheOrder(page),
        ['Kling begins', percent(page, 12), ['says: Kling рисует кадры · около 2 мин']],
        [
          'Kling refuses',
          async () => {
            await page.move(ownId(page), refused);
            await until(() => page.find('.failed'));
          },
          ['alerts: Сервис отклонил это изображение или текст. Попробуйте другое. 10 токенов возвращены'],
        ],
        ['Tab', () => press('Tab'), ['button "Попробовать ещё раз"']],
        [
          'Enter shows the frame again',
          async () => {
            await press('Enter');
            await until(() => page.find('.frame'));
          },
          ['application "Рамка кадра"'],
        ],
        [
          'Escape closes the message, and the focus stays',
          async () => {
            await press('Escape');
            await until(() => !page.find('.toast'));
          },
          [],
        ],
      ]);
    }),
  );
});
