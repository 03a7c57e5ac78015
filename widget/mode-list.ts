/** Which modes the `modes` attribute asks for. */
import type { Texts } from './i18n/i18n.ts';

/** A mode that is loaded when it is first shown. */
export type LoadedMode = keyof Texts['modes'];

/** `cover` is part of the first script. */
export type ModeName = 'cover' | LoadedMode;

const isMode = (word: string): word is ModeName => /^(cover|scenes|library|(text|image)-to-(video|image))$/.test(word);

/** The known words in the order of the attribute, each once; `cover` when there is none. */
export function modeList(attribute: string | null | undefined): ModeName[] {
  const known = [...new Set(attribute?.split(/\s+/))].filter(isMode);
  return known.length > 0 ? known : ['cover'];
}
