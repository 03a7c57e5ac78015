import { modelKey, videoServices } from '../../jobs/models.ts';
import type { Dictionary } from '../i18n/dictionary.ts';
import type { ModelChoice } from '../models.ts';

/** `5/10`, `3–15`. */
export function lengthsOf(seconds: readonly number[]): string {
  const [first, last] = [seconds[0], seconds.at(-1)];
  const isRun = seconds.length > 2 && seconds.every((one, at) => one === first! + at);
  return isRun ? `${first}–${last}` : seconds.join('/');
}

/** A model as an option of a form: service, name, mode, and what it can do. */
export function modelLabel({ prompts, presets }: Dictionary, { provider, model, mode, listed }: ModelChoice): string {
  const notes = listed
    ? [
        listed.resolution,
        presets.lengths(lengthsOf(listed.seconds)),
        listed.units.withSound === null ? prompts.silent : prompts.withSound,
      ]
    : [prompts.unlisted];
  return `${videoServices[provider].name} · ${model} · ${mode} (${notes.join(', ')})`;
}

/** The options of a model field. */
export const modelOptions = (words: Dictionary, choices: ModelChoice[]) =>
  choices.map((choice) => ({ value: modelKey(choice), label: modelLabel(words, choice) }));
