/**
 * The public face of `<kling-video-cover>`: what a host page may set, hear and style. Types, editor data and the custom
 * elements manifest are made from this table (.tools/face/), and a test holds it against the element itself. It is no
 * part of the bundle.
 */
import type { CoverEventName } from './events.ts';

/** A sentence or two in Markdown, for a developer who embeds the widget. */
interface Described {
  text: string;
}

/** A property of the element, and its attribute when it has one. */
export interface FaceProperty extends Described {
  /** Left out: only a property. */
  attribute?: string;
  /** In TypeScript, as the element declares it. */
  type: string;
  /** In words or as a value. */
  default?: string;
  /** The words that mean something. */
  values?: readonly string[];
}

/** A method of the element or of its class. */
export interface FaceMethod extends Described {
  parameters: { name: string; /** In TypeScript. */ type: string }[];
  returns: string;
}

/** The tag, and what is said of it in an editor. */
export const tag = {
  name: 'kling-video-cover',
  className: 'KlingVideoCover',
  text: 'One product picture becomes a video cover. All attributes and properties may change at any time.',
};

const optionalText = 'string | null | undefined';

/** By the property's name. */
export const properties = {
  server: {
    attribute: 'server',
    type: 'string',
    default: 'where the script came from',
    text: 'Base URL of the covers server. Name it when the script is part of your own bundle.',
  },
  tokenUrl: {
    attribute: 'token-url',
    type: optionalText,
    text: 'Endpoint of your page that answers `{"token": "…"}` to a GET with the page’s own cookies.',
  },
  getToken: {
    type: '(() => Promise<string>) | undefined',
    text: 'Answers a fresh token; wins over `token-url`. Asked again when the token ends or is refused, one request at a time.',
  },
  preset: {
    attribute: 'preset',
    type: optionalText,
    default: 'the site’s first preset for covers',
    text: 'Id of the preset that is ordered.',
  },
  presets: {
    attribute: 'presets',
    type: optionalText,
    text: 'Ids of presets, between spaces: the seller chooses among them. Modes other than `cover` offer all presets of their kind unless it is set.',
  },
  modes: {
    attribute: 'modes',
    type: optionalText,
    default: 'cover',
    values: ['cover', 'scenes', 'text-to-video', 'image-to-video', 'text-to-image', 'image-to-image', 'library'],
    text: 'What the widget makes, between spaces, in your order; more than one shows tabs. All but `cover` are loaded when they are first shown.',
  },
  lang: {
    attribute: 'lang',
    type: 'string',
    default: 'the nearest `lang` in the page, then the browser’s language',
    values: ['en', 'ru', 'vi'],
    text: 'Language of the widget.',
  },
  theme: {
    attribute: 'theme',
    type: optionalText,
    default: 'auto',
    values: ['auto', 'light', 'dark'],
    text: 'Colours; `auto` follows the device.',
  },
  history: {
    attribute: 'history',
    type: 'number | null | undefined',
    default: '10',
    text: 'How many past covers are shown, at most 100; 0 hides them.',
  },
} satisfies Record<string, FaceProperty>;

/** By the method's name. */
export const methods = {
  pickFile: {
    parameters: [{ name: 'file', type: 'File' }],
    returns: 'void',
    text: 'Takes a picture that the page already has, for the mode that is shown, as if the seller had picked it, once the widget is ready; ignored while an order is under way.',
  },
} satisfies Record<string, FaceMethod>;

/** Of the class, by the method's name: what `customElements.whenDefined('kling-video-cover')` resolves with. */
export const staticMethods = {
  addTexts: {
    parameters: [
      { name: 'language', type: 'string' },
      { name: 'added', type: 'AddedTexts' },
    ],
    returns: 'void',
    text: 'Adds a language, or other words to one of ours; widgets on the page change at once. What is left out is said in `added.base`, else in the language itself when it is ours, else in English. Texts are text, never markup. A later call adds to an earlier one. Throws RangeError for what is no language tag.',
  },
  counted: {
    parameters: [
      { name: 'language', type: 'string' },
      { name: 'forms', type: 'PluralForms' },
    ],
    returns: '(count: number) => string',
    text: 'For `addTexts`: a function that writes the number as the language does and the right form of the word, by the plural rules of the language (CLDR, through `Intl`).',
  },
} satisfies Record<string, FaceMethod>;

/** All bubble and cross shadow roots. The types of `detail` stand in events.ts. */
export const events = {
  'cover-ready': { text: 'The session is loaded, the widget can be used.' },
  'cover-created': { text: 'The server took the order and debited the price.' },
  'cover-progress': { text: 'Stage, percentage or place in the queue of an open job changed.' },
  'cover-completed': {
    text: 'The file is stored; every URL is absolute. Media URLs are signed and end after an hour or two: keep `job.id`. For a picture (`job.image`) the poster is the picture itself and `seconds` is 0.',
  },
  'cover-failed': { text: 'The job failed; `refunded` is how many tokens came back.' },
  'balance-changed': { text: 'The seller has another number of tokens now.' },
  'cover-chosen': {
    cancelable: true,
    text: 'The seller pressed “use this video”. `preventDefault()` keeps the widget from confirming it by itself.',
  },
  'cover-error': { text: 'A fault the seller was told about.' },
} satisfies Record<CoverEventName, Described & { cancelable?: true }>;

/** For `::part()`. */
export const parts = {
  panel: 'The whole widget.',
  tab: 'A tab, when there are several modes.',
  dropzone: 'Where a picture is dropped or picked.',
  frame: 'The 3:4 frame on the picture.',
  form: 'The form of a mode other than `cover`.',
  generate: 'The button that orders; the price stands on it.',
  balance: 'How many tokens the seller has.',
  progress: 'The progress bar.',
  stage: 'The stage a job is in.',
  player: 'The finished clip.',
  download: 'The link that saves the file.',
  history: 'The list of past covers.',
  'history-item': 'One card of the past covers or of a gallery.',
  toast: 'A short message at the window’s lower edge.',
};

/** Custom properties; a colour that is not set has a light and a dark default. */
export const customProperties = {
  '--kvc-accent': 'Colour of buttons, links and the frame.',
  '--kvc-on-accent': 'Text on the accent.',
  '--kvc-surface': 'Background.',
  '--kvc-surface-2': 'Background of fields and cards.',
  '--kvc-text': 'Text.',
  '--kvc-text-2': 'Text of lesser weight.',
  '--kvc-line': 'Lines and borders.',
  '--kvc-danger': 'What went wrong.',
  '--kvc-success': 'What went well.',
  '--kvc-radius': 'Radius of the corners; 14px.',
  '--kvc-space':
    'Unit of the gaps and of the height of controls; 4px. 3px is compact, 5px comfortable; less than 3px counts as 3px, so that no control gets too small to hit.',
  '--kvc-font': 'Font family.',
  '--kvc-toast-bottom': 'How far above the window’s edge messages stay: for pages with a fixed bar.',
};
