/** Finds the language of an element and its texts. Texts are resolved at render, so a later change of `lang` works. */
import type { AnyCode, Facts } from '../api-error.ts';
import { en, type Texts } from './en.ts';
import { ru } from './ru.ts';
import { vi } from './vi.ts';

export type { Texts } from './en.ts';

/** Languages the widget speaks; the first is the fallback. */
export const languages = { en, ru, vi } satisfies Record<string, Texts>;
export type Language = keyof typeof languages;

/** `ru-RU` → `ru`; undefined for a language the widget does not speak. */
function known(tag: string | null | undefined): Language | undefined {
  const base = tag?.toLowerCase().split('-')[0];
  return base && Object.hasOwn(languages, base) ? (base as Language) : undefined;
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
  const text = texts.errors[code] ?? texts.errors.unavailable;
  return typeof text === 'function' ? text(facts) : text;
}
