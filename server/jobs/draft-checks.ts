import { findModel, modelFaults } from './models.ts';
import { fillPrompt, maxPromptLength, unknownVariables, type PromptVariable } from './prompt.ts';
import { makesVideo } from './job.ts';
import type { TryDraft } from './tryout.ts';

export type SampleOrder = { [name in PromptVariable]: string };

/** One of the provider's limits against the draft. `actual` is a length, a number of seconds, a name. */
export interface TryCheck {
  check: 'model' | 'seconds' | 'sound' | 'aspectRatio' | 'variables' | 'prompt' | 'negativePrompt';
  passes: boolean;
  actual: string | number;
}

/** The draft against the provider's limits, one line per limit. Of a model that is in no list only the texts are checked. */
export function checkDraft(draft: TryDraft, order: SampleOrder): TryCheck[] {
  const model = findModel(draft);
  const listed = model?.kinds.includes(draft.kind) ?? false;
  const longest = model?.maxPromptLength ?? maxPromptLength;
  const prompt = fillPrompt(draft.prompt, order, longest);
  const negativePrompt = fillPrompt(draft.negativePrompt, order);
  const unknown = unknownVariables(`${draft.prompt}\n${draft.negativePrompt}`);
  return [
    { check: 'model', passes: listed, actual: `${draft.model} · ${draft.mode}` },
    ...(listed ? makingChecks(draft) : []),
    { check: 'variables', passes: unknown.length === 0, actual: unknown.map((name) => `{${name}}`).join(' ') },
    { check: 'prompt', passes: prompt !== '' && prompt.length <= longest, actual: prompt.length },
    { check: 'negativePrompt', passes: negativePrompt.length <= maxPromptLength, actual: negativePrompt.length },
  ];
}

/** A picture has neither length nor sound. */
function makingChecks(draft: TryDraft): TryCheck[] {
  const faults = modelFaults(findModel(draft)!, draft);
  const checks: TryCheck[] = [
    { check: 'seconds', passes: !faults.includes('seconds'), actual: draft.seconds },
    { check: 'sound', passes: !faults.includes('sound'), actual: draft.sound ? 'on' : 'off' },
    { check: 'aspectRatio', passes: !faults.includes('aspectRatio'), actual: draft.aspectRatio },
  ];
  return makesVideo(draft.kind) ? checks : checks.slice(2);
}
