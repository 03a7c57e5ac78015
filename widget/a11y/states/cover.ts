/** The states of the mode `cover`: from the first request to the clip, and what stands around it. */
import { finished, pastJob, pngFile, refused, until } from '../../testing/cover-page.ts';
import { allPresets, openPreset, videoPreset } from '../../testing/presets.ts';
import { foreverMs, jobsOfEachFate, type State } from './state.ts';

const longer = openPreset('image-to-video', { id: 'longer', title: 'Длинный ролик', aspectRatio: '3:4', seconds: 10 });

/** All tabs there are. */
export const allModes = 'cover scenes text-to-video image-to-video text-to-image image-to-image library';

/** The seller drags a picture over the widget. */
function dragOver(panel: Element): void {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(['x'], 'mug.png', { type: 'image/png' }));
  panel.dispatchEvent(new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true }));
}

export const coverStates: readonly State[] = [
  {
    name: 'loading',
    reach: async (page, open) => {
      await page.set({ faults: [{ route: 'GET /v1/session', holdMs: foreverMs }] });
      void open().catch(() => undefined);
      await until(() => page.element?.shadowRoot?.querySelector('.skeleton'));
    },
  },
  {
    name: 'loading-with-places',
    reach: async (page, open) => {
      localStorage.setItem(`kling-video-cover:cards:${page.base}`, '3');
      await page.set({ faults: [{ route: 'GET /v1/session', holdMs: foreverMs }] });
      void open().catch(() => undefined);
      await until(() => page.element?.shadowRoot?.querySelector('.card'));
    },
  },
  {
    name: 'no-token',
    reach: (page, open) => open({ 'token-url': `${page.base}/nowhere` }),
  },
  {
    name: 'session-refused',
    reach: async (page, open) => {
      await page.set({ faults: [{ route: 'GET /v1/session', status: 403, code: 'origin_not_allowed' }] });
      await open();
    },
  },
  { name: 'empty', reach: (_page, open) => open() },
  {
    name: 'too-few-tokens',
    reach: async (page, open) => {
      await page.set({ balance: 4 });
      await open();
    },
  },
  {
    name: 'dragging',
    reach: async (page, open) => {
      await open();
      dragOver(page.find('.panel')!);
      await until(() => page.find('.over'));
    },
  },
  {
    name: 'picture-refused',
    reach: async (page, open) => {
      await open();
      page.choose(await pngFile(100, 100));
      await until(() => page.find('.toast.error'));
    },
  },
  {
    name: 'framing',
    reach: async (page, open) => {
      await open();
      await page.choosePicture(1600, 1200);
      await until(() => page.find('.frame'));
    },
  },
  {
    name: 'framing-padded',
    reach: async (page, open) => {
      await open();
      await page.choosePicture(1600, 1200);
      await page.press('.segmented label:last-child input');
    },
  },
  {
    name: 'framing-too-small',
    reach: async (page, open) => {
      await open();
      await page.choosePicture(310, 310);
    },
  },
  {
    name: 'framing-with-presets',
    reach: async (page, open) => {
      await page.set({ presets: [videoPreset, longer] });
      await open({ presets: 'cover-3x4 longer' });
      await page.choosePicture();
      await page.press('.preset:last-child input');
    },
  },
  {
    name: 'uploading',
    reach: async (page, open) => {
      await page.set({ faults: [{ route: 'POST /v1/uploads', holdMs: foreverMs }] });
      await open();
      await page.choosePicture();
      await page.press('[part=generate]');
      await until(() => page.find('.warning'));
    },
  },
  {
    name: 'upload-failed',
    reach: async (page, open) => {
      const faults = Array.from({ length: 2 }, () => ({
        route: 'POST /v1/uploads',
        status: 422,
        code: 'image_unreadable',
      }));
      await page.set({ faults });
      await open();
      await page.choosePicture();
      await page.press('[part=generate]');
      await until(() => page.find('.toast.error'));
    },
  },
  {
    name: 'ordering',
    reach: async (page, open) => {
      await page.set({ faults: [{ route: 'POST /v1/jobs', holdMs: foreverMs }] });
      await open();
      await page.choosePicture();
      await page.press('[part=generate]');
      await until(() => page.find('.progress-panel') && !page.find('.warning'));
    },
  },
  {
    name: 'unanswered',
    reach: async (page, open) => {
      const fault = { route: 'POST /v1/jobs', status: 503, code: 'unavailable' };
      await page.set({ faults: Array.from({ length: 40 }, () => fault) });
      await open();
      await page.choosePicture();
      await page.press('[part=generate]');
      const isGivenUp = () => page.find('.progress-panel .primary');
      // A network that is back ends each pause between the attempts.
      await until(() => isGivenUp() ?? (window.dispatchEvent(new Event('online')) && null));
    },
  },
  {
    name: 'queued',
    reach: async (page, open) => {
      await open();
      await page.order();
      await until(() => page.find('.detail'));
    },
  },
  {
    name: 'generating',
    reach: async (page, open) => {
      await open();
      const id = await page.order();
      await page.move(id, { status: 'processing', stage: 'generating', progress: 40, estimate: 90 });
      await until(() => page.text('.percent') === '40 %');
    },
  },
  {
    name: 'saving',
    reach: async (page, open) => {
      await open();
      const id = await page.order();
      await page.move(id, { status: 'processing', stage: 'saving', progress: 92 });
      await until(() => page.text('.percent') === '92 %');
    },
  },
  {
    name: 'done',
    reach: async (page, open) => {
      await open();
      const id = await page.order();
      await page.move(id, finished(page.base));
      await until(() => page.find('[part=player]'));
    },
  },
  {
    name: 'chosen',
    reach: async (page, open) => {
      await page.set({ jobs: [pastJob(page.base, 1)] });
      await open();
      await page.press('.thumb');
      await page.press('.done .primary');
      await until(() => page.find('.toast'));
    },
  },
  {
    name: 'failed-with-refund',
    reach: async (page, open) => {
      await open();
      const id = await page.order();
      await page.move(id, refused);
      await until(() => page.find('.failed'));
    },
  },
  {
    name: 'cancelled',
    reach: async (page, open) => {
      await open();
      await page.order();
      await page.press('.progress-panel .plain');
      await until(() => page.find('.failed'));
    },
  },
  {
    name: 'history',
    reach: async (page, open) => {
      const jobs = jobsOfEachFate(page).filter(({ kind }) => kind === 'image-to-video');
      await page.set({ jobs });
      await open();
      await until(() => page.findAll('.card').length === jobs.length);
      await page.press('.progress-panel .quiet');
    },
  },
  {
    name: 'history-delete-question',
    reach: async (page, open) => {
      await page.set({ jobs: [pastJob(page.base, 1), pastJob(page.base, 2)] });
      await open();
      await page.press('.tool.end');
      await until(() => page.find('.question'));
    },
  },
  {
    name: 'tabs',
    reach: async (page, open) => {
      await page.set({ presets: allPresets });
      await open({ modes: allModes });
    },
  },
];
