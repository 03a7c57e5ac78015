import { findModel } from '../../jobs/models.ts';
import type { PresetRow } from '../../store/schema.ts';
import type { Dictionary } from '../i18n/dictionary.ts';
import { choiceGroups, type ChoiceGroup } from '../preset-choices.ts';

type Named = Pick<PresetRow, 'provider' | 'model'>;

/** What a quality is called to people: its resolution, and the service's own word where that is another. */
export function qualityText(named: Named, mode: string): string {
  const resolution = findModel({ ...named, mode })?.resolution;
  return !resolution || resolution.toLowerCase() === mode.toLowerCase() ? mode : `${resolution} (${mode})`;
}

/** One value of a choice, such as `10 s`, `9:16` or `1080p (pro)`. */
export function choiceText({ presets }: Dictionary, group: ChoiceGroup, value: string, named?: Named): string {
  if (group === 'seconds') return presets.lengths(value);
  return group === 'modes' && named ? qualityText(named, value) : value;
}

/** All choices with what each costs on top: `9:16, 10 s +10`. Takes whatever an audit entry may hold. */
export function choicesText(words: Dictionary, choices: unknown): string {
  const given = (typeof choices === 'object' && choices !== null ? choices : {}) as Record<string, unknown>;
  const texts = choiceGroups.flatMap((group) => {
    const list = Array.isArray(given[group]) ? (given[group] as Record<string, unknown>[]) : [];
    return list.map((one) => {
      const text = choiceText(words, group, String(one?.['value']));
      return one?.['extraTokens'] ? `${text} +${String(one['extraTokens'])}` : text;
    });
  });
  return texts.join(', ');
}
