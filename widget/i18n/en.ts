/** English texts, and the shape every other language must fill: a missing key is a compile error. */
import type { Facts } from '../api-error.ts';
import type { TextCode } from './codes.ts';
import { counted } from './plural.ts';

/** A sentence, or one that needs the facts that came with the error. */
export type ErrorText = string | ((facts: Facts) => string);

const tokens = counted('en', { one: 'token', other: 'tokens' });

export const en = {
  title: 'Video cover',
  modes: {
    scenes: 'Scenes',
    'text-to-video': 'Video from words',
    'image-to-video': 'Video from a photo',
    'text-to-image': 'Picture from words',
    'image-to-image': 'Picture from a photo',
    library: 'Library',
  },
  loading: 'Loading…',
  tokens,
  seconds: (count: number) => `${count} s`,
  balance: (count: number) => `Balance: ${tokens(count)}`,
  generate: 'Generate video cover',
  notEnough: (missing: number) => `${tokens(missing)} short`,
  pickFirst: 'Choose a picture first',
  drop: 'Drop a product picture here',
  pick: 'Choose a picture',
  orPaste: 'or paste it with Ctrl+V',
  fileLimits: (formats: string, megabytesMax: number) =>
    `${formats}, up to ${megabytesMax} MB. One picture, sent as it is`,
  promise: (seconds: number, ratio: string) => `A ${seconds}-second clip, ${ratio}, no sound`,
  otherPicture: 'Other picture',
  frame: 'Crop frame',
  frameHelp: 'Arrows move the frame, Shift moves faster, plus and minus change its size, zero puts it back',
  framePlace: (x: number, y: number, width: number, height: number) =>
    `Frame ${width} by ${height} pixels, ${x} from the left, ${y} from the top`,
  zoom: 'Zoom',
  fit: 'How to fit',
  crop: 'Crop',
  pad: 'Fit with margins',
  preview: 'This is what will be sent',
  pixels: (width: number, height: number) => `${width} × ${height} px`,
  frameTooSmall: (width: number, height: number) =>
    `The picture is too small: at least ${width} × ${height} px is needed`,
  presets: 'Video format',
  steps: {
    uploading: 'Uploading picture…',
    creating: 'Creating task…',
    generating: 'Generating video…',
    done: 'Done!',
  },
  stages: {
    queued: 'Waiting in the queue',
    generating: 'Kling is drawing frames',
    saving: 'Saving and checking the clip',
  },
  dontClose: 'Do not close the page until the picture is uploaded',
  mayClose: 'You may close the page: the video will appear in the history',
  queue: (place: number) => (place === 1 ? 'You are next in the queue' : `You are number ${place} in the queue`),
  estimate: (seconds: number) =>
    seconds < 60 ? 'less than a minute left' : `about ${Math.round(seconds / 60)} min left`,
  cancel: 'Cancel',
  unanswered: 'The server has not answered yet. Repeating is safe: tokens are not taken twice.',
  discard: 'Do not repeat',
  newVideo: 'New video',
  tryAgain: 'Try again',
  download: 'Download',
  use: 'Use this video',
  chosen: 'The video is chosen',
  cancelled: 'Cancelled.',
  quoted: 'Price',
  debited: 'Charged',
  refunded: 'Refunded',
  jobId: 'Task',
  copy: 'Copy the task number',
  copied: 'Copied',
  refund: (count: number) => (count > 0 ? `${tokens(count)} returned` : 'Nothing was charged'),
  history: 'History',
  status: {
    pending: 'In the queue',
    processing: 'In progress',
    completed: 'Ready',
    failed: 'Failed',
    cancelled: 'Cancelled',
  },
  play: 'Show',
  remove: 'Delete',
  no: 'Keep',
  close: 'Close',
  failedTitle: 'The video was not made',
  errors: {
    unauthorized: 'Your session is not accepted. Reload the page and sign in again.',
    insufficient_tokens: ({ needed, balance }: Facts) =>
      `Not enough tokens: ${tokens(Number(needed))} needed, you have ${tokens(Number(balance))}. Top up and try again.`,
    origin_not_allowed: 'This is not allowed on this site. Tell the site’s support.',
    not_found: 'This record is gone. Choose the picture again.',
    not_cancellable: 'Work has begun, so it cannot be cancelled any more.',
    upload_too_large: 'The picture is too large. Choose a smaller one.',
    unsupported_media_type:
      'Files of this type are not accepted. Save the picture as JPEG, PNG or WebP and choose it again.',
    invalid_request: 'The server did not accept the request. Reload the page and try again.',
    image_unreadable: 'The file cannot be read as a picture. Choose another one.',
    image_too_small: ({ minSide = 300 }: Facts) =>
      `The picture is too small: its shorter side must be at least ${minSide} px.`,
    image_ratio: 'The picture is too long and narrow. Choose one closer to a square.',
    rate_limited: ({ retryAfter = 60 }: Facts) => `Too many requests. Try again in ${retryAfter} s.`,
    unavailable: 'Something broke on our side. Try again in a minute.',
    text_refused: 'These words may not be ordered here. Change the text; nothing was charged.',
    content_refused: 'The service refused this picture or text. Try another one.',
    provider_failed: 'The video could not be made. Try again or choose another picture.',
    result_rejected: 'The clip came out with a wrong shape or length, so it was not accepted. Try again.',
    network: 'No connection to the server. Check the internet and try again.',
    not_configured: 'kling-video-cover: the page must set token-url or getToken.',
    heic: 'HEIC pictures are not accepted. Save it as JPEG: on an iPhone open Settings → Camera → Formats → Most Compatible.',
    one_picture: 'Choose exactly one picture.',
    recheck_frame: 'Check the frame and press the button again. Nothing was charged.',
  } satisfies Record<TextCode, ErrorText> as Record<TextCode, ErrorText>,
};

/** What a language must have. */
export type Texts = typeof en;

/** For those who load whichever language is asked for. */
export { en as texts };
