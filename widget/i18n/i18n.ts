/** Finds the language of an element and its texts. Texts are resolved at render, so a later change of `lang` works. */
import type { AnyCode, Facts } from '../api-error.ts';
import { en, sameText, type ErrorText, type Texts } from './en.ts';

export type { Texts } from './en.ts';

/** English is always there, as the fallback. The others are chunks of the ES module and part of the script-tag build. */
const loaders = {
  ru: async () => (await import('./ru.ts')).ru,
  vi: async () => (await import('./vi.ts')).vi,
};
const loaded: Partial<Record<Language, Texts>> = { en };

/** Languages the widget speaks. */
export type Language = 'en' | keyof typeof loaders;
export const languages: readonly Language[] = ['en', 'ru', 'vi'];

/** The texts, or undefined while they are on their way; `onLoad` is called when they have come. */
export function textsFor(language: Language, onLoad: () => void): Texts | undefined {
  if (loaded[language] || language === 'en') return loaded[language];
  const keep = (texts: Texts) => {
    loaded[language] = texts;
    onLoad();
  };
  void loaders[language]().then(keep, () => keep(en));
  return undefined;
}

/** `ru-RU` → `ru`; undefined for a language the widget does not speak. */
function known(tag: string | null | undefined): Language | undefined {
  const base = tag?.toLowerCase().split('-')[0];
  return languages.find((language) => language === base);
}

/** The element's own `lang`, else the nearest ancestor's (through shadow roots), else the browser's, else English. */
export function languageOf(element: HTMLElement): Language {
  let node: Node | null = element;
  while (node) {
    const tag = node instanceof Element ? node.getAttribute('lang') : null;
    if (tag && known(tag)) return known(tag)!;
    if (tag) break;
    node = node instanceof ShadowRoot ? node.host : node.parentNode;
  }
  return navigator.languages.map(known).find((language) => language !== undefined) ?? 'en';
}

/** The sentence for an error code; a code from a newer server falls back on "unavailable". */
export function errorText(texts: Texts, code: AnyCode, facts: Facts = {}): string {
  const known: Partial<Record<string, ErrorText>> = texts.errors;
  const same: Partial<Record<string, string>> = sameText;
  const text = known[same[code] ?? code] ?? texts.errors.unavailable;
  return typeof text === 'function' ? text(facts) : text;
}
