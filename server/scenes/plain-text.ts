/** One line without control characters; empty when nothing is left. */
export const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

/** At most so many UTF-16 units, cut at a word where one ends in the last half, never inside a surrogate pair. */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const cut = text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
  const lastSpace = cut.lastIndexOf(' ');
  return (text[maxLength] !== ' ' && lastSpace > cut.length / 2 ? cut.slice(0, lastSpace) : cut).trimEnd();
}
