/** Finds the language of an element and its texts. Texts are resolved at render, so a later change of `lang` works. */
import type { AnyCode, Facts } from '../api-error.ts';
import { sameText } from './codes.ts';
import type { ModeTexts } from '../modes/i18n/en.ts';
import { worded, type AddedTexts, type Some } from './added.ts';
import type { ErrorText, Texts } from './en.ts';

export type { AddedTexts } from './added.ts';
export type { Texts } from './en.ts';

/** A language that could not be loaded is asked for again; until then the earlier one stays. */
const retryAfterMs = 3000;

/** Languages the widget speaks. */
export const languages = ['en', 'ru', 'vi'] as const;
export type Language = (typeof languages)[number];

type Dictionary = Record<Language, Texts | (() => Promise<{ texts: Texts }>)>;
let dictionary: Dictionary;

/** The script-tag build brings all texts along; the ES module loads one language when it is needed. */
export function setDictionary(source: Dictionary): void {
  dictionary = source;
}

interface Added {
  base: Language;
  texts: Some<Texts>[];
  modeTexts: Some<ModeTexts>[];
}
const added = new Map<string, Added>();

/** Adds to what was added before. Throws RangeError for what is no language tag (BCP 47). */
export function addTexts(language: string, { base, texts = {}, modeTexts = {} }: AddedTexts): void {
  const tag = Intl.getCanonicalLocales(language)[0]!.toLowerCase();
  const before = addedTo(tag);
  added.set(tag, {
    base: base ?? before.base,
    texts: [...before.texts, texts],
    modeTexts: [...before.modeTexts, modeTexts],
  });
}

/** What the page has added to the language, in its order, and which of ours says the rest. */
export const addedTo = (language: string): Added =>
  added.get(language) ?? {
    base: languages.find((each) => each === primary(language)) ?? 'en',
    texts: [],
    modeTexts: [],
  };

/** `pt-br` → `pt`. */
const primary = (tag: string) => tag.split('-')[0]!;

/** The texts, or undefined while they are on their way; `onLoad` is called when they have come. */
export function textsFor(language: string, onLoad: () => void): Texts | undefined {
  const { base, texts: theirs } = addedTo(language);
  const texts = dictionary[base];
  if (typeof texts !== 'function') return theirs.reduce<Texts>(worded, texts);
  void texts().then(
    (loaded) => {
      dictionary[base] = loaded.texts;
      onLoad();
    },
    () => setTimeout(onLoad, retryAfterMs),
  );
  return undefined;
}

/** `ru-RU` → `ru`, unless the page has added `ru-RU` itself; undefined for a language without texts. */
function known(tag: string | null): string | undefined {
  const lower = tag?.toLowerCase() ?? '';
  const isKnown = (each: string) => added.has(each) || languages.some((ours) => ours === each);
  return [lower, primary(lower)].find(isKnown);
}

/** The element's own `lang`, else the nearest ancestor's (through shadow roots), else the browser's, else English. */
export function languageOf(element: HTMLElement): string {
  let node: Node | null = element;
  while (node) {
    // The element's attribute follows its property one drawing later.
    const tag = node === element ? element.lang : node instanceof Element ? node.getAttribute('lang') : null;
    const language = known(tag);
    if (language) return language;
    if (tag) break;
    node = node instanceof ShadowRoot ? node.host : node.parentNode;
  }
  return navigator.languages.map(known).find(Boolean) ?? 'en';
}

/** The sentence for an error code; a code from a newer server falls back on "unavailable". */
export function errorText(texts: Texts, code: AnyCode, facts: Facts = {}): string {
  const known: Partial<Record<string, ErrorText>> = texts.errors;
  const same: Partial<Record<string, string>> = sameText;
  const text = known[same[code] ?? code] ?? texts.errors.unavailable;
  return typeof text === 'function' ? text(facts) : text;
}
