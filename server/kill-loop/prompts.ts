import type { Chance } from './chance.ts';

/** Markers of the simulator (`demo/simulators/README.md`) that let a job end within the loop's time. */
const markers = [
  'lost-answer',
  'lost-before',
  '502-html',
  '500',
  '500-created',
  '504-created',
  'hang',
  'hang-before',
  'no-id',
  'no-id-nothing',
  'busy-twice',
  'refuse-1301',
  'refuse-1201',
  'fail',
  'fail-later',
  'slow',
  'late-visible',
  'query-500',
  'flip',
  'unknown-status',
  'truncated',
  'download-500',
  'expired-url',
  'short-result',
] as const;

/** Half of the prompts are plain; the others make the provider misbehave. */
export function somePrompt(chance: Chance): string {
  return chance.happens(0.5) ? 'A mug on a table' : `A mug on a table [[sim:${chance.pick(markers)}]]`;
}
