import { invalid } from './kling-answers.ts';
import type { KlingModel } from './kling-models.ts';

/** What a create request is judged by, besides the request itself. */
export type CreateRules = {
  /** Refuse unknown body fields, which Kling itself ignores. */
  strict: boolean;
  /** Order small clips of a plain scene. */
  tiny: boolean;
  /** Throws KlingRefusal when the model name is in the discontinued set. */
  refuseDiscontinued: (name: string) => void;
};

/** The same seconds, or KlingRefusal 1201 when the model cannot do them. */
export function checkSeconds(model: KlingModel, seconds: number): number {
  const inRange = seconds >= model.minSeconds && seconds <= model.maxSeconds;
  if (!inRange || (model.fiveOrTen && seconds !== 5 && seconds !== 10)) {
    throw invalid(`duration value '${seconds}' is invalid`);
  }
  return seconds;
}

/** Billing units as a decimal string, such as "1.5" (one unit is about $0.14). Sound's surcharge is left out. */
export function unitsFor(model: KlingModel, { mode, seconds }: { mode: string; seconds: number }): string {
  const rate = mode === 'std' ? model.unitsPerSecond : model.unitsPerSecondPro;
  return String(Math.round(rate * seconds * 100) / 100);
}

/** A frame without a picture, for text to video; `ratio` such as "16:9". */
export function plainFrame(ratio: string): { bytes: null; width: number; height: number } {
  const [width = 16, height = 9] = ratio.split(':').map(Number);
  return { bytes: null, width, height };
}
