import { invalid } from './kling-answers.ts';
import { choiceField, objectField, textField } from './kling-fields.ts';
import type { KlingModel } from './kling-models.ts';
import type { Fields } from './simulator-http.ts';

const MAX_SHOTS = 6;
const MAX_SHOT_PROMPT = 512;

type Shot = { prompt: string; seconds: number };

/**
 * Legacy `multi_shot`, off unless asked for: with `shot_type` "customize" the shots stand in `multi_prompt`, with
 * "intelligence" the model cuts. Throws KlingRefusal 1201; the words were never recorded.
 */
export function readLegacyShots(fields: Fields, { model, seconds }: { model: KlingModel; seconds: number }): boolean {
  if (fields['multi_shot'] !== true) return false;
  if (!model.multiShot) throw invalid('Multi shot is not supported by the current model');
  const type = choiceField(fields, 'shot_type', { allowed: ['customize', 'intelligence'], standard: '' });
  if (type === '') throw invalid('shot_type can not be null');
  if (type === 'customize') checkShots(readMultiPrompt(fields['multi_prompt']), seconds);
  return true;
}

/**
 * New `settings.multi_shot`, on unless switched off: then a prompt of the form "shot 1, 3, words; shot 2, 2, words;" is
 * read as shots. Throws KlingRefusal 1201; the words were never recorded.
 */
export function readNewShots(
  settings: Fields,
  { model, prompt, seconds }: { model: KlingModel; prompt: string; seconds: number },
): boolean {
  if (!model.multiShot) return false;
  const wished = settings['multi_shot'] ?? true;
  if (typeof wished !== 'boolean') throw invalid('multi_shot must be a boolean');
  const written = Array.from(prompt.matchAll(/\bshot\s+\d+\s*,\s*(\d+)\s*,([^;]*);?/gi), ([, length, words]) => ({
    seconds: Number(length),
    prompt: words!.trim(),
  }));
  if (wished && written.length > 0) checkShots(written, seconds);
  return wished;
}

function readMultiPrompt(value: unknown): Shot[] {
  if (!Array.isArray(value) || value.length === 0) throw invalid('multi_prompt can not be null');
  return value.map((item) => {
    const shot = objectField({ item }, 'item');
    const duration = textField(shot, 'duration') ?? '';
    return { prompt: textField(shot, 'prompt') ?? '', seconds: /^\d+$/.test(duration) ? Number(duration) : 0 };
  });
}

function checkShots(shots: Shot[], seconds: number): void {
  if (shots.length > MAX_SHOTS) throw invalid(`The number of shots can not exceed ${MAX_SHOTS}`);
  for (const shot of shots) {
    if (shot.seconds < 1) throw invalid('The duration of a shot can not be less than 1');
    if (shot.prompt.length > MAX_SHOT_PROMPT) throw invalid(`The prompt of a shot can not exceed ${MAX_SHOT_PROMPT}`);
  }
  const sum = shots.reduce((total, shot) => total + shot.seconds, 0);
  if (sum !== seconds) throw invalid('The durations of the shots must add up to the duration of the video');
}
