import type { PresetRow } from '../store/schema.ts';
import { makesVideo, needsPicture } from './job.ts';
import { models, type Model } from './model-table.ts';

export { models, type Model } from './model-table.ts';

/** The services by name. What a unit costs is the list price (packs bought in bulk cost less), or null where none is known. */
export const services: Record<PresetRow['provider'], { name: string; unitUsd: number | null; source: string }> = {
  kling: { name: 'Kling', unitUsd: 0.14, source: 'kling.ai/document-api, pricing, 2026-09-20' },
  kie: { name: 'Kie.ai', unitUsd: null, source: 'kie.ai: the price of a task in credits is shown in its console' },
};

type Name = Pick<PresetRow, 'provider' | 'model' | 'mode'>;
type Needs = Pick<PresetRow, 'kind' | 'seconds' | 'sound' | 'aspectRatio'>;

/**
 * The model of this provider in this mode, or null when our list does not have it. No mode of a name makes both clips and
 * pictures.
 */
export function findModel({ provider, model, mode }: Name): Model | null {
  return models.find((one) => one.provider === provider && one.model === model && one.mode === mode) ?? null;
}

export type ModelFault = 'kind' | 'seconds' | 'sound' | 'aspectRatio';

/** What the model cannot do of what is wanted: the rule book that is asked before tokens move. Empty: it can do all. */
export function modelFaults(model: Model, { kind, seconds, sound, aspectRatio }: Needs): ModelFault[] {
  const hasPictureShape = needsPicture(kind) && model.followsPicture;
  const isLength = makesVideo(kind) ? model.seconds.includes(seconds) : seconds === 0;
  const isSound = sound ? model.sound !== 'never' : model.sound !== 'always';
  const faults: [isWrong: boolean, fault: ModelFault][] = [
    [!model.kinds.includes(kind), 'kind'],
    [!isLength, 'seconds'],
    [!isSound, 'sound'],
    [!hasPictureShape && !model.aspectRatios.includes(aspectRatio), 'aspectRatio'],
  ];
  return faults.flatMap(([isWrong, fault]) => (isWrong ? [fault] : []));
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
