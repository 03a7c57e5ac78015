import { makesVideo } from '../../jobs/job.ts';
import type { PresetRow } from '../../store/schema.ts';
import type { Dictionary } from '../i18n/dictionary.ts';

/** What is made, in a few words: a clip with its length, shape and sound, a picture with its shape. */
export function makingText(
  { prompts }: Dictionary,
  { kind, seconds, aspectRatio, sound }: Pick<PresetRow, 'kind' | 'seconds' | 'aspectRatio' | 'sound'>,
): string {
  if (!makesVideo(kind)) return aspectRatio;
  return `${prompts.seconds(seconds)} · ${aspectRatio} · ${sound ? prompts.soundOn : prompts.soundOff}`;
}

/** Model and quality; a model without qualities stands alone. */
export const modelText = ({ model, mode }: Pick<PresetRow, 'model' | 'mode'>): string =>
  mode === '' ? model : `${model} · ${mode}`;
