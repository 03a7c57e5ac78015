import { z } from 'zod';
import { canMake, findModel, modelKey, videoModels } from '../jobs/models.ts';
import { coverNegativePrompt, coverPrompt } from '../jobs/shipped-presets.ts';
import type { PresetChange } from '../store/presets.ts';
import type { MarketplaceRules, NewPreset, PresetRow } from '../store/schema.ts';
import type { Form } from './form.ts';
import type { ProblemKey } from './i18n/dictionary.ts';
import type { ModelChoice } from './models.ts';
import { expectedRevision, problem, title, tokensTyped } from './preset-form.ts';

const megabyte = 1_000_000;
/** What Kling takes as a picture: up to 1:2.5 either way (image-to-video page, captured 2026-06). */
const maxRatio = 2.5;

/** The tick boxes of file types, by the name that rules have for them. */
export const containerFields = { mp4: 'containerMp4', mov: 'containerMov', webm: 'containerWebm' } as const;

const tick = z.literal('on').optional();
const shortText = z.string().trim().max(300, problem('textLong'));

/** A number as typed, or null for an empty field; a comma is a point too. */
const numberOrNothing = (key: ProblemKey, pattern: RegExp, [least, most]: [number, number]) =>
  z
    .string()
    .transform((text) => text.trim().replace(',', '.'))
    .refine(
      (text) => text === '' || (pattern.test(text) && Number(text) >= least && Number(text) <= most),
      problem(key),
    )
    .transform((text) => (text === '' ? null : Number(text)));

const ratioPattern = /^([1-9]\d{0,2}):([1-9]\d{0,2})$/;
const isRatio = (text: string): boolean => {
  const [, width, height] = ratioPattern.exec(text) ?? [];
  const ratio = Number(width) / Number(height);
  return ratio >= 1 / maxRatio && ratio <= maxRatio;
};

const whole = /^\d{1,4}$/;
const fields = {
  titleRu: title,
  titleEn: title,
  titleVi: title,
  model: z.string(),
  seconds: z
    .string()
    .trim()
    .regex(/^\d{1,2}$/, problem('seconds'))
    .transform(Number)
    .pipe(z.number().min(1, problem('seconds')).max(60, problem('seconds'))),
  aspectRatio: z.string().trim().refine(isRatio, problem('ratio')),
  sound: tick,
  marketplace: shortText,
  minSeconds: numberOrNothing('ruleSeconds', whole, [1, 3600]),
  maxSeconds: numberOrNothing('ruleSeconds', whole, [1, 3600]),
  maxMegabytes: numberOrNothing('ruleMegabytes', /^\d{1,5}(\.\d{1,3})?$/, [0.1, 10_000]),
  containerMp4: tick,
  containerMov: tick,
  containerWebm: tick,
  ruleRatio: z
    .string()
    .trim()
    .refine((text) => text === '' || isRatio(text), problem('ratio')),
  source: shortText,
};

type Facts = z.output<z.ZodObject<typeof fields>>;

/** What no single field can tell. A rule that every clip would break is a slip, so it is said here and not by failed checks. */
function checkTogether(choices: ModelChoice[]) {
  return (form: Facts, context: z.RefinementCtx): void => {
    const say = (field: keyof Facts | 'containers', key: ProblemKey) =>
      context.addIssue({ code: 'custom', path: [field], message: problem(key) });
    const wanted = { seconds: form.seconds, sound: form.sound === 'on' };
    const model = choices.find((choice) => modelKey(choice) === form.model);
    if (!model) say('model', 'model');
    else if (model.listed && !model.listed.seconds.includes(wanted.seconds)) say('seconds', 'secondsModel');
    else if (model.listed && !canMake(model.listed, wanted)) say('sound', 'soundModel');
    const rules = rulesOf(form);
    if (!rules) return;
    const { minSeconds, maxSeconds } = rules;
    if (rules.marketplace === '') say('marketplace', 'marketplaceEmpty');
    if (rules.source === '') say('source', 'sourceEmpty');
    if (minSeconds !== null && maxSeconds !== null && maxSeconds < minSeconds) say('maxSeconds', 'ruleOrder');
    else if (form.seconds < (minSeconds ?? 0) || form.seconds > (maxSeconds ?? Infinity)) say('seconds', 'secondsRule');
    if (rules.aspectRatio !== null && rules.aspectRatio !== form.aspectRatio) say('ruleRatio', 'ratioRule');
    if (rules.containers.length > 0 && !rules.containers.includes('mp4')) say('containers', 'ruleContainers');
  };
}

/** What the edit page sends. `choices` are the models it offered. */
export const presetEditSchema = (choices: ModelChoice[]) =>
  z.object({ expectedRevision, ...fields }).superRefine(checkTogether(choices));

/** What the page of a new preset sends. */
export const newPresetSchema = z
  .object({
    id: z
      .string()
      .trim()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, problem('id'))
      .refine((id) => id !== 'new', problem('idTaken')),
    price: tokensTyped(1_000_000, 'price'),
    ...fields,
  })
  .superRefine(checkTogether(listedModels()));

/** Every model of the list as a choice; and, for a preset whose model is in no list, that one. */
export function listedModels(preset?: PresetRow): ModelChoice[] {
  const listed = videoModels.map((one) => ({ ...one, listed: one }));
  if (!preset || findModel(preset)) return listed;
  const { provider, model, mode } = preset;
  return [{ provider, model, mode, listed: null }, ...listed];
}

/** Null when nothing of the rules is filled in. */
function rulesOf(form: Facts): MarketplaceRules | null {
  const containers = Object.entries(containerFields).flatMap(([name, field]) => (form[field] === 'on' ? [name] : []));
  const { marketplace, minSeconds, maxSeconds, maxMegabytes, ruleRatio, source } = form;
  const given = [marketplace, minSeconds, maxSeconds, maxMegabytes, ruleRatio, source, ...containers];
  if (!given.some(Boolean)) return null;
  const maxBytes = maxMegabytes === null ? null : Math.round(maxMegabytes * megabyte);
  return { marketplace, minSeconds, maxSeconds, maxBytes, containers, aspectRatio: ruleRatio || null, source };
}

/** What the form makes of a preset. */
export function presetChange(form: Facts, choices: ModelChoice[]) {
  const { provider, model, mode } = choices.find((choice) => modelKey(choice) === form.model)!;
  return {
    provider,
    model,
    mode,
    seconds: form.seconds,
    aspectRatio: form.aspectRatio,
    sound: form.sound === 'on',
    titles: { ru: form.titleRu, en: form.titleEn, vi: form.titleVi },
    rules: rulesOf(form),
  } satisfies PresetChange;
}

/** A preset to begin with: switched off, with the shipped prompt, at the end of the list. */
export function newPreset(form: z.output<typeof newPresetSchema>, position: number): NewPreset {
  return {
    ...presetChange(form, listedModels()),
    presetId: form.id,
    kind: 'image-to-video',
    prompt: coverPrompt,
    negativePrompt: coverNegativePrompt,
    tokensCost: form.price,
    position,
    enabled: false,
  };
}

/** The form as it stands before anybody types. */
export function editFormOf({ titles, rules, ...preset }: PresetRow): Form {
  const typed = (value: number | null | undefined) => (value === null || value === undefined ? '' : String(value));
  const ticks = Object.entries(containerFields).flatMap(([name, field]) =>
    rules?.containers.includes(name) ? [[field, 'on']] : [],
  );
  return {
    titleRu: titles.ru,
    titleEn: titles.en,
    titleVi: titles.vi,
    model: modelKey(preset),
    seconds: String(preset.seconds),
    aspectRatio: preset.aspectRatio,
    ...(preset.sound && { sound: 'on' }),
    marketplace: rules?.marketplace ?? '',
    minSeconds: typed(rules?.minSeconds),
    maxSeconds: typed(rules?.maxSeconds),
    maxMegabytes: typed(rules?.maxBytes && rules.maxBytes / megabyte),
    ...Object.fromEntries(ticks),
    ruleRatio: rules?.aspectRatio ?? '',
    source: rules?.source ?? '',
  };
}

/** A free id and titles for a copy: `ozon-copy`, then `ozon-copy-2`; an id of any length stays one. */
export function copyId(id: string, taken: ReadonlySet<string>): string {
  const stem = `${id.slice(0, 30)}-copy`;
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? stem : `${stem}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
