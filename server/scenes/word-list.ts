/** A run of letters, marks and digits, or one sign; what lies between says nothing. */
const piece = /[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]/gu;

/** Letters that look or sound alike are made one: forms and widths (NFKC), case, ё and е; invisible ones are dropped. */
function piecesOf(text: string): string[] {
  const plain = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase()
    .replaceAll('ё', 'е');
  return plain.match(piece) ?? [];
}

/**
 * Finds words and phrases of a list in texts, whole ones only: `мат` is not in `математика`. A phrase is met with any
 * space between its words. No pattern is made of the words, and only those that begin alike are compared.
 */
export function createWordList(words: readonly string[]) {
  const byFirst = new Map<string, string[][]>();
  for (const word of words) {
    const pieces = piecesOf(word);
    const [first] = pieces;
    if (first !== undefined) byFirst.set(first, [...(byFirst.get(first) ?? []), pieces]);
  }
  return {
    isIn(text: string): boolean {
      if (byFirst.size === 0) return false;
      const pieces = piecesOf(text);
      return pieces.some((first, at) =>
        byFirst.get(first)?.some((phrase) => phrase.every((wanted, index) => pieces[at + index] === wanted)),
      );
    },
  };
}
