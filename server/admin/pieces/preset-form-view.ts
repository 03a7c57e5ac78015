import { html } from 'hono/html';
import { makesVideo } from '../../jobs/job.ts';
import type { PresetRow } from '../../store/schema.ts';
import type { Form, Problems } from '../form.ts';
import type { Html } from '../format.ts';
import type { Dictionary } from '../i18n/dictionary.ts';
import type { ModelChoice } from '../models.ts';
import { choiceOfField } from '../preset-choices.ts';
import { chosenModel } from '../preset-edit-form.ts';
import { containerFields } from '../preset-fields.ts';
import { choiceFields } from './choice-fields.ts';
import { choiceText } from './choice-text.ts';
import { checkBox, selectField, textField } from './field.ts';
import { modelOptions } from './model-label.ts';

interface PresetForm {
  kind: PresetRow['kind'];
  form: Form;
  problems: Problems;
  models: ModelChoice[];
  /** A new preset has an id and a price to be typed too. */
  isNew: boolean;
}

/** The fields of a preset: titles, what it makes, what else may be chosen, what its marketplace asks. */
export function presetFields(words: Dictionary, fields: PresetForm): Html {
  const { presets, prompts } = words;
  const { kind, form, problems, models, isNew } = fields;
  const { common, text, number, box, refusal } = controls(words, fields);
  const isVideo = makesVideo(kind);
  const ratioHint = kind === 'image-to-video' ? presets.ratioHint : presets.ratioHintListed;

  return html`${isNew && text('id', presets.id, presets.idHint)}
    <fieldset>
      <legend>${prompts.titles}</legend>
      <div class="columns">
        ${text('titleRu', prompts.titleIn.ru)} ${text('titleEn', prompts.titleIn.en)}
        ${text('titleVi', prompts.titleIn.vi)}
      </div>
    </fieldset>
    ${selectField({
      ...common('model'),
      label: presets.model,
      hint: presets.modelHint,
      options: modelOptions(words, models),
    })}
    <div class="columns">
      ${isVideo && number('seconds', presets.seconds, presets.secondsHint)}
      ${text('aspectRatio', presets.ratio, ratioHint)} ${isNew && number('price', presets.price, words.prices.hint)}
    </div>
    ${isVideo && html`<div>${box('sound', presets.sound)} ${refusal('sound')}</div>`}
    ${choiceFields(words, { kind, form, problems, model: chosenModel(models, form) })}
    ${isVideo && ruleFields(words, fields)}`;
}

function ruleFields(words: Dictionary, fields: PresetForm): Html {
  const { presets } = words;
  const { text, number, box, refusal } = controls(words, fields);
  return html`<fieldset>
    <legend>${presets.rulesTitle}</legend>
    <p class="hint">${presets.rulesLead}</p>
    ${text('marketplace', presets.marketplace, presets.marketplaceHint)}
    <div class="columns">
      ${number('minSeconds', presets.rules.minSeconds)} ${number('maxSeconds', presets.rules.maxSeconds)}
      ${number('maxMegabytes', presets.rules.maxBytes, presets.megabyte)}
      ${text('ruleRatio', presets.rules.aspectRatio)}
    </div>
    <fieldset>
      <legend>${presets.containers}</legend>
      <div class="ticks">${Object.entries(containerFields).map(([name, field]) => box(field, name.toUpperCase()))}</div>
      ${refusal('containers')}
      <p class="hint">${presets.containersHint}</p>
    </fieldset>
    ${text('source', presets.source, presets.sourceHint)}
  </fieldset>`;
}

function controls(words: Dictionary, { form, problems }: PresetForm) {
  const sentence = (name: string) => problems[name] && words.problems[problems[name]];
  const common = (name: string) => ({ id: name, value: form[name] ?? '', problem: sentence(name) });
  return {
    common,
    text: (name: string, label: string, hint?: string) =>
      textField({ ...common(name), label, ...(hint !== undefined && { hint }) }),
    number: (name: string, label: string, hint?: string) =>
      textField({ ...common(name), label, inputMode: 'numeric', ...(hint !== undefined && { hint }) }),
    box: (name: string, label: string) => checkBox({ id: name, name, label, checked: form[name] === 'on' }),
    refusal: (name: string) => sentence(name) && html`<p class="problem" id="${name}-problem">${sentence(name)}</p>`,
  };
}

/** Names for the fields of a preset form; those of choices are known from the forms at hand. */
export function presetFieldNames(words: Dictionary, forms: Form[]): Record<string, string> {
  const { presets, prompts } = words;
  const choices = forms.flatMap(Object.keys).flatMap((name) => {
    const field = choiceOfField(name);
    if (!field) return [];
    const text = `${presets.choiceGroups[field.group]}: ${choiceText(words, field.group, field.value)}`;
    return [[name, field.part === 'choice' ? text : `${text}, ${presets.extraTokens}`]];
  });
  return {
    titleRu: `${prompts.titles}. ${prompts.titleIn.ru}`,
    titleEn: `${prompts.titles}. ${prompts.titleIn.en}`,
    titleVi: `${prompts.titles}. ${prompts.titleIn.vi}`,
    model: presets.model,
    seconds: presets.seconds,
    aspectRatio: presets.ratio,
    sound: presets.sound,
    ...Object.fromEntries(choices),
    marketplace: presets.marketplace,
    minSeconds: presets.rules.minSeconds,
    maxSeconds: presets.rules.maxSeconds,
    maxMegabytes: presets.rules.maxBytes,
    ruleRatio: presets.rules.aspectRatio,
    containerMp4: `${presets.containers}: MP4`,
    containerMov: `${presets.containers}: MOV`,
    containerWebm: `${presets.containers}: WEBM`,
    source: presets.source,
  };
}
