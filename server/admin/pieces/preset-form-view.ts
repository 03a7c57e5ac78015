import { html } from 'hono/html';
import type { Form, Problems } from '../form.ts';
import type { Html } from '../format.ts';
import type { Dictionary } from '../i18n/dictionary.ts';
import type { ModelChoice } from '../models.ts';
import { containerFields } from '../preset-edit-form.ts';
import { checkBox, selectField, textField } from './field.ts';
import { modelOptions } from './model-label.ts';

interface PresetForm {
  form: Form;
  problems: Problems;
  choices: ModelChoice[];
  /** A new preset has an id and a price to be typed too. */
  isNew: boolean;
}

/** The fields of a preset: titles, what it makes, what its marketplace asks. */
export function presetFields(words: Dictionary, { form, problems, choices, isNew }: PresetForm): Html {
  const { presets, prompts } = words;
  const sentence = (name: string) => problems[name] && words.problems[problems[name]];
  const common = (name: string) => ({ id: name, value: form[name] ?? '', problem: sentence(name) });
  const text = (name: string, label: string, hint?: string) =>
    textField({ ...common(name), label, ...(hint !== undefined && { hint }) });
  const number = (name: string, label: string, hint?: string) =>
    textField({ ...common(name), label, inputMode: 'numeric', ...(hint !== undefined && { hint }) });
  const box = (name: string, label: string) => checkBox({ id: name, name, label, checked: form[name] === 'on' });
  const refusal = (name: string) =>
    sentence(name) && html`<p class="problem" id="${name}-problem">${sentence(name)}</p>`;

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
      options: modelOptions(words, choices),
    })}
    <div class="columns">
      ${number('seconds', presets.seconds, presets.secondsHint)}
      ${text('aspectRatio', presets.ratio, presets.ratioHint)}
      ${isNew && number('price', presets.price, words.prices.hint)}
    </div>
    <div>${box('sound', presets.sound)} ${refusal('sound')}</div>
    <fieldset>
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
        <div class="ticks">
          ${Object.entries(containerFields).map(([name, field]) => box(field, name.toUpperCase()))}
        </div>
        ${refusal('containers')}
        <p class="hint">${presets.containersHint}</p>
      </fieldset>
      ${text('source', presets.source, presets.sourceHint)}
    </fieldset>`;
}

/** Names for the fields of a preset form. */
export function presetFieldNames({ presets, prompts }: Dictionary): Record<string, string> {
  return {
    titleRu: `${prompts.titles}. ${prompts.titleIn.ru}`,
    titleEn: `${prompts.titles}. ${prompts.titleIn.en}`,
    titleVi: `${prompts.titles}. ${prompts.titleIn.vi}`,
    model: presets.model,
    seconds: presets.seconds,
    aspectRatio: presets.ratio,
    sound: presets.sound,
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
