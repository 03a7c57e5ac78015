import { makesVideo, needsPicture } from '../jobs/job.ts';
import { models } from '../jobs/models.ts';
import type { Choice, PresetChoices, PresetRow } from '../store/schema.ts';
import type { Form, Problems } from './form.ts';
import type { ModelChoice } from './models.ts';

/** What a seller may be given the choice of, in the order of the form. */
export const choiceGroups = ['aspectRatios', 'seconds', 'modes'] as const;
export type ChoiceGroup = (typeof choiceGroups)[number];

/** Whether the value is on offer, and what it costs on top. */
export const choiceField = (group: ChoiceGroup, value: string | number): string => `choice-${group}-${value}`;
export const extraField = (group: ChoiceGroup, value: string | number): string => `extra-${group}-${value}`;

/** What a field of the choices is about; null for any other field. */
export function choiceOfField(name: string): { part: 'choice' | 'extra'; group: ChoiceGroup; value: string } | null {
  const [, part, rest = ''] = /^(choice|extra)-(.{1,40})$/.exec(name) ?? [];
  const group = choiceGroups.find((one) => rest.startsWith(`${one}-`));
  if (!group) return null;
  return { part: part as 'choice' | 'extra', group, value: rest.slice(group.length + 1) };
}

/** Shapes that sellers ask for; what is made from a picture can have any. */
const commonRatios = ['3:4', '1:1', '9:16', '16:9', '4:3', '4:5', '2:3', '3:2'];

/** Everything that could be offered with this model, and what is ticked already: for each group the values. */
export function choiceMenu(
  kind: PresetRow['kind'],
  { provider, model, listed }: ModelChoice,
  form: Form,
): Record<ChoiceGroup, string[]> {
  const ticked = (group: ChoiceGroup) =>
    Object.keys(form).flatMap((name) => {
      const field = choiceOfField(name);
      return field?.part === 'choice' && field.group === group ? [field.value] : [];
    });
  const followsPicture = needsPicture(kind) && (listed?.followsPicture ?? true);
  const makers = models.filter((one) => one.provider === provider && one.model === model && one.kinds.includes(kind));
  const all = {
    aspectRatios: followsPicture ? commonRatios : (listed?.aspectRatios ?? []),
    seconds: makesVideo(kind) ? (listed?.seconds ?? []).map(String) : [],
    modes: makers.map(({ mode }) => mode),
  };
  const group = (name: ChoiceGroup) => [...new Set([...all[name], ...ticked(name)])].filter(Boolean);
  return { aspectRatios: group('aspectRatios'), seconds: group('seconds'), modes: group('modes') };
}

const ratioPattern = /^[1-9]\d{0,2}:[1-9]\d{0,2}$/;
const isWhole = (text: string, most: number) => /^\d{1,7}$/.test(text) && Number(text) <= most;
const maxExtraTokens = 1_000_000;
const maxChoices = 40;

/** What the form offers besides the preset's own values, which cost nothing on top and are left out. */
export function readChoices(form: Form, own: Form): { choices: PresetChoices; problems: Problems } {
  const problems: Problems = {};
  const found: Record<ChoiceGroup, Choice<string>[]> = { aspectRatios: [], seconds: [], modes: [] };
  const ticks = Object.entries(form).flatMap(([name, text]) => {
    const field = choiceOfField(name);
    return field?.part === 'choice' && text === 'on' ? [field] : [];
  });
  if (ticks.length > maxChoices) return { choices: {}, problems: { 'choices-aspectRatios': 'choiceMany' } };
  for (const { group, value } of ticks) {
    const name = extraField(group, value);
    const extra = (form[name] ?? '').replace(/\s/g, '') || '0';
    if (!isWhole(extra, maxExtraTokens)) problems[name] = 'extraTokens';
    if (group === 'aspectRatios' && !ratioPattern.test(value)) problems['choices-aspectRatios'] = 'choiceRatios';
    if (group === 'seconds' && !isWhole(value, 60)) problems['choices-seconds'] = 'choiceSeconds';
    if (value !== own[group]) found[group].push({ value, extraTokens: Number(extra) });
  }
  const { aspectRatios, modes } = found;
  const seconds = found.seconds
    .map(({ value, extraTokens }) => ({ value: Number(value), extraTokens }))
    .toSorted((one, other) => one.value - other.value);
  const choices = {
    ...(aspectRatios.length > 0 && { aspectRatios }),
    ...(seconds.length > 0 && { seconds }),
    ...(modes.length > 0 && { modes }),
  };
  return { choices, problems };
}

/** The fields of the choices as they stand before anybody types. */
export function choicesForm(choices: PresetChoices): Form {
  const fields = choiceGroups.flatMap((group) =>
    (choices[group] ?? []).flatMap(({ value, extraTokens }) => [
      [choiceField(group, value), 'on'],
      [extraField(group, value), String(extraTokens)],
    ]),
  );
  return Object.fromEntries(fields);
}
