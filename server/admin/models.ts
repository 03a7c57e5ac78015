import { offerFaults } from '../jobs/choices.ts';
import { findModel, modelKey, models, type Model } from '../jobs/models.ts';
import type { PresetRow } from '../store/schema.ts';

/** What a model is chosen for. */
type Promised = Pick<
  PresetRow,
  'kind' | 'provider' | 'model' | 'mode' | 'seconds' | 'sound' | 'aspectRatio' | 'choices' | 'tokensCost'
>;

/** A choice of the model field: a line of the list, or what the preset has although no list knows it any more. */
export type ModelChoice = Pick<Model, 'provider' | 'model' | 'mode'> & { listed: Model | null };

const choiceOf = (listed: Model): ModelChoice => ({ ...listed, listed });

/**
 * The models of any provider that can make what the preset promises, everything that sellers may choose included. The one
 * it has now is always among them, listed or not.
 */
export function modelsFor(preset: Promised): ModelChoice[] {
  const fitting = models.filter(
    ({ provider, model, mode }) => offerFaults({ ...preset, provider, model, mode }).length === 0,
  );
  return withOwn(fitting, preset);
}

/** Every model that makes the kind; and, for a preset whose model is in no list, that one. */
export function listedModels(kind: PresetRow['kind'], preset?: PresetRow): ModelChoice[] {
  return withOwn(
    models.filter(({ kinds }) => kinds.includes(kind)),
    preset,
  );
}

function withOwn(found: Model[], preset?: Pick<PresetRow, 'provider' | 'model' | 'mode'>): ModelChoice[] {
  const choices = found.map(choiceOf);
  if (!preset || choices.some((choice) => modelKey(choice) === modelKey(preset))) return choices;
  const { provider, model, mode } = preset;
  return [{ provider, model, mode, listed: findModel(preset) }, ...choices];
}
