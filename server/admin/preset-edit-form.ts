import { z } from 'zod';
import { jobKinds, makesVideo } from '../jobs/job.ts';
import { modelKey } from '../jobs/models.ts';
import type { NewPreset, PresetRow } from '../store/schema.ts';
import { checkForm, type Form, type Problems } from './form.ts';
import { listedModels, type ModelChoice } from './models.ts';
import { checkPreset, type PresetDraft } from './preset-checks.ts';
import { choicesForm, readChoices } from './preset-choices.ts';
import { containerFields, megabyte, presetFieldsSchema, rulesOf, type PresetFacts } from './preset-fields.ts';
import { expectedRevision, problem, tokensTyped } from './preset-form.ts';
import { startingNegativePrompts, startingPrompts } from './preset-start.ts';

type Kind = PresetRow['kind'];

const editSchema = z.object({ expectedRevision, ...presetFieldsSchema });
const newSchema = z.object({
  id: z
    .string()
    .trim()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, problem('id'))
    .refine((id) => id !== 'new', problem('idTaken')),
  price: tokensTyped(1_000_000, 'price'),
  ...presetFieldsSchema,
});

/** The kind that the address or form of a new preset asks for. */
export const kindOf = (text: string | undefined): Kind => jobKinds.find((kind) => kind === text) ?? 'image-to-video';

/** The model that the form has chosen, else the first. */
export const chosenModel = (models: ModelChoice[], form: Form): ModelChoice =>
  models.find((choice) => modelKey(choice) === form['model']) ?? models[0]!;

type Read<T> = { value: T; problems?: never } | { value?: never; problems: Problems };

/** What the edit page sends. */
export function readPresetEdit(preset: PresetRow, form: Form): Read<{ expectedRevision: number; change: PresetDraft }> {
  const { value, problems } = checkForm(editSchema, form);
  const read = readDraft(preset.kind, { form, facts: value, models: listedModels(preset.kind, preset) });
  if (!value || !read.value) return { problems: { ...read.problems, ...problems } };
  return { value: { expectedRevision: value.expectedRevision, change: read.value } };
}

/** What the page of a new preset sends: switched off, with a starting prompt, without a place in the list yet. */
export function readNewPreset(kind: Kind, form: Form): Read<Omit<NewPreset, 'position'>> {
  const { value, problems } = checkForm(newSchema, form);
  const models = listedModels(kind);
  const read = readDraft(kind, { form, facts: value, models });
  if (!value || !read.value) return { problems: { ...read.problems, ...problems } };
  const texts = { prompt: startingPrompts[kind], negativePrompt: startingNegativePrompts[kind] };
  const { id: presetId, price: tokensCost } = value;
  return { value: { ...read.value, ...texts, presetId, kind, tokensCost, enabled: false } };
}

interface Typed {
  form: Form;
  /** Undefined when a single field is wrong already. */
  facts: PresetFacts | undefined;
  models: ModelChoice[];
}

function readDraft(kind: Kind, { form, facts, models }: Typed): Read<PresetDraft> {
  const model = models.find((choice) => modelKey(choice) === form['model']);
  const own: Form = { aspectRatios: (form['aspectRatio'] ?? '').trim(), seconds: (form['seconds'] ?? '').trim() };
  const { choices, problems } = readChoices(form, { ...own, modes: model?.mode ?? '' });
  if (!model) return { problems: { ...problems, model: 'model' } };
  if (!facts) return { problems };
  const draft = {
    provider: model.provider,
    model: model.model,
    mode: model.mode,
    seconds: makesVideo(kind) ? facts.seconds : 0,
    aspectRatio: facts.aspectRatio,
    sound: makesVideo(kind) && facts.sound === 'on',
    titles: { ru: facts.titleRu, en: facts.titleEn, vi: facts.titleVi },
    rules: makesVideo(kind) ? rulesOf(facts) : null,
    choices,
  };
  const all = { ...checkPreset(kind, { draft, form: facts, model }), ...problems };
  return Object.keys(all).length > 0 ? { problems: all } : { value: draft };
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
    ...choicesForm(preset.choices),
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
