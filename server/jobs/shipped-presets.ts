import type { NewPreset } from '../store/schema.ts';

const coverPrompt =
  'Smooth, cinematic product showcase. The camera moves slowly and subtly around the product in soft studio light. ' +
  'The product itself stays exactly as in the picture: same shape, colours, labels and text. Calm background, no people, no new objects.';

const coverNegativePrompt =
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

/**
 * The presets a new server starts with; from then on they are the operator's. Ozon's covers must last 8 to 30 seconds
 * (Ozon attribute 21845, read 2026-11-20), and Kling 2.6 makes 5 or 10.
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
];
