import { canMake, modelKey, videoModels, type VideoModel } from '../jobs/models.ts';
import type { PresetRow } from '../store/schema.ts';

type Needs = Pick<PresetRow, 'provider' | 'model' | 'mode' | 'seconds' | 'sound'>;

/** A choice of the model field: a line of the list, or what the preset has although no list knows it any more. */
export type ModelChoice = Pick<VideoModel, 'provider' | 'model' | 'mode'> & { listed: VideoModel | null };

/** The models that can make what the preset promises. The one it has now is always among them, listed or not. */
export function modelsFor(preset: Needs): ModelChoice[] {
  const fitting = videoModels
    .filter((model) => model.provider === preset.provider && canMake(model, preset))
    .map((listed) => ({ ...listed, listed }));
  if (fitting.some((model) => modelKey(model) === modelKey(preset))) return fitting;
  const { provider, model, mode } = preset;
  return [{ provider, model, mode, listed: null }, ...fitting];
}
