import { counted, type Finding } from './finding.ts';

const marks: Record<Finding['state'], string> = { ok: '✓', warning: '!', failed: '✗' };

/** The findings for a person to read: one line each, what to do under it, and a verdict. */
export function reportOf(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ id }) => id.length));
  const lines = findings.flatMap(({ id, state, text, remedy }) => {
    const line = `${marks[state]} ${id.padEnd(width)}  ${text.trim()}`;
    return remedy === undefined ? [line] : [line, `  ${' '.repeat(width)}  → ${remedy}`];
  });
  return `${lines.join('\n')}\n\n${verdictOf(findings)}\n`;
}

function verdictOf(findings: Finding[]): string {
  const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length;
  const [failed, warnings] = [count('failed'), count('warning')];
  const asides = warnings > 0 ? ` ${counted(warnings, 'warning')}.` : '';
  if (failed === 0) return `All is well.${asides}`;
  return `${counted(failed, 'finding')} need${failed === 1 ? 's' : ''} somebody.${asides}`;
}

/** True when nothing failed; warnings are no failure. */
export function isHealthy(findings: Finding[]): boolean {
  return findings.every(({ state }) => state !== 'failed');
}
