import type { PresetRow } from '../store/schema.ts';
import type { JobKind } from './job.ts';

/** One model name in one mode: what an operator picks. A new model is a new line of a table below, no code. */
export interface Model {
  provider: PresetRow['provider'];
  model: string;
  /** The service's own word for quality; empty where it has none. */
  mode: string;
  /** What the quality is called to people, such as `720p` or `2K`. */
  resolution: string;
  kinds: readonly JobKind[];
  /** Lengths that may be ordered; empty for a model that makes pictures. */
  seconds: readonly number[];
  /** Shapes that may be ordered where text is all there is; what is made from a picture has the picture's shape. */
  aspectRatios: readonly string[];
  sound: 'never' | 'optional' | 'always';
  maxPromptLength: number;
  /** False where the service has no field for what must not be there. */
  takesNegativePrompt: boolean;
  /** What a second of clip, or a picture, takes of the service's units; null where that is not known or cannot be had. */
  units: { silent: number | null; withSound: number | null };
}

const short = [5, 10];
const long = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const videoRatios = ['16:9', '9:16', '1:1'];
const bothVideo = ['image-to-video', 'text-to-video'] as const;
const bothImage = ['text-to-image', 'image-to-image'] as const;

type Legacy = Pick<Model, 'model' | 'mode' | 'resolution' | 'seconds' | 'units'>;
/**
 * Names of Kling's legacy paths that its pages of October 2026 still list, with what each mode can do (capability map,
 * captured 2026-09-20) and takes (pricing page, same day). `kling-v2-6` in std is always silent. Names are taken away on
 * the server without a public list: `kling-v1` was refused on 2026-09-20.
 */
const legacyVideo = (one: Legacy): Model => ({
  ...one,
  provider: 'kling',
  kinds: bothVideo,
  aspectRatios: videoRatios,
  sound: one.units.withSound === null ? 'never' : 'optional',
  maxPromptLength: 2500,
  takesNegativePrompt: true,
});

/** Names of Kling's new paths: an API key is needed, and there is no negative prompt (same pages, captured 2026-09-20). */
const newVideo = (one: Legacy & { alwaysSounds?: true }): Model => {
  const { alwaysSounds, ...facts } = one;
  const sound = facts.units.withSound === null ? 'never' : alwaysSounds ? 'always' : 'optional';
  return { ...legacyVideo(facts), takesNegativePrompt: false, sound };
};

/**
 * Kling's pictures (image generation page, captured 2026-09-20). A picture's unit is $0.0035, a fortieth of a clip's; the
 * page prices `kling-v3` alone.
 */
const klingPicture = (one: { model: string; mode: string; resolution: string; units: number | null }): Model => ({
  ...one,
  provider: 'kling',
  kinds: bothImage,
  seconds: [],
  aspectRatios: ['1:1', '3:4', '4:3', '9:16', '16:9', '2:3', '3:2', '21:9'],
  sound: 'never',
  maxPromptLength: 2500,
  takesNegativePrompt: true,
  units: { silent: one.units, withSound: null },
});

/** Kie's models by its market pages (snapshot 2026-04-29). What they cost in credits is not written there. */
const kie = (one: Omit<Model, 'provider' | 'units' | 'takesNegativePrompt'>): Model => ({
  ...one,
  provider: 'kie',
  takesNegativePrompt: false,
  units: { silent: null, withSound: null },
});
const banana = {
  mode: '',
  resolution: '',
  seconds: [],
  aspectRatios: ['1:1', '3:4', '4:3', '9:16', '16:9', '2:3', '3:2', '4:5', '5:4', '21:9'],
  sound: 'never',
} as const;
const sora = {
  mode: '',
  resolution: '720p',
  seconds: [10, 15],
  aspectRatios: ['9:16', '16:9'],
  sound: 'always',
  maxPromptLength: 10_000,
} as const;

export const models: readonly Model[] = [
  legacyVideo({
    model: 'kling-v2-6',
    mode: 'std',
    resolution: '720p',
    seconds: short,
    units: { silent: 0.3, withSound: null },
  }),
  legacyVideo({
    model: 'kling-v2-6',
    mode: 'pro',
    resolution: '1080p',
    seconds: short,
    units: { silent: 0.5, withSound: 1 },
  }),
  legacyVideo({
    model: 'kling-v2-5-turbo',
    mode: 'std',
    resolution: '720p',
    seconds: short,
    units: { silent: 0.3, withSound: null },
  }),
  legacyVideo({
    model: 'kling-v2-5-turbo',
    mode: 'pro',
    resolution: '1080p',
    seconds: short,
    units: { silent: 0.5, withSound: null },
  }),
  legacyVideo({
    model: 'kling-v3',
    mode: 'std',
    resolution: '720p',
    seconds: long,
    units: { silent: 0.6, withSound: 0.9 },
  }),
  legacyVideo({
    model: 'kling-v3',
    mode: 'pro',
    resolution: '1080p',
    seconds: long,
    units: { silent: 0.8, withSound: 1.2 },
  }),

  newVideo({
    model: 'kling-2.6',
    mode: '720p',
    resolution: '720p',
    seconds: short,
    units: { silent: 0.3, withSound: null },
  }),
  newVideo({
    model: 'kling-2.6',
    mode: '1080p',
    resolution: '1080p',
    seconds: short,
    units: { silent: 0.5, withSound: 1 },
  }),
  newVideo({
    model: 'kling-2.5-turbo',
    mode: '720p',
    resolution: '720p',
    seconds: short,
    units: { silent: 0.3, withSound: null },
  }),
  newVideo({
    model: 'kling-2.5-turbo',
    mode: '1080p',
    resolution: '1080p',
    seconds: short,
    units: { silent: 0.5, withSound: null },
  }),
  newVideo({
    model: 'kling-3.0',
    mode: '720p',
    resolution: '720p',
    seconds: long,
    units: { silent: 0.6, withSound: 0.9 },
  }),
  newVideo({
    model: 'kling-3.0',
    mode: '1080p',
    resolution: '1080p',
    seconds: long,
    units: { silent: 0.8, withSound: 1.2 },
  }),
  newVideo({ model: 'kling-3.0', mode: '4k', resolution: '4K', seconds: long, units: { silent: 3, withSound: null } }),
  newVideo({
    model: 'kling-3.0-turbo',
    mode: '720p',
    resolution: '720p',
    seconds: long,
    alwaysSounds: true,
    units: { silent: null, withSound: 0.8 },
  }),
  newVideo({
    model: 'kling-3.0-turbo',
    mode: '1080p',
    resolution: '1080p',
    seconds: long,
    alwaysSounds: true,
    units: { silent: null, withSound: 1 },
  }),

  klingPicture({ model: 'kling-v3', mode: '1k', resolution: '1K', units: 0.2 }),
  klingPicture({ model: 'kling-v3', mode: '2k', resolution: '2K', units: null }),
  klingPicture({ model: 'kling-v2-1', mode: '1k', resolution: '1K', units: null }),

  kie({ ...banana, model: 'google/nano-banana', kinds: ['text-to-image'], maxPromptLength: 5000 }),
  kie({ ...banana, model: 'google/nano-banana-edit', kinds: ['image-to-image'], maxPromptLength: 5000 }),
  kie({ ...banana, model: 'nano-banana-2', mode: '1K', resolution: '1K', kinds: bothImage, maxPromptLength: 20_000 }),
  kie({ ...banana, model: 'nano-banana-2', mode: '2K', resolution: '2K', kinds: bothImage, maxPromptLength: 20_000 }),
  kie({ ...banana, model: 'nano-banana-pro', mode: '2K', resolution: '2K', kinds: bothImage, maxPromptLength: 10_000 }),
  kie({
    model: 'kling-2.6/image-to-video',
    mode: '',
    resolution: '',
    kinds: ['image-to-video'],
    seconds: short,
    aspectRatios: [],
    sound: 'optional',
    maxPromptLength: 1000,
  }),
  kie({
    model: 'kling-2.6/text-to-video',
    mode: '',
    resolution: '',
    kinds: ['text-to-video'],
    seconds: short,
    aspectRatios: videoRatios,
    sound: 'optional',
    maxPromptLength: 1000,
  }),
  kie({
    model: 'kling-3.0/video',
    mode: 'std',
    resolution: '720p',
    kinds: bothVideo,
    seconds: long,
    aspectRatios: videoRatios,
    sound: 'optional',
    maxPromptLength: 2500,
  }),
  kie({
    model: 'kling-3.0/video',
    mode: 'pro',
    resolution: '1080p',
    kinds: bothVideo,
    seconds: long,
    aspectRatios: videoRatios,
    sound: 'optional',
    maxPromptLength: 2500,
  }),
  kie({ ...sora, model: 'sora-2-text-to-video', kinds: ['text-to-video'] }),
  kie({ ...sora, model: 'sora-2-image-to-video', kinds: ['image-to-video'] }),
];

/** The services by name. What a unit costs is the list price (packs bought in bulk cost less), or null where none is known. */
export const services: Record<PresetRow['provider'], { name: string; unitUsd: number | null; source: string }> = {
  kling: { name: 'Kling', unitUsd: 0.14, source: 'kling.ai/document-api, pricing, 2026-09-20' },
  kie: { name: 'Kie.ai', unitUsd: null, source: 'kie.ai: the price of a task in credits is shown in its console' },
};

type Name = Pick<PresetRow, 'provider' | 'model' | 'mode'>;
type Needs = Pick<PresetRow, 'kind' | 'seconds' | 'sound' | 'aspectRatio'>;

/** The model of this provider in this mode, or null when our list does not have it. */
export function findModel({ provider, model, mode }: Name): Model | null {
  return models.find((one) => one.provider === provider && one.model === model && one.mode === mode) ?? null;
}

export type ModelFault = 'kind' | 'seconds' | 'sound' | 'aspectRatio';

/** What the model cannot do of what is wanted: the rule book that is asked before tokens move. Empty: it can do all. */
export function modelFaults(model: Model, { kind, seconds, sound, aspectRatio }: Needs): ModelFault[] {
  const makesClips = model.seconds.length > 0;
  const faults: [isWrong: boolean, fault: ModelFault][] = [
    [!model.kinds.includes(kind), 'kind'],
    [makesClips ? !model.seconds.includes(seconds) : seconds !== 0, 'seconds'],
    [(sound && model.sound === 'never') || (!sound && model.sound === 'always'), 'sound'],
    [sound && model.provider === 'kling' && model.units.withSound === null, 'sound'],
    [kind.startsWith('text-') && !model.aspectRatios.includes(aspectRatio), 'aspectRatio'],
  ];
  return [...new Set(faults.flatMap(([isWrong, fault]) => (isWrong ? [fault] : [])))];
}

/** What one clip or picture takes by the price list, in units and US dollars; null for what the list does not have. */
export function taskCost(task: Name & Pick<Needs, 'seconds' | 'sound'>): { units: number; usd: number } | null {
  const rate = findModel(task)?.units[task.sound ? 'withSound' : 'silent'] ?? null;
  const { unitUsd } = services[task.provider];
  if (rate === null || unitUsd === null) return null;
  const units = rounded(rate * Math.max(1, task.seconds));
  return { units, usd: rounded(units * unitUsd) };
}

/** Without the dust of binary fractions; a thousandth of a cent is left. */
const rounded = (amount: number): number => Math.round(amount * 1e5) / 1e5;

/** The value of a choice in a form. */
export const modelKey = ({ provider, model, mode }: Name): string => `${provider}|${model}|${mode}`;
