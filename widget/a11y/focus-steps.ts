/** What a seller does by keyboard, and where the focus must be afterwards. */
import type { Job } from '../../server/contract.ts';
import { finished, pngFile, refused, until, type CoverPage } from '../testing/cover-page.ts';

/** One press of a key in one state. */
export interface Step {
  what: string;
  /** The state it begins in. */
  from: string;
  /** What has the focus then. */
  at: string;
  /** The key that is pressed; left out: Enter. */
  key?: string;
  /** What happens besides, or instead when there is no key. */
  and?: (page: CoverPage, press: (key: string) => Promise<void>) => Promise<unknown>;
  /** What is there once it has happened. */
  shows: string;
  /** What has the focus now. */
  to: string;
}

const moveOwn = (change: (page: CoverPage) => Partial<Job>) => async (page: CoverPage) =>
  page.move((page.named('cover-created')[0]!.job as Job).id, change(page));
/** No key is pressed. */
export const none = '';

export const steps: readonly Step[] = [
  {
    what: 'a picture is picked',
    from: 'empty',
    at: '.dropzone button',
    key: none,
    and: async (page) => page.choose(await pngFile(900, 1200)),
    shows: '.stage',
    to: '.frame',
  },
  { what: 'a cover is ordered', from: 'framing', at: '[part=generate]', shows: '.detail', to: '.panel' },
  { what: 'an upload is cancelled', from: 'uploading', at: '.progress-panel .quiet', shows: '.frame', to: '.frame' },
  {
    what: 'an order is sent again',
    from: 'unanswered',
    at: '.progress-panel .primary',
    shows: '.progress-panel:not(:has(.primary))',
    to: '.panel',
  },
  { what: 'an order is given up', from: 'unanswered', at: '.progress-panel .plain', shows: '.frame', to: '.frame' },
  { what: 'a job is cancelled', from: 'queued', at: '.progress-panel .plain', shows: '.failed', to: '.panel' },
  { what: 'another video is begun', from: 'generating', at: '.progress-panel .quiet', shows: '.frame', to: '.frame' },
  {
    what: 'a job is done',
    from: 'generating',
    at: '.progress-panel .quiet',
    key: none,
    and: moveOwn((page) => finished(page.base)),
    shows: '.done',
    to: '.panel',
  },
  {
    what: 'a job fails',
    from: 'generating',
    at: '.progress-panel .quiet',
    key: none,
    and: moveOwn(() => refused),
    shows: '.failed',
    to: '.panel',
  },
  {
    what: 'a failed one is tried again',
    from: 'failed-with-refund',
    at: '.failed .primary',
    shows: '.frame',
    to: '.frame',
  },
  {
    what: 'a new one follows a done one',
    from: 'done',
    at: '.done .plain',
    shows: '.dropzone',
    to: '.dropzone button',
  },
  { what: 'the start is tried again', from: 'session-refused', at: '.broken button', shows: '.dropzone', to: '.panel' },
  {
    what: 'a message is closed',
    from: 'picture-refused',
    at: '.toast .tool',
    shows: '.toast-place:not(:has(.toast))',
    to: '.dropzone button',
  },
  { what: 'deleting is asked about', from: 'history', at: '.tool.end', shows: '.question', to: '.question .keep' },
  { what: 'a cover is kept', from: 'history-delete-question', at: '.keep', shows: '.tools', to: '.thumb' },
  {
    what: 'a cover is deleted',
    from: 'history-delete-question',
    at: '.question .danger',
    shows: '.card:only-child',
    to: '.thumb',
  },
  {
    what: 'another tab is chosen',
    from: 'tabs',
    at: '#tab-cover',
    key: 'ArrowRight',
    shows: '.product-form',
    to: '#tab-scenes',
  },
  {
    what: 'a video of words is ordered',
    from: 'words-options',
    at: '[part=generate]',
    shows: '.tile[data-job]',
    to: '.gallery-top',
  },
  {
    what: 'an order of words is refused',
    from: 'words-refused',
    at: '[part=generate]',
    shows: '.form-fault, .tile[data-job]',
    to: '.gallery-top',
  },
  {
    what: 'a photo is taken away',
    from: 'photo-framing',
    at: '.remove-tool',
    shows: 'button.picture-slot',
    to: '.kind-form textarea',
  },
  {
    what: 'photos are uploaded',
    from: 'batch-photos',
    at: '[part=generate]',
    shows: '.batch-limit',
    to: '.kind-form textarea',
  },
  {
    what: 'a photo of many is taken away',
    from: 'batch-photos',
    at: '.batch-photo:last-child .tool',
    shows: '.batch-photo:nth-child(2):last-child',
    to: '.batch-photo:last-child .tool',
  },
  {
    what: 'an upload of many is cancelled',
    from: 'batch-uploading',
    at: '.batch-line .button',
    shows: '.buy-row',
    to: '.kind-form textarea',
  },
  {
    what: 'many are ordered',
    from: 'batch-priced',
    at: '[part=generate]',
    shows: '.batch-line .batch-title',
    to: '.batch-title',
  },
  {
    what: 'an order of many is closed',
    from: 'batch-running',
    at: '.batch-line .button',
    shows: 'button.picture-slot',
    to: '.kind-form textarea',
  },
  {
    what: 'scenes are thought of',
    from: 'scenes-cards',
    at: '.product-form > .button',
    shows: '.scene',
    to: '.product-form > .button',
  },
  {
    what: 'scenes are filmed',
    from: 'scenes-cards',
    at: '.scene-buy .button',
    shows: '.scenes:not(:has(.scene-buy))',
    to: '.product-head h3',
  },
  {
    what: 'a scene is filmed again',
    from: 'scenes-finished',
    at: '.scene .again',
    shows: '.scene:first-of-type progress',
    to: '.product-head h3',
  },
  {
    what: 'a clip of a scene is deleted',
    from: 'scenes-delete-question',
    at: '.scene .danger',
    shows: '.scene:nth-of-type(2) .scene-choice',
    to: '.product-head h3',
  },
  {
    what: 'a new product is begun',
    from: 'scenes-finished',
    at: '.product-head .button',
    shows: '.product-form',
    to: '.product-form input',
  },
  {
    what: 'all is shown again',
    from: 'library-nothing-found',
    at: '.empty .button',
    shows: '.tile[data-job]',
    to: '.search input',
  },
  {
    what: 'the list is read again',
    from: 'library-unread',
    at: '.gallery-fault .button',
    shows: '.empty',
    to: '.panel',
  },
  {
    what: 'deleting a card is asked about',
    from: 'library-full',
    at: '.tile [data-act=delete]',
    shows: '.question',
    to: '.question .keep',
  },
  {
    what: 'a card is kept',
    from: 'library-delete-question',
    at: '.question .keep',
    shows: '.tile [data-act=delete]',
    to: '.tile [data-act=delete]',
  },
  {
    what: 'a card is deleted',
    from: 'library-delete-question',
    at: '.question .danger',
    shows: '.tile[data-job=past-job-2]:first-child',
    to: '[data-job=past-job-2] .tile-look',
  },
  { what: 'a job is opened', from: 'library-full', at: '.tile-look', shows: 'dialog[open]', to: '#bigger-title' },
  {
    what: 'a job is closed',
    from: 'library-full',
    at: '.tile-look',
    and: async (page, press) => (await until(() => page.find('dialog[open] video')), press('Escape')),
    shows: 'dialog:not([open])',
    to: '.tile-look',
  },
  {
    what: 'a job is deleted in the larger view',
    from: 'library-full',
    at: '.tile-look',
    and: async (page) => (await page.press('dialog [data-act=delete]'), page.press('dialog .danger')),
    shows: '[data-job=past-job-2]:first-child',
    to: '[data-job=past-job-2] .tile-look',
  },
  {
    what: 'the only job is deleted in the larger view',
    from: 'bigger-delete-question',
    at: 'dialog .danger',
    shows: '.empty',
    to: '.panel',
  },
  {
    what: 'a clip is used from the larger view',
    from: 'library-full',
    at: '.tile-look',
    and: async (page) => page.press('dialog .primary'),
    shows: '.toast',
    to: '.tile-look',
  },
  {
    what: 'sharing is opened',
    from: 'bigger-clip',
    at: 'dialog [data-act=share]',
    shows: '.share input',
    to: '.share h4',
  },
  {
    what: 'sharing is folded away',
    from: 'share',
    at: 'dialog [data-act=share]',
    shows: '.bigger-text > .receipt',
    to: 'dialog [data-act=share]',
  },
  { what: 'a link is ended', from: 'share', at: '.share-end', shows: '.share .keep', to: '.share .keep' },
  {
    what: 'a variant is ordered',
    from: 'variants',
    at: '.variant-form .primary',
    shows: '[data-version]:nth-of-type(6)',
    to: '.variant-form .primary',
  },
  {
    what: 'a variant is deleted',
    from: 'variants-delete-question',
    at: '.version .danger',
    shows: '[data-version]:nth-of-type(4):last-child',
    to: '.variant-form textarea',
  },
];
