import { offerFaults, type OfferFault } from '../jobs/choices.ts';
import { makesVideo } from '../jobs/job.ts';
import { modelFaults } from '../jobs/models.ts';
import type { PresetChange } from '../store/presets.ts';
import type { PresetChoices, PresetRow } from '../store/schema.ts';
import type { Problems } from './form.ts';
import type { ProblemKey } from './i18n/dictionary.ts';
import type { ModelChoice } from './models.ts';
import { rulesOf, type PresetFacts } from './preset-fields.ts';

/** What a form makes of a preset. */
export type PresetDraft = Required<
  Pick<
    PresetChange,
    'provider' | 'model' | 'mode' | 'seconds' | 'aspectRatio' | 'sound' | 'titles' | 'rules' | 'choices'
  >
>;

type Say = (field: string, key: ProblemKey) => void;

/** What no single field can tell: what the model cannot do, and rules of a marketplace that every file would break. */
export function checkPreset(
  kind: PresetRow['kind'],
  { draft, form, model }: { draft: PresetDraft; form: PresetFacts; model: ModelChoice },
): Problems {
  const problems: Problems = {};
  const say: Say = (field, key) => void (problems[field] ??= key);
  if (makesVideo(kind) && draft.seconds < 1) say('seconds', 'seconds');
  checkOwn(kind, { draft, model }, say);
  if (Object.keys(problems).length === 0) checkChoices(kind, draft, say);
  checkRules(form, draft.choices, say);
  return problems;
}

function checkOwn(kind: PresetRow['kind'], { draft, model }: { draft: PresetDraft; model: ModelChoice }, say: Say) {
  const faults = model.listed ? modelFaults(model.listed, { kind, ...draft }) : [];
  if (faults.includes('kind')) say('model', 'model');
  if (faults.includes('seconds')) say('seconds', 'secondsModel');
  if (faults.includes('sound')) say('sound', draft.sound ? 'soundModel' : 'soundAlways');
  if (faults.includes('aspectRatio')) say('aspectRatio', 'ratioModel');
}

/** Where a fault of a combination is shown, when the preset's own values are sound. */
const choiceProblems: Record<OfferFault, [field: string, key: ProblemKey]> = {
  kind: ['choices-modes', 'choiceModes'],
  mode: ['choices-modes', 'choiceModes'],
  sound: ['choices-modes', 'choiceSound'],
  seconds: ['choices-seconds', 'choiceSeconds'],
  aspectRatio: ['choices-aspectRatios', 'choiceRatios'],
};

function checkChoices(kind: PresetRow['kind'], draft: PresetDraft, say: Say): void {
  for (const fault of offerFaults({ kind, tokensCost: 1, ...draft })) say(...choiceProblems[fault]);
}

/** A rule that every file would break is a slip, so it is said here and not by failed checks. */
function checkRules(form: PresetFacts, choices: PresetChoices, say: Say): void {
  const rules = rulesOf(form);
  if (!rules) return;
  const { minSeconds, maxSeconds } = rules;
  const isTold = (seconds: number) => seconds >= (minSeconds ?? 0) && seconds <= (maxSeconds ?? Infinity);
  if (rules.marketplace === '') say('marketplace', 'marketplaceEmpty');
  if (rules.source === '') say('source', 'sourceEmpty');
  if (minSeconds !== null && maxSeconds !== null && maxSeconds < minSeconds) say('maxSeconds', 'ruleOrder');
  else if (!isTold(form.seconds)) say('seconds', 'secondsRule');
  else if (choices.seconds?.some(({ value }) => !isTold(value))) say('choices-seconds', 'choiceRule');
  if (rules.aspectRatio !== null && rules.aspectRatio !== form.aspectRatio) say('ruleRatio', 'ratioRule');
  else if (rules.aspectRatio !== null && choices.aspectRatios) say('choices-aspectRatios', 'choiceRule');
  if (rules.containers.length > 0 && !rules.containers.includes('mp4')) say('containers', 'ruleContainers');
}
