import { html } from 'hono/html';
import type { PresetRow } from '../../store/schema.ts';
import type { Form, Problems } from '../form.ts';
import type { Html } from '../format.ts';
import type { Dictionary } from '../i18n/dictionary.ts';
import type { ModelChoice } from '../models.ts';
import { choiceField, choiceGroups, choiceMenu, extraField, type ChoiceGroup } from '../preset-choices.ts';
import { choiceText } from './choice-text.ts';

interface ChoiceFields {
  kind: PresetRow['kind'];
  model: ModelChoice;
  form: Form;
  problems: Problems;
}

/** What else a seller may choose: for each value of the model a box, and the tokens that it costs on top. */
export function choiceFields(words: Dictionary, fields: ChoiceFields): Html {
  const { presets } = words;
  const { kind, model, form } = fields;
  const menu = choiceMenu(kind, model, form);
  const own = { aspectRatios: form['aspectRatio'], seconds: form['seconds'], modes: model.mode };
  const groups = choiceGroups.filter((group) => menu[group].some((value) => value !== own[group]));
  return html`<fieldset aria-describedby="choices-hint">
    <legend>${presets.choices}</legend>
    <p class="hint" id="choices-hint">${presets.choicesHint}</p>
    ${groups.length === 0 && html`<p>${presets.noChoices}</p>`}
    ${groups.map((group) => {
      const problem = fields.problems[`choices-${group}`];
      return html`<fieldset>
        <legend>${presets.choiceGroups[group]}</legend>
        ${problem && html`<p class="problem" id="choices-${group}-problem">${words.problems[problem]}</p>`}
        <ul class="choices">
          ${menu[group].map((value) => row(words, { ...fields, group, value, isOwn: value === own[group] }))}
        </ul>
      </fieldset>`;
    })}
  </fieldset>`;
}

interface Row extends ChoiceFields {
  group: ChoiceGroup;
  value: string;
  isOwn: boolean;
}

function row(words: Dictionary, { model, form, problems, group, value, isOwn }: Row): Html {
  const { presets } = words;
  const text = choiceText(words, group, value, model);
  if (isOwn) return html`<li><span>${text}</span><span class="hint">${presets.ownChoice}</span></li>`;
  const [tick, extra] = [choiceField(group, value), extraField(group, value)];
  const problem = problems[extra];
  return html`<li>
    <span class="check">
      <input type="checkbox" id="${tick}" name="${tick}" value="on" ${form[tick] === 'on' && html`checked`} />
      <label for="${tick}">${text}</label>
    </span>
    <span class="extra">
      <span aria-hidden="true">+</span>
      <input
        id="${extra}"
        name="${extra}"
        inputmode="numeric"
        autocomplete="off"
        value="${form[extra] ?? ''}"
        placeholder="0"
        aria-label="${presets.extraFor(text)}"
        ${problem && html`aria-invalid="true" aria-describedby="${extra}-problem"`}
      />
    </span>
    ${problem && html`<span class="problem" id="${extra}-problem">${words.problems[problem]}</span>`}
  </li>`;
}
