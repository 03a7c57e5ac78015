import { invalid } from './kling-answers.ts';
import type { KlingModel } from './kling-models.ts';

/** What a create request is judged by, besides the request itself. */
export type CreateRules = {
  /** Refuse unknown body fields, which Kling itself ignores. */
  strict: boolean;
  /** Order small clips and pictures of a plain scene. */
  tiny: boolean;
  /** Throws KlingRefusal when the model name is in the discontinued set; picture models stand there behind `images/`. */
  refuseDiscontinued: (name: string) => void;
};

/** Legacy words; the new standard calls them 720p, 1080p and 4k. */
export type Mode = 'std' | 'pro' | '4k';

/** The same mode; throws KlingRefusal 1201 when the model, asked for by this name, has no 4K. */
export function checkMode(model: KlingModel, { mode, name }: { mode: Mode; name: string }): Mode {
  if (mode === '4k' && model.silentRates['4k'] === undefined) {
    throw invalid(`4k mode is not supported by the current model: ${name}`);
  }
  return mode;
}

/** The same seconds, or KlingRefusal 1201 when the model cannot do them. */
export function checkSeconds(model: KlingModel, seconds: number): number {
  const inRange = seconds >= model.minSeconds && seconds <= model.maxSeconds;
  if (!inRange || (model.fiveOrTen && seconds !== 5 && seconds !== 10)) {
    throw invalid(`duration value '${seconds}' is invalid`);
  }
  return seconds;
}

/** Whether the clip gets a sound track; throws KlingRefusal 1201 when it was wished for and cannot be. */
export function checkSound(model: KlingModel, { mode, wished }: { mode: Mode; wished: boolean }): boolean {
  if (model.sound === 'always') return true;
  if (!wished) return false;
  if (model.sound === 'never') throw invalid('Sound is not supported by the current model');
  if (model.sound === 'pro only' && mode === 'std') {
    throw invalid('Sound is not supported by the current model in std mode');
  }
  return true;
}

/** Whether a clip of this kind may have an end frame. */
export function takesEndFrame(model: KlingModel, { mode, sound }: { mode: Mode; sound: boolean }): boolean {
  if (model.endFrame === 'never') return false;
  if (model.endFrame === 'any mode') return true;
  return mode !== 'std' && (model.endFrame === 'pro only' || !sound);
}

/** Billing units as a decimal string, such as "1.5" (one unit is about $0.14). */
export function unitsFor(model: KlingModel, ask: { mode: Mode; seconds: number; sound: boolean }): string {
  const rate = (ask.sound ? model.soundRates : model.silentRates)[ask.mode] ?? 0;
  return String(Math.round(rate * ask.seconds * 100) / 100);
}

/** A frame without a picture, for text to video; `ratio` such as "16:9". */
export function plainFrame(ratio: string): { bytes: null; width: number; height: number } {
  const [width = 16, height = 9] = ratio.split(':').map(Number);
  return { bytes: null, width, height };
}
