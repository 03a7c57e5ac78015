/** A run of text that both have, that only the old one had, or that only the new one has. */
export interface DiffPart {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** Past this many word pairs the table is not worth its memory: the middle is shown as replaced. */
const maxPairs = 4_000_000;

/**
 * The difference of two texts in whole words, by their longest common subsequence (Hunt and McIlroy, 1976): all parts in
 * order; those that are not `added` make the old text, those that are not `removed` the new one.
 */
export function wordDiff(before: string, after: string): DiffPart[] {
  const [old, young] = [wordsOf(before), wordsOf(after)];
  let start = 0;
  while (start < old.length && start < young.length && old[start] === young[start]) start++;
  let end = 0;
  while (end < old.length - start && end < young.length - start && old.at(-1 - end) === young.at(-1 - end)) end++;
  const middle = middleDiff(old.slice(start, old.length - end), young.slice(start, young.length - end));
  const same = (words: string[]): DiffPart => ({ kind: 'same', text: words.join('') });
  return joined([same(old.slice(0, start)), ...middle, same(old.slice(old.length - end))]);
}

/** Words and what stands between them, so that joined they are the text again. */
const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+|\s+|[^\p{L}\p{N}\s]/gu) ?? [];

function middleDiff(old: string[], young: string[]): DiffPart[] {
  const parts: DiffPart[] = [];
  let [i, j] = [0, 0];
  if (old.length * young.length <= maxPairs) {
    const common = commonLengths(old, young);
    const width = young.length + 1;
    while (i < old.length && j < young.length) {
      if (old[i] === young[j]) {
        parts.push({ kind: 'same', text: old[i++]! });
        j++;
      } else if (common[(i + 1) * width + j]! >= common[i * width + j + 1]!)
        parts.push({ kind: 'removed', text: old[i++]! });
      else parts.push({ kind: 'added', text: young[j++]! });
    }
  }
  parts.push({ kind: 'removed', text: old.slice(i).join('') }, { kind: 'added', text: young.slice(j).join('') });
  return parts;
}

/** How many words the rest of `old` from i and the rest of `young` from j have in common, row by row. */
function commonLengths(old: string[], young: string[]): Uint16Array {
  const width = young.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = young.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        old[i] === young[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
  return lengths;
}

/** Runs of one kind. Between changes a space or a mark alone is no common ground: it is part of both. */
function joined(parts: DiffPart[]): DiffPart[] {
  const runs: DiffPart[] = [];
  let [removed, added, between] = ['', '', ''];
  const push = (kind: DiffPart['kind'], text: string) => {
    const last = runs.at(-1);
    if (text !== '' && last?.kind === kind) last.text += text;
    else if (text !== '') runs.push({ kind, text });
  };
  const close = () => {
    push('removed', removed);
    push('added', added);
    push('same', between);
    [removed, added, between] = ['', '', ''];
  };
  for (const { kind, text } of parts) {
    if (kind === 'same') {
      if (hasWord.test(text)) close();
      if (removed + added === '') push('same', text);
      else between += text;
    } else if (text !== '') {
      removed += between + (kind === 'removed' ? text : '');
      added += between + (kind === 'added' ? text : '');
      between = '';
    }
  }
  close();
  return runs;
}

const hasWord = /[\p{L}\p{N}]/u;
