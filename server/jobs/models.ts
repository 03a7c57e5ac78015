import type { PresetRow } from '../store/schema.ts';

/** One model name in one mode: what an operator picks. A new model is a new line of `videoModels`, no code. */
export interface VideoModel {
  provider: PresetRow['provider'];
  model: string;
  mode: string;
  /** The picture height class, for the label. */
  resolution: string;
  /** Lengths that may be ordered. */
  seconds: readonly number[];
  /** What a second of clip takes of the provider's units; null where the mode cannot have sound. */
  units: { silent: number; withSound: number | null };
}

const short = [5, 10];
const long = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/**
 * Image-to-video names that Kling's legacy pages of October 2026 still list, with what each mode can do (capability map
 * of the legacy API, captured 2026-09-20) and takes (pricing page, same day). `kling-v2-6` in std is always silent. Names
 * are taken away on the server without a public list: `kling-v1` was refused on 2026-09-20.
 */
export const videoModels: readonly VideoModel[] = [
  {
    provider: 'kling',
    model: 'kling-v2-6',
    mode: 'std',
    resolution: '720p',
    seconds: short,
    units: { silent: 0.3, withSound: null },
  },
  {
    provider: 'kling',
    model: 'kling-v2-6',
    mode: 'pro',
    resolution: '1080p',
    seconds: short,
    units: { silent: 0.5, withSound: 1 },
  },
  {
    provider: 'kling',
    model: 'kling-v2-5-turbo',
    mode: 'std',
    resolution: '720p',
    seconds: short,
    units: { silent: 0.3, withSound: null },
  },
  {
    provider: 'kling',
    model: 'kling-v2-5-turbo',
    mode: 'pro',
    resolution: '1080p',
    seconds: short,
    units: { silent: 0.5, withSound: null },
  },
  {
    provider: 'kling',
    model: 'kling-v3',
    mode: 'std',
    resolution: '720p',
    seconds: long,
    units: { silent: 0.6, withSound: 0.9 },
  },
  {
    provider: 'kling',
    model: 'kling-v3',
    mode: 'pro',
    resolution: '1080p',
    seconds: long,
    units: { silent: 0.8, withSound: 1.2 },
  },
];

/** The services by name. What a unit costs is the list price: packs bought in bulk cost less. */
export const videoServices: Record<PresetRow['provider'], { name: string; unitUsd: number; source: string }> = {
  kling: { name: 'Kling', unitUsd: 0.14, source: 'kling.ai/document-api, pricing, 2026-09-20' },
};

type Needs = Pick<PresetRow, 'provider' | 'model' | 'mode' | 'seconds' | 'sound'>;

/** The model of this provider in this mode, or null when our list does not have it. */
export function findModel({ provider, model, mode }: Pick<Needs, 'provider' | 'model' | 'mode'>): VideoModel | null {
  return videoModels.find((one) => one.provider === provider && one.model === model && one.mode === mode) ?? null;
}

/** Whether the model can make clips of that length, with sound if it is asked for. */
export const canMake = (model: VideoModel, { seconds, sound }: Pick<Needs, 'seconds' | 'sound'>): boolean =>
  model.seconds.includes(seconds) && (!sound || model.units.withSound !== null);

/** What one clip takes at the provider by its price list, in units and US dollars; null for what the list does not have. */
export function clipCost(clip: Needs): { units: number; usd: number } | null {
  const perSecond = findModel(clip)?.units[clip.sound ? 'withSound' : 'silent'] ?? null;
  if (perSecond === null) return null;
  const units = rounded(perSecond * clip.seconds);
  return { units, usd: rounded(units * videoServices[clip.provider].unitUsd) };
}

/** Without the dust of binary fractions; a thousandth of a cent is left. */
const rounded = (amount: number): number => Math.round(amount * 1e5) / 1e5;

/** The value of a choice in a form. */
export const modelKey = ({ model, mode }: Pick<VideoModel, 'model' | 'mode'>): string => `${model}/${mode}`;
