/** Which modes the `modes` attribute asks for. */

/** `cover` is part of the first script; the others come when they are first shown. */
export const modeNames = [
  'cover',
  'scenes',
  'text-to-video',
  'image-to-video',
  'text-to-image',
  'image-to-image',
  'library',
] as const;
export type ModeName = (typeof modeNames)[number];

/** A mode that is loaded when it is first shown. */
export type LoadedMode = Exclude<ModeName, 'cover'>;

/** The known words in the order of the attribute, each once; `cover` when there is none. */
export function modeList(attribute: string | null | undefined): ModeName[] {
  const words = new Set(attribute?.split(/\s+/));
  const known = [...words].filter((word): word is ModeName => modeNames.includes(word as ModeName));
  return known.length > 0 ? known : ['cover'];
}
