import type { KieFailure } from './kie-pictures.ts';
import type { Markers } from './markers.ts';
import type { TimedStep } from './task-timeline.ts';

/** Kie.ai's words. `paused` exists only on demand (`[[sim:unknown-status]]`). */
export type KieState = 'waiting' | 'queuing' | 'generating' | 'paused' | 'success' | 'fail';

/** How long a task waits and works, in milliseconds. */
export type KieTimings = { waitingMs: number; processingMs: number };

/** One change of state; `failure` belongs to `fail`. */
export type Step = TimedStep & { state: KieState; failure: KieFailure | null };

/** Quoted from failed tasks by clients in 2025 and 2026; none of these texts stands on the vendor's pages. */
const POLICY: KieFailure = {
  failCode: '400',
  failMsg: 'Your prompt was flagged by Website as violating content policies.',
};
const INTERNAL: KieFailure = { failCode: '500', failMsg: 'Internal Error, Please try again later.' };
const NO_RESULT: KieFailure = { failCode: 'GENERATION_FAILED', failMsg: 'Generation failed.' };

/** A step to a state; success waits for the result. */
export function stepTo(state: KieState, { atMs, failure = null }: { atMs: number; failure?: KieFailure | null }): Step {
  return { atMs, state, failure, needsResult: state === 'success' };
}

/** The way of a task with these markers, from `nowMs` on. */
export function stepsFor(markers: Markers, timings: KieTimings & { nowMs: number }): Step[] {
  const pace = markers.has('slow') ? 10 : 1;
  const startsAtMs = timings.nowMs + timings.waitingMs * pace;
  const endsAtMs = startsAtMs + timings.processingMs * pace;
  if (markers.has('fail')) return [stepTo('fail', { atMs: startsAtMs, failure: POLICY })];
  if (markers.has('straight')) return [stepTo('success', { atMs: endsAtMs })];
  const queued = stepTo('queuing', { atMs: timings.nowMs + (timings.waitingMs * pace) / 2 });
  const started = [...(markers.has('queuing') ? [queued] : []), stepTo('generating', { atMs: startsAtMs })];
  if (markers.has('never')) return started;
  const failure = lateFailure(markers);
  if (failure) return [...started, stepTo('fail', { atMs: endsAtMs, failure })];
  if (markers.has('unknown-status')) {
    started.push(stepTo('paused', { atMs: startsAtMs + (timings.processingMs * pace) / 2 }));
  }
  return [...started, stepTo('success', { atMs: endsAtMs })];
}

function lateFailure(markers: Markers): KieFailure | null {
  if (markers.has('fail-later')) return INTERNAL;
  if (markers.has('fail-word')) return NO_RESULT;
  const code = markers.numberAfter('fail-');
  return code === null ? null : { failCode: String(code), failMsg: `Generation failed with code ${code}.` };
}
