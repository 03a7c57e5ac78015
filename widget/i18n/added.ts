/** Words of the host page: for a language the widget does not speak, or instead of ours. */
import type { ModeTexts } from '../modes/i18n/en.ts';
import type { ErrorText, Texts } from './en.ts';
import type { Language } from './i18n.ts';

type Word = ErrorText | ((...facts: never[]) => string);

/** As much as the host has to say. */
export type Some<T> = { [Key in keyof T]?: (T[Key] extends Word ? T[Key] : Some<T[Key]>) | undefined };

/** What a page may add for a language. */
export interface AddedTexts {
  /** Says what is left out; the language itself when it is one of ours, else English. */
  base?: Language | undefined;
  /** Of the mode `cover`, and what all modes share. */
  texts?: Some<Texts> | undefined;
  /** Of the other modes. */
  modeTexts?: Some<ModeTexts> | undefined;
}

/** Theirs where there are some, ours where not. Whatever a page gives becomes text and is never markup. */
export function worded<T extends object>(ours: T, theirs: Some<T>): T {
  const all = { ...ours } as Record<string, unknown>;
  for (const [key, word] of Object.entries<unknown>(theirs)) {
    const our = all[key];
    if (our === undefined || word == null) continue;
    if (typeof our === 'object') all[key] = worded(our!, word);
    else if (typeof word === 'function') all[key] = (...facts: unknown[]) => String(word(...facts));
    else all[key] = typeof our === 'function' ? () => String(word) : String(word);
  }
  return all as T;
}
