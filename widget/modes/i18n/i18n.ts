/** The texts of the modes, in the language of the element. Only the language in use is loaded. */
import type { Language } from '../../i18n/i18n.ts';
import type { ModeTexts } from './en.ts';

export type { ModeTexts } from './en.ts';

/** A language that could not be loaded is asked for again; until then the earlier one stays. */
const retryAfterMs = 3000;

const sources: Record<Language, () => Promise<ModeTexts>> = {
  en: async () => (await import('./en.ts')).modesEn,
  ru: async () => (await import('./ru.ts')).modesRu,
  vi: async () => (await import('./vi.ts')).modesVi,
};
const loaded = new Map<Language, ModeTexts>();

/** The texts, or undefined while they are on their way; `onLoad` is called when they have come. */
export function modeTextsFor(language: Language, onLoad: () => void): ModeTexts | undefined {
  const texts = loaded.get(language);
  if (texts) return texts;
  void sources[language]().then(
    (come) => {
      loaded.set(language, come);
      onLoad();
    },
    () => setTimeout(onLoad, retryAfterMs),
  );
  return undefined;
}
