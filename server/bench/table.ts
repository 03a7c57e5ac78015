import type { Row } from './goal.ts';

const head = ['id', 'figure', 'ours', 'floor or peer', 'ratio', 'spread', 'goal', 'met'];

/** The rows as a Markdown table, with their notes below. */
export function markdownTable(rows: readonly Row[]): string {
  const lines = rows.map(({ id, what, figure, floor, ratio, spread, goal, met }) => [
    id,
    what,
    figure,
    floor,
    ratio,
    spread,
    goal,
    met === null ? '–' : met ? 'yes' : '**no**',
  ]);
  const all = [head, head.map(() => '---'), ...lines];
  const table = all.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const notes = rows.flatMap(({ id, note }) => (note ? [`- ${id}: ${note}`] : []));
  return notes.length > 0 ? `${table}\n\n${notes.join('\n')}` : table;
}
