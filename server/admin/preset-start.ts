import { coverNegativePrompt, coverPrompt } from '../jobs/shipped-presets.ts';
import type { PresetRow } from '../store/schema.ts';
import type { Form } from './form.ts';

type Kind = PresetRow['kind'];

const noPeople = 'Calm background, no people, no other objects, no text.';

/** The prompt that a new preset begins with, until its operator writes another. */
export const startingPrompts: Record<Kind, string> = {
  'image-to-video': coverPrompt,
  'text-to-video':
    'Smooth, cinematic product video of {title}. {description} The camera moves slowly around the product in soft studio ' +
    `light. ${noPeople}`,
  'text-to-image': `Product photo of {title}. {description} Soft studio light, sharp focus, true colours. ${noPeople}`,
  'image-to-image':
    'The same product as in the picture, its shape, colours, labels and text unchanged, in a new product photo: soft studio ' +
    `light, sharp focus. ${noPeople}`,
};

/** What should not be there, for models that can be told so. */
export const startingNegativePrompts: Record<Kind, string> = {
  'image-to-video': coverNegativePrompt,
  'text-to-video': coverNegativePrompt,
  'text-to-image': 'people, hands, extra objects, distortion, blur, watermark, text',
  'image-to-image': '',
};

/** What stands in the form of a new preset before anybody types. */
export const startingForm = (kind: Kind): Form => ({
  aspectRatio: kind === 'text-to-video' ? '9:16' : '3:4',
  seconds: '5',
  price: '1',
});
