/** Finds the language of an element and its texts. Texts are resolved at render, so a later change of `lang` works. */
import type { AnyCode, Facts } from '../api-error.ts';
import { sameText } from './codes.ts';
import type { ErrorText, Texts } from './en.ts';

export type { Texts } from './en.ts';

/** A language that could not be loaded is asked for again; until then the earlier one stays. */
const retryAfterMs = 3000;

/** Languages the widget speaks. */
export const languages = ['en', 'ru', 'vi'] as const;
export type Language = (typeof languages)[number];

type Dictionary = Record<Language, Texts | (() => Promise<Texts>)>;
let dictionary: Dictionary;

/** The script-tag build brings all texts along; the ES module loads one language when it is needed. */
export function setDictionary(source: Dictionary): void {
  dictionary = source;
}

/** The texts, or undefined while they are on their way; `onLoad` is called when they have come. */
export function textsFor(language: Language, onLoad: () => void): Texts | undefined {
  const texts = dictionary[language];
  if (typeof texts !== 'function') return texts;
  void texts().then(
    (loaded) => {
      dictionary[language] = loaded;
      onLoad();
    },
    () => setTimeout(onLoad, retryAfterMs),
  );
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
