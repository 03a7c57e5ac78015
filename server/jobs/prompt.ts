/** What an operator may write in braces in a prompt; each is filled from the order when the job is made. */
export const promptVariables = ['title', 'description'] as const;
export type PromptVariable = (typeof promptVariables)[number];

/** Kling's limit for prompt and negative prompt (legacy image-to-video parameters, captured 2026-06). */
export const maxPromptLength = 2500;

/** A name in braces. `{7*7}`, `{}` and `[[…]]` are no names and stay as they are. */
const holePattern = /\{([\p{L}_][\p{L}\p{N}_-]*)\}/gu;
/** Stands for a hole without a value; a prompt cannot hold it, because forms and JSON texts lose their NUL. */
const gap = '\0';

/** Names in braces that stand for nothing, each once, in their order. */
export function unknownVariables(template: string): string[] {
  const names = [...template.matchAll(holePattern)].map(([, name]) => name!);
  return [...new Set(names)].filter((name) => !isVariable(name));
}

/**
 * The prompt as it is sent: every variable replaced by its value as plain text on one line, never read for variables
 * again. A missing value takes the spaces, quotes or line around it along. Values are shortened, from the last variable
 * to the first, so that the whole fits `maxLength` UTF-16 units; the operator's own words never are.
 */
export function fillPrompt(
  template: string,
  values: { [name in PromptVariable]?: string | null },
  maxLength = maxPromptLength,
): string {
  const counts = new Map<string, number>();
  for (const [, name] of template.matchAll(holePattern)) counts.set(name!, (counts.get(name!) ?? 0) + 1);
  let room = maxLength - template.replace(holePattern, (hole, name) => (isVariable(name) ? '' : hole)).length;
  const fitting = new Map<string, string>();
  for (const name of promptVariables) {
    const count = counts.get(name) ?? 0;
    if (count === 0) continue;
    const text = shorten(plain(values[name] ?? ''), Math.floor(room / count));
    fitting.set(name, text);
    room -= text.length * count;
  }
  if (fitting.size === 0) return template;
  return closeGaps(
    template.replace(holePattern, (hole, name: string) => (isVariable(name) ? fitting.get(name) || gap : hole)),
  );
}

const isVariable = (name: string): boolean => promptVariables.some((variable) => variable === name);

/** One line without control characters. */
const plain = (value: string): string => value.replace(/[\s\p{Cc}]+/gu, ' ').trim();

/** Cut at a word where one ends in the last half, never inside a surrogate pair. */
function shorten(text: string, room: number): string {
  if (text.length <= room) return text;
  if (room <= 0) return '';
  const cut = text.slice(0, room).replace(/[\uD800-\uDBFF]$/, '');
  const lastSpace = cut.lastIndexOf(' ');
  return (text[room] !== ' ' && lastSpace > cut.length / 2 ? cut.slice(0, lastSpace) : cut).trimEnd();
}

const quotesAroundGap = /["“”„«»'‘’([]\0["“”„«»'‘’)\]]/g;
const leadingMarks = /^[ .,;:!?…]+/;

function closeGaps(text: string): string {
  if (!text.includes(gap)) return text;
  const lines = text.replace(quotesAroundGap, gap).split('\n');
  const closed = lines.flatMap((line) => {
    if (!line.includes(gap)) return [line];
    const rest = line.split(gap).reduce(closeGap);
    // What is left of a line that was nothing but variables and marks says nothing.
    if (!/[\p{L}\p{N}]/u.test(rest)) return [];
    return [line.trimStart().startsWith(gap) ? rest.replace(leadingMarks, '') : rest];
  });
  return closed.join('\n').trim();
}

/** Two texts with nothing between them any more: one space at most, none before a mark. */
function closeGap(before: string, after: string): string {
  const [left, right] = [before.trimEnd(), after.trimStart()];
  const hadSpace = left !== before || right !== after;
  const needsSpace = hadSpace && left !== '' && right !== '' && !/^[.,;:!?…)\]]/.test(right);
  return needsSpace ? `${left} ${right}` : left + right;
}
