/** The texts of the modes, in the language of the element. Only the language in use is loaded. */
import { worded, type Some } from '../../i18n/added.ts';
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

interface Wanted {
  base: Language;
  /** What the page has added to it. */
  modeTexts: Some<ModeTexts>[];
}

/** The texts, or undefined while they are on their way; `onLoad` is called when they have come. */
export function modeTextsFor({ base, modeTexts }: Wanted, onLoad: () => void): ModeTexts | undefined {
  const texts = loaded.get(base);
  if (texts) return modeTexts.reduce<ModeTexts>(worded, texts);
  void sources[base]().then(
    (come) => {
      loaded.set(base, come);
      onLoad();
    },
    () => setTimeout(onLoad, retryAfterMs),
  );
  return undefined;
}
