/** The presets the server double offers; apart from it, because tests in the browser read them too. */
import type { JobKind, Preset } from '../../server/contract.ts';

const limits = { minFrameWidth: 300, minFrameHeight: 400, maxPromptLength: 2500 };

/** The shipped cover: 5 seconds, 3:4, 10 tokens. */
export const videoPreset: Preset = {
  id: 'cover-3x4',
  kind: 'image-to-video',
  title: 'Видеообложка 3:4',
  model: 'Kling 2.6',
  seconds: 5,
  aspectRatio: '3:4',
  quality: '720p',
  tokensCost: 10,
  choices: { aspectRatios: [], seconds: [], modes: [] },
  limits,
};

const free = <T>(...values: T[]) => values.map((value) => ({ value, extraTokens: 0 }));

/** A preset of a kind with everything to choose; a clip may be longer (1 token more) and sharper (2 more). */
export function openPreset(kind: JobKind, change: Partial<Preset> = {}): Preset {
  const isVideo = kind.endsWith('-video');
  return {
    id: `open-${kind}`,
    kind,
    title: `Свободный ${kind}`,
    model: isVideo ? 'Kling 2.6' : 'Nano Banana',
    seconds: isVideo ? 5 : null,
    aspectRatio: '9:16',
    quality: isVideo ? '720p' : '',
    tokensCost: 1,
    choices: {
      aspectRatios: free('9:16', '16:9', '1:1', '3:4'),
      seconds: isVideo ? [...free(5), { value: 10, extraTokens: 1 }] : [],
      modes: isVideo
        ? [
            { value: 'std', extraTokens: 0, quality: '720p' },
            { value: 'pro', extraTokens: 2, quality: '1080p' },
          ]
        : [],
    },
    limits: { ...limits, minFrameWidth: 300, minFrameHeight: 300 },
    ...change,
  };
}

/** The cover and one open preset of each kind. */
export const allPresets: Preset[] = [
  videoPreset,
  openPreset('text-to-video'),
  openPreset('image-to-video'),
  openPreset('text-to-image'),
  openPreset('image-to-image'),
];
