import { z } from 'zod';
import type { ProblemKey } from './i18n/dictionary.ts';
import type { Form } from './form.ts';
import { modelKey } from '../jobs/models.ts';
import { fillPrompt, maxPromptLength, unknownVariables } from '../jobs/prompt.ts';
import { modelsFor } from './models.ts';
import type { PresetChange } from '../store/presets.ts';
import type { PresetRow } from '../store/schema.ts';

/** Messages of the schemas are keys of the dictionary's `problems`. */
export const problem = (key: ProblemKey): string => key;
/** Sentences for a model; names in braces must stand for something. */
const promptText = z
  .string()
  .trim()
  .max(maxPromptLength, problem('promptLong'))
  .refine((text) => unknownVariables(text).length === 0, problem('variableUnknown'));
export const title = z.string().trim().min(1, problem('titleEmpty')).max(100, problem('titleLong'));

/** The hidden field that says which revision the form was made from. */
export const expectedRevision = z.coerce.number().int().positive();

/** Whether there are words in it besides what an order fills in. */
const hasWords = (prompt: string): boolean => fillPrompt(prompt, {}) !== '';

/**
 * What the prompts page sends for this preset. The model must be one that can make what the preset promises. A prompt of
 * nothing but variables needs an order with a title, so it is taken only where the preset has such a one already.
 */
export const promptFormSchema = (preset: PresetRow) =>
  z
    .object({
      expectedRevision,
      model: z.string().refine((key) => modelsFor(preset).some((model) => modelKey(model) === key), problem('model')),
      prompt: promptText
        .min(1, problem('promptEmpty'))
        .refine((text) => text === '' || hasWords(text) || !hasWords(preset.prompt), problem('promptOnlyVariables')),
      negativePrompt: promptText,
      titleRu: title,
      titleEn: title,
      titleVi: title,
      enabled: z.literal('on').optional(),
    })
    .superRefine(({ model: key, prompt }, context) => {
      const longest = modelsFor(preset).find((model) => modelKey(model) === key)?.listed?.maxPromptLength;
      if (prompt.length > (longest ?? maxPromptLength))
        context.addIssue({ code: 'custom', path: ['prompt'], message: problem('promptModelLong') });
    });

type PromptForm = z.output<ReturnType<typeof promptFormSchema>>;

/** The form as it stands before anybody types. */
export function promptFormOf(preset: PresetRow): Form {
  return {
    model: modelKey(preset),
    prompt: preset.prompt,
    negativePrompt: preset.negativePrompt,
    titleRu: preset.titles.ru,
    titleEn: preset.titles.en,
    titleVi: preset.titles.vi,
    ...(preset.enabled && { enabled: 'on' }),
  };
}

export function promptChange(preset: PresetRow, form: PromptForm): PresetChange {
  const { provider, model, mode } = modelsFor(preset).find((choice) => modelKey(choice) === form.model)!;
  return {
    provider,
    model,
    mode,
    prompt: form.prompt,
    negativePrompt: form.negativePrompt,
    titles: { ru: form.titleRu, en: form.titleEn, vi: form.titleVi },
    enabled: form.enabled === 'on',
  };
}

/** The names of the fields in which two forms differ. */
export function differences(one: Form, other: Form): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => (one[name] ?? '') !== (other[name] ?? ''));
}

/** Whole tokens as typed, spaces between the thousands allowed. */
export const tokensTyped = (max: number, key: ProblemKey) =>
  z
    .string()
    .transform((text) => text.replace(/\s/g, ''))
    .pipe(z.string().regex(/^\d{1,12}$/, problem(key)))
    .transform(Number)
    .pipe(z.number().min(1, problem(key)).max(max, problem(key)));

export const priceFormSchema = z.object({ expectedRevision, price: tokensTyped(1_000_000, 'price') });
