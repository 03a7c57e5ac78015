import type { PresetRow } from '../store/schema.ts';

/** One model name in one mode: what an operator picks. Kept as data, because the vendor's names come and go. */
export interface VideoModel {
  provider: PresetRow['provider'];
  model: string;
  mode: string;
  /** The picture height class, for the label. */
  resolution: string;
  seconds: readonly number[];
  sound: boolean;
}

const short = [5, 10];
const long = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/**
 * Image-to-video names that Kling's legacy pages of October 2026 still list, with what each mode can do (capability map
 * of the legacy API). `kling-v2-6` in std is always silent. Names are taken away on the server without a public list:
 * `kling-v1` was refused on 2026-09-20.
 */
export const videoModels: readonly VideoModel[] = [
  { provider: 'kling', model: 'kling-v2-6', mode: 'std', resolution: '720p', seconds: short, sound: false },
  { provider: 'kling', model: 'kling-v2-6', mode: 'pro', resolution: '1080p', seconds: short, sound: true },
  { provider: 'kling', model: 'kling-v2-5-turbo', mode: 'std', resolution: '720p', seconds: short, sound: false },
  { provider: 'kling', model: 'kling-v2-5-turbo', mode: 'pro', resolution: '1080p', seconds: short, sound: false },
  { provider: 'kling', model: 'kling-v3', mode: 'std', resolution: '720p', seconds: long, sound: true },
  { provider: 'kling', model: 'kling-v3', mode: 'pro', resolution: '1080p', seconds: long, sound: true },
];

type Needs = Pick<PresetRow, 'provider' | 'model' | 'mode' | 'seconds' | 'sound'>;

/** The models that can make what the preset promises. The one it has now is always among them, listed or not. */
export function modelsFor(preset: Needs): VideoModel[] {
  const fitting = videoModels.filter(
    (model) =>
      model.provider === preset.provider && model.seconds.includes(preset.seconds) && (model.sound || !preset.sound),
  );
  if (fitting.some((model) => modelKey(model) === modelKey(preset))) return fitting;
  const present = { ...preset, resolution: '', seconds: [preset.seconds] };
  return [present, ...fitting];
}

/** The value of a choice in a form. */
export const modelKey = ({ model, mode }: Pick<VideoModel, 'model' | 'mode'>): string => `${model}/${mode}`;
