import type { PresetRow } from '../store/schema.ts';
import type { JobKind } from './job.ts';

/** One model name in one mode: what an operator picks. A new model is a new line of the table below, no code. */
export interface Model {
  provider: PresetRow['provider'];
  model: string;
  /** The service's own word for quality; empty where it has none. */
  mode: string;
  /** What the quality is called to people, such as `720p` or `2K`; empty where the service does not say. */
  resolution: string;
  kinds: readonly JobKind[];
  /** Lengths that may be ordered; empty for a model that makes pictures. */
  seconds: readonly number[];
  /** Shapes that may be ordered. */
  aspectRatios: readonly string[];
  /** Whether what is made from a picture has the picture's own shape, whatever that is; else `aspectRatios` hold too. */
  followsPicture: boolean;
  sound: 'never' | 'optional' | 'always';
  maxPromptLength: number;
  /** False where the service has no field for what must not be there. */
  takesNegativePrompt: boolean;
  /** What a second of clip, or a picture, takes of the service's units; null where that is not known or cannot be had. */
  units: { silent: number | null; withSound: number | null };
}

type Mode = Pick<Model, 'mode' | 'resolution'> & Partial<Model>;
/** The modes of one model name, each with what is its own. */
const family = (facts: Omit<Model, 'mode' | 'resolution'>, modes: Mode[]): Model[] =>
  modes.map((mode) => ({ ...facts, ...mode }));

const short = [5, 10];
const long = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const unknown = { silent: null, withSound: null };

const clips = {
  provider: 'kling',
  kinds: ['image-to-video', 'text-to-video'],
  aspectRatios: ['16:9', '9:16', '1:1'],
  followsPicture: true,
  maxPromptLength: 2500,
  units: unknown,
} as const;
/**
 * Names of Kling's legacy paths that its pages of October 2026 still list, with what each mode can do (capability map,
 * captured 2026-09-20) and takes (pricing page, same day). `kling-v2-6` in std is always silent. Names are taken away on
 * the server without a public list: `kling-v1` was refused on 2026-09-20.
 */
const legacy = { ...clips, takesNegativePrompt: true } as const;
/** Names of Kling's new paths: an API key is needed, and there is no negative prompt (same pages, captured 2026-09-20). */
const modern = { ...clips, takesNegativePrompt: false } as const;

const silent = (units: number) => ({ sound: 'never', units: { silent: units, withSound: null } }) as const;
const either = (units: number, withSound: number) =>
  ({ sound: 'optional', units: { silent: units, withSound } }) as const;
const loud = (units: number) => ({ sound: 'always', units: { silent: null, withSound: units } }) as const;

const klingVideo = [
  ...family({ ...legacy, model: 'kling-v2-6', seconds: short, sound: 'never' }, [
    { mode: 'std', resolution: '720p', ...silent(0.3) },
    { mode: 'pro', resolution: '1080p', ...either(0.5, 1) },
  ]),
  ...family({ ...legacy, model: 'kling-v2-5-turbo', seconds: short, sound: 'never' }, [
    { mode: 'std', resolution: '720p', ...silent(0.3) },
    { mode: 'pro', resolution: '1080p', ...silent(0.5) },
  ]),
  ...family({ ...legacy, model: 'kling-v3', seconds: long, sound: 'optional' }, [
    { mode: 'std', resolution: '720p', ...either(0.6, 0.9) },
    { mode: 'pro', resolution: '1080p', ...either(0.8, 1.2) },
  ]),
  ...family({ ...modern, model: 'kling-2.6', seconds: short, sound: 'never' }, [
    { mode: '720p', resolution: '720p', ...silent(0.3) },
    { mode: '1080p', resolution: '1080p', ...either(0.5, 1) },
  ]),
  ...family({ ...modern, model: 'kling-2.5-turbo', seconds: short, sound: 'never' }, [
    { mode: '720p', resolution: '720p', ...silent(0.3) },
    { mode: '1080p', resolution: '1080p', ...silent(0.5) },
  ]),
  ...family({ ...modern, model: 'kling-3.0', seconds: long, sound: 'optional' }, [
    { mode: '720p', resolution: '720p', ...either(0.6, 0.9) },
    { mode: '1080p', resolution: '1080p', ...either(0.8, 1.2) },
    { mode: '4k', resolution: '4K', ...silent(3) },
  ]),
  ...family({ ...modern, model: 'kling-3.0-turbo', seconds: long, sound: 'always' }, [
    { mode: '720p', resolution: '720p', ...loud(0.8) },
    { mode: '1080p', resolution: '1080p', ...loud(1) },
  ]),
];

const pictures = {
  kinds: ['text-to-image', 'image-to-image'],
  seconds: [],
  sound: 'never',
  followsPicture: false,
  units: unknown,
} as const;
/**
 * Kling's pictures (image generation page, captured 2026-09-20). A picture's unit is $0.0035, a fortieth of a clip's; the
 * page prices `kling-v3` alone.
 */
const klingPicture = {
  ...pictures,
  provider: 'kling',
  aspectRatios: ['1:1', '3:4', '4:3', '9:16', '16:9', '2:3', '3:2', '21:9'],
  maxPromptLength: 2500,
  takesNegativePrompt: true,
} as const;
const klingImages = [
  ...family({ ...klingPicture, model: 'kling-v3' }, [
    { mode: '1k', resolution: '1K', ...silent(0.2) },
    { mode: '2k', resolution: '2K' },
  ]),
  ...family({ ...klingPicture, model: 'kling-v2-1' }, [{ mode: '1k', resolution: '1K' }]),
];

/** Kie's models by its market pages (snapshot 2026-04-29). What they cost in credits is not written there. */
const banana = {
  ...pictures,
  provider: 'kie',
  aspectRatios: ['1:1', '3:4', '4:3', '9:16', '16:9', '2:3', '3:2', '4:5', '5:4', '21:9'],
  maxPromptLength: 5000,
  takesNegativePrompt: false,
} as const;
const kieVideo = { ...clips, provider: 'kie', sound: 'optional', takesNegativePrompt: false } as const;
/** Sora answers "temporarily paused" at Kie since 2026-06-11; its maker shut it down on 2026-09-24 (fact sheet, §3). */
const sora = {
  ...kieVideo,
  seconds: [10, 15],
  aspectRatios: ['9:16', '16:9'],
  followsPicture: false,
  sound: 'always',
  maxPromptLength: 10_000,
} as const;
const plain = { mode: '', resolution: '' };
const kieModels = [
  ...family({ ...banana, model: 'google/nano-banana', kinds: ['text-to-image'] }, [plain]),
  ...family({ ...banana, model: 'google/nano-banana-edit', kinds: ['image-to-image'] }, [plain]),
  ...family({ ...banana, model: 'nano-banana-2', maxPromptLength: 20_000 }, [
    { mode: '1K', resolution: '1K' },
    { mode: '2K', resolution: '2K' },
  ]),
  ...family({ ...banana, model: 'nano-banana-pro', maxPromptLength: 10_000 }, [{ mode: '2K', resolution: '2K' }]),
  ...family(
    {
      ...kieVideo,
      model: 'kling-2.6/image-to-video',
      kinds: ['image-to-video'],
      seconds: short,
      aspectRatios: [],
      maxPromptLength: 1000,
    },
    [plain],
  ),
  ...family(
    { ...kieVideo, model: 'kling-2.6/text-to-video', kinds: ['text-to-video'], seconds: short, maxPromptLength: 1000 },
    [plain],
  ),
  ...family({ ...kieVideo, model: 'kling-3.0/video', seconds: long }, [
    { mode: 'std', resolution: '720p' },
    { mode: 'pro', resolution: '1080p' },
  ]),
  ...family({ ...sora, model: 'sora-2-text-to-video', kinds: ['text-to-video'] }, [{ mode: '', resolution: '720p' }]),
  ...family({ ...sora, model: 'sora-2-image-to-video', kinds: ['image-to-video'] }, [{ mode: '', resolution: '720p' }]),
];

/** Everything that can be had anywhere, each provider's best known names first. */
export const models: readonly Model[] = [...klingVideo, ...klingImages, ...kieModels];
