/** How each name of the public face is tried in the playground. A name without a control is a compile error. */
import type { customProperties, events, methods, properties, staticMethods } from '../../widget/face.ts';

/** What the developer is given to set a property with. */
export type PropertyControl =
  | { kind: 'text'; start: string; example: string }
  | { kind: 'number'; start: string; min: number; max: number }
  | { kind: 'choice' }
  /** Several words; their order is the order in which they were ticked. */
  | { kind: 'words' }
  /** A function of the page: on or off. */
  | { kind: 'function' };

export const propertyControls: Record<keyof typeof properties, PropertyControl> = {
  server: { kind: 'text', start: '', example: 'https://covers.example' },
  tokenUrl: { kind: 'text', start: '/api/video-cover-token', example: '/api/video-cover-token' },
  getToken: { kind: 'function' },
  preset: { kind: 'text', start: '', example: 'video-cover' },
  presets: { kind: 'text', start: '', example: 'video-cover ozon' },
  modes: { kind: 'words' },
  lang: { kind: 'choice' },
  theme: { kind: 'choice' },
  history: { kind: 'number', start: '', min: 0, max: 100 },
};

/** `start` is the widget's own light default. */
export type CustomPropertyControl =
  { kind: 'colour'; start: string } | { kind: 'pixels'; start: number; min: number; max: number } | { kind: 'font' };

export const customPropertyControls: Record<keyof typeof customProperties, CustomPropertyControl> = {
  '--kvc-accent': { kind: 'colour', start: '#5a3fd6' },
  '--kvc-on-accent': { kind: 'colour', start: '#ffffff' },
  '--kvc-surface': { kind: 'colour', start: '#ffffff' },
  '--kvc-surface-2': { kind: 'colour', start: '#f4f4f7' },
  '--kvc-text': { kind: 'colour', start: '#1b1c22' },
  '--kvc-text-2': { kind: 'colour', start: '#5b5e6b' },
  '--kvc-line': { kind: 'colour', start: '#dfe0e6' },
  '--kvc-danger': { kind: 'colour', start: '#b3261e' },
  '--kvc-success': { kind: 'colour', start: '#14713d' },
  '--kvc-radius': { kind: 'pixels', start: 14, min: 0, max: 32 },
  '--kvc-space': { kind: 'pixels', start: 4, min: 3, max: 6 },
  '--kvc-font': { kind: 'font' },
  '--kvc-toast-bottom': { kind: 'pixels', start: 12, min: 0, max: 160 },
};

/** How each event is made to happen here, in words a developer can follow. */
export const eventTriggers: Record<keyof typeof events, string> = {
  'cover-ready': 'Comes when the widget has its session; press “Start again” for another one.',
  'cover-created': 'Hand over a sample photo and press “Generate” in the widget.',
  'cover-progress': 'Comes by itself while an order is under way.',
  'cover-completed': 'Comes when the order of this demo is done, after some seconds.',
  'cover-failed':
    'Tick the mode `text-to-video`, order there with the words `[[sim:fail]]`: the simulator fails on command, the tokens come back.',
  'balance-changed': 'Comes with every order, and when tokens come back.',
  'cover-chosen': 'Press “Use this video” under a finished clip.',
  'cover-error': 'Hand over the text file: it is no picture.',
};

/** A button for each call worth seeing; what it runs, and how that is written, is in public/playground-tries.js. */
export const methodTries: Record<
  keyof typeof methods | keyof typeof staticMethods,
  readonly { label: string; run: string }[]
> = {
  pickFile: [
    { label: 'Hand over a sample photo', run: 'photo' },
    { label: 'Hand over a text file', run: 'text' },
  ],
  addTexts: [
    { label: 'Another title in English', run: 'title' },
    { label: 'Add Polish', run: 'polish' },
  ],
  counted: [{ label: 'Count in Polish', run: 'count' }],
};
