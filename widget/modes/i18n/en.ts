/** English texts of the modes, and the shape every other language must fill: a missing key is a compile error. */
import { counted } from '../../i18n/plural.ts';

const letters = counted('en', { one: 'character', other: 'characters' });

export const modesEn = {
  soon: 'This part is being prepared.',
  kinds: {
    'text-to-video': {
      prompt: 'Describe the video',
      hint: 'What is seen, how it moves, what the light is like',
      create: 'Create video',
      empty: 'Your videos will appear here',
    },
    'image-to-video': {
      prompt: 'Describe the movement',
      hint: 'For example: the camera circles the cup slowly',
      create: 'Create video',
      empty: 'Your videos will appear here',
    },
    'text-to-image': {
      prompt: 'Describe the picture',
      hint: 'What is seen, where it stands, what the light is like',
      create: 'Create picture',
      empty: 'Your pictures will appear here',
    },
    'image-to-image': {
      prompt: 'Describe the change',
      hint: 'For example: put the cup on a wooden table by a window',
      create: 'Create picture',
      empty: 'Your pictures will appear here',
    },
  },
  emptyHint: 'Fill in the form below and press the button.',
  optional: 'may be left empty',
  lettersLeft: (count: number) => `${letters(count)} left`,
  lettersOver: (count: number) => `${letters(count)} too many`,
  addPicture: 'Add a photo',
  pictureName: 'Reference photo',
  pictureSent: 'This part of the photo will be used',
  removePicture: 'Remove the photo',
  preset: 'Preset',
  shape: 'Shape',
  shapes: { portrait: 'Portrait', landscape: 'Landscape', square: 'Square' },
  seconds: 'Length',
  quality: 'Quality',
  style: 'Style',
  noStyle: 'No style',
  settings: 'Settings',
  noPreset: 'The site has not set this up yet. Ask its support.',
  writeFirst: 'Write a few words first',
  addPictureFirst: 'Add a photo first',
  pictureTooSmall: (width: number, height: number) =>
    `The photo is too small for this shape: at least ${width} × ${height} px is needed`,
  sending: 'Sending the order…',
  uploading: (percent: number) => `Uploading the photo: ${percent} %`,
  ordered: 'The order is taken',
  list: 'What was made',
  loadMore: 'Show more',
  listFailed: 'The list could not be read.',
  expired: 'The link has ended',
  errors: {
    over_budget: 'The order costs more than the limit you set. Nothing was charged.',
    not_shareable: 'Only a finished clip or picture can be shared.',
  },
};

/** What a language must have. */
export type ModeTexts = typeof modesEn;
