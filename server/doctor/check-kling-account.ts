import type { KlingCheck } from '../providers/kling-check.ts';
import type { Finding } from './finding.ts';

/** Kling's own checks as findings: credentials, address, connection, clock, permission, packs. Skipped ones are left out. */
export function klingFindings(checks: KlingCheck[]): Finding[] {
  return checks.flatMap(({ name, state, text }): Finding[] =>
    state === 'skipped' ? [] : [{ id: `kling-${name.replaceAll(' ', '-')}`, state, text }],
  );
}
