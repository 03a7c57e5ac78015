import { modelKey, services, type Model } from '../../jobs/models.ts';
import { maxPromptLength } from '../../jobs/prompt.ts';
import type { Dictionary } from '../i18n/dictionary.ts';
import type { ModelChoice } from '../models.ts';

/** `5/10`, `3–15`. */
export function lengthsOf(seconds: readonly number[]): string {
  const [first, last] = [seconds[0], seconds.at(-1)];
  const isRun = seconds.length > 2 && seconds.every((one, at) => one === first! + at);
  return isRun ? `${first}–${last}` : seconds.join('/');
}

/** A model as an option of a form: service, name, mode, and what it can do. */
export function modelLabel(
  { prompts, presets }: Pick<Dictionary, 'prompts' | 'presets'>,
  { provider, model, mode, listed }: ModelChoice,
): string {
  const notes = listed ? abilities({ prompts, presets }, listed) : [prompts.unlisted];
  const name = [services[provider].name, model, mode].filter(Boolean).join(' · ');
  return notes.length > 0 ? `${name} (${notes.join(', ')})` : name;
}

function abilities({ prompts, presets }: Pick<Dictionary, 'prompts' | 'presets'>, model: Model): string[] {
  const { resolution, mode, seconds, sound, maxPromptLength: longest } = model;
  const clip = seconds.length > 0 ? [presets.lengths(lengthsOf(seconds)), prompts.sounds[sound]] : [];
  const isNew = resolution.toLowerCase() !== mode.toLowerCase();
  return [isNew && resolution, ...clip, longest < maxPromptLength && prompts.promptUpTo(longest)].filter(
    (note): note is string => Boolean(note),
  );
}

/** The options of a model field. */
export const modelOptions = (words: Dictionary, choices: ModelChoice[]) =>
  choices.map((choice) => ({ value: modelKey(choice), label: modelLabel(words, choice) }));
