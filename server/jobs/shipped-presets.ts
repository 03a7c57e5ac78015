import type { NewPreset } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/** The prompt of a new preset, until its operator writes another. */
export const coverPrompt =
  'Smooth, cinematic product showcase. The camera moves slowly and subtly around the product in soft studio light. ' +
  'The product itself stays exactly as in the picture: same shape, colours, labels and text. Calm background, no people, no new objects.';

export const coverNegativePrompt =
  'changed product, changed logo, changed text, extra objects, people, hands, distortion, morphing, flicker, fast motion, shaking camera, blur, watermark';

const cover = {
  kind: 'image-to-video',
  provider: 'kling',
  model: 'kling-v2-6',
  mode: 'std',
  aspectRatio: '3:4',
  sound: false,
  prompt: coverPrompt,
  negativePrompt: coverNegativePrompt,
  enabled: true,
} as const;

const noRules = { minSeconds: null, maxSeconds: null, maxBytes: null, aspectRatio: null };

const more = <T>(extraTokens: number, ...values: T[]) => values.map((value) => ({ value, extraTokens }));
const openRatios = more(0, '3:4', '9:16', '16:9');

/** What a seller makes freely, with his own words: 1 token, and 1 more for each thing that costs us about as much again. */
const freeVideo = {
  ...cover,
  tokensCost: 1,
  seconds: 5,
  prompt: '{title}',
  negativePrompt: 'distortion, morphing, flicker, watermark, text',
} as const;
const freePicture = {
  ...freeVideo,
  provider: 'kie',
  mode: '',
  seconds: 0,
  aspectRatio: '1:1',
  negativePrompt: '',
  choices: { aspectRatios: openRatios },
} as const;
const klingPicture = { ...freePicture, provider: 'kling', model: 'kling-v3', mode: '1k' } as const;
const longerOrSharper = { seconds: more(1, 10), modes: more(1, 'pro') };
/** Paused at Kie since 2026-06-11 (probes to 2026-08-31), so they begin switched off. */
const sora = {
  ...freeVideo,
  provider: 'kie',
  mode: '',
  seconds: 10,
  sound: true,
  negativePrompt: '',
  enabled: false,
} as const;

/** One for each kind of generation, and the models that the features name. They draw on accounts that a server may not have; then nobody sees them. */
const freePresets: NewPreset[] = [
  {
    ...freePicture,
    presetId: 'text-to-image',
    kind: 'text-to-image',
    model: 'google/nano-banana',
    titles: { ru: 'Картинка по описанию', en: 'Picture from words', vi: 'Ảnh từ mô tả' },
    position: 6,
  },
  {
    ...freePicture,
    presetId: 'image-to-image',
    kind: 'image-to-image',
    model: 'google/nano-banana-edit',
    prompt: '{title}. The product itself stays exactly as in the picture.',
    titles: { ru: 'Новая картинка из фото', en: 'New picture from a photo', vi: 'Ảnh mới từ ảnh gốc' },
    position: 7,
  },
  {
    ...freeVideo,
    presetId: 'text-to-video',
    kind: 'text-to-video',
    aspectRatio: '9:16',
    choices: { aspectRatios: more(0, '16:9', '1:1'), ...longerOrSharper },
    titles: { ru: 'Видео по описанию', en: 'Video from words', vi: 'Video từ mô tả' },
    position: 8,
  },
  {
    ...freeVideo,
    presetId: 'image-to-video',
    kind: 'image-to-video',
    choices: { aspectRatios: more(0, '1:1', '16:9', '9:16'), ...longerOrSharper },
    titles: { ru: 'Видео из фото', en: 'Video from a photo', vi: 'Video từ ảnh' },
    position: 9,
  },
  {
    ...freeVideo,
    presetId: 'image-to-video-3',
    kind: 'image-to-video',
    model: 'kling-v3',
    tokensCost: 2,
    choices: { aspectRatios: more(0, '1:1', '16:9', '9:16'), seconds: more(2, 10), modes: more(1, 'pro') },
    titles: { ru: 'Видео из фото, Kling 3', en: 'Video from a photo, Kling 3', vi: 'Video từ ảnh, Kling 3' },
    position: 10,
  },
  {
    ...klingPicture,
    presetId: 'kling-text-to-image',
    kind: 'text-to-image',
    titles: { ru: 'Картинка по описанию, Kling', en: 'Picture from words, Kling', vi: 'Ảnh từ mô tả, Kling' },
    position: 11,
  },
  {
    ...klingPicture,
    presetId: 'kling-image-to-image',
    kind: 'image-to-image',
    prompt: '{title}. The product itself stays exactly as in the picture.',
    titles: {
      ru: 'Новая картинка из фото, Kling',
      en: 'New picture from a photo, Kling',
      vi: 'Ảnh mới từ ảnh gốc, Kling',
    },
    position: 12,
  },
  {
    ...sora,
    presetId: 'sora-2-text-to-video',
    kind: 'text-to-video',
    model: 'sora-2-text-to-video',
    aspectRatio: '9:16',
    choices: { aspectRatios: more(0, '16:9') },
    titles: { ru: 'Sora 2 по описанию', en: 'Sora 2 from words', vi: 'Sora 2 từ mô tả' },
    position: 13,
  },
  {
    ...sora,
    presetId: 'sora-2-image-to-video',
    kind: 'image-to-video',
    model: 'sora-2-image-to-video',
    aspectRatio: '9:16',
    choices: { aspectRatios: more(0, '16:9') },
    titles: { ru: 'Sora 2 из фото', en: 'Sora 2 from a photo', vi: 'Sora 2 từ ảnh' },
    position: 14,
  },
];

/**
 * The presets a new server starts with; from then on they are the operator's. What a marketplace asks stands in its
 * rules with the source; what no source says is null. Ozon's covers last 8 seconds at least and Kling 2.6 makes 5 or 10,
 * so its row makes 10.
 */
export const shippedPresets: NewPreset[] = [
  {
    ...cover,
    presetId: 'video-cover',
    seconds: 5,
    tokensCost: 10,
    titles: { ru: 'Видеообложка, 5 секунд', en: 'Video cover, 5 seconds', vi: 'Video bìa, 5 giây' },
    position: 1,
  },
  {
    ...cover,
    presetId: 'video-cover-10s',
    seconds: 10,
    tokensCost: 20,
    titles: { ru: 'Видеообложка, 10 секунд', en: 'Video cover, 10 seconds', vi: 'Video bìa, 10 giây' },
    position: 2,
  },
  {
    ...cover,
    presetId: 'wildberries',
    seconds: 5,
    tokensCost: 10,
    titles: { ru: 'Обложка для Wildberries', en: 'Cover for Wildberries', vi: 'Video bìa cho Wildberries' },
    rules: {
      ...noRules,
      marketplace: 'Wildberries',
      maxBytes: 50_000_000,
      containers: ['mp4', 'mov'],
      source: 'dev.wildberries.ru, POST /content/v3/media/file: one video per card. Read 2026-11-20',
    },
    position: 3,
  },
  {
    ...cover,
    presetId: 'ozon',
    seconds: 10,
    tokensCost: 20,
    titles: { ru: 'Видеообложка для Ozon', en: 'Video cover for Ozon', vi: 'Video bìa cho Ozon' },
    rules: {
      ...noRules,
      marketplace: 'Ozon',
      minSeconds: 8,
      maxSeconds: 30,
      maxBytes: 20_000_000,
      containers: ['mp4', 'mov'],
      source: 'Ozon Seller API, description of attribute 21845 (complex 100002). Read 2026-11-20',
    },
    position: 4,
  },
  {
    ...cover,
    presetId: 'own-shop',
    seconds: 5,
    tokensCost: 10,
    titles: { ru: 'Обложка для своего магазина', en: 'Cover for your own shop', vi: 'Video bìa cho cửa hàng riêng' },
    rules: {
      ...noRules,
      marketplace: 'Own shop',
      containers: ['mp4'],
      source:
        'developer.mozilla.org, supported media formats: MP4 plays in all major browsers; nobody asks a length or size. Read 2026-11-20',
    },
    position: 5,
  },
  ...freePresets,
];

/**
 * Adds what is missing of the shipped presets. On a server that has presets already the new ones begin switched off:
 * nobody is to sell what its operator has not seen and priced.
 */
export async function shipPresets(store: Pick<Store, 'presets'>, now: number): Promise<void> {
  const isNew = (await store.presets.list()).length === 0;
  const presets = isNew ? shippedPresets : shippedPresets.map((preset) => ({ ...preset, enabled: false }));
  await store.presets.addMissing(presets, now);
}
