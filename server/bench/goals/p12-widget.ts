import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Goal, Row } from '../goal.ts';

const budget = fileURLToPath(new URL('../../../.tools/budget.mjs', import.meta.url));
const line = /^widget, (ES module|script tag): ([\d.]+) kB gzip of ([\d.]+) kB$/gm;

/** What the widget costs a page, as its budget says. */
export const widgetBytes: Goal = {
  id: 'P12',
  async run() {
    const { stdout, stderr } = spawnSync(process.execPath, [budget], { encoding: 'utf8' });
    const rows = [...stdout.matchAll(line)].map(([, name, kB, most]): Row => ({
      id: 'P12',
      what: `widget \`cover\`, ${name}, gzip`,
      figure: `${kB} kB`,
      floor: '–',
      ratio: '–',
      spread: '–',
      goal: `≤ ${Number(most)} kB`,
      met: Number(kB) <= Number(most),
    }));
    if (rows.length === 0) throw new Error(stderr || 'the budget says nothing of the widget');
    return rows;
  },
};
