import type { NewPreset } from '../store/schema.ts';

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
    titles: { ru: 'Видеообложка, 5 секунд', en: 'Video cover, 5 seconds', vi: 'Bìa video, 5 giây' },
    position: 1,
  },
  {
    ...cover,
    presetId: 'video-cover-10s',
    seconds: 10,
    tokensCost: 20,
    titles: { ru: 'Видеообложка, 10 секунд', en: 'Video cover, 10 seconds', vi: 'Bìa video, 10 giây' },
    position: 2,
  },
  {
    ...cover,
    presetId: 'wildberries',
    seconds: 5,
    tokensCost: 10,
    titles: { ru: 'Обложка для Wildberries', en: 'Cover for Wildberries', vi: 'Bìa cho Wildberries' },
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
    titles: { ru: 'Видеообложка для Ozon', en: 'Video cover for Ozon', vi: 'Bìa video cho Ozon' },
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
    titles: { ru: 'Обложка для своего магазина', en: 'Cover for your own shop', vi: 'Bìa cho cửa hàng riêng' },
    rules: {
      ...noRules,
      marketplace: 'Own shop',
      containers: ['mp4'],
      source:
        'developer.mozilla.org, supported media formats: MP4 plays in all major browsers; nobody asks a length or size. Read 2026-11-20',
    },
    position: 5,
  },
];
