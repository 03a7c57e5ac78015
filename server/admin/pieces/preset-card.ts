import { html } from 'hono/html';
import type { Form, Problems } from '../form.ts';
import { wholeNumber, type Html } from '../format.ts';
import type { Dictionary } from '../i18n/dictionary.ts';
import { formToken } from '../layout.ts';
import { findModel } from '../../jobs/models.ts';
import { modelsFor } from '../models.ts';
import type { AdminContext } from '../parts.ts';
import { promptFormOf } from '../preset-form.ts';
import type { PresetRow } from '../../store/schema.ts';
import { conflictBox } from './conflict.ts';
import { checkBox, selectField, textArea, textField } from './field.ts';
import { makingText } from './making-text.ts';
import { modelOptions } from './model-label.ts';
import { variableList } from './variables.ts';

/** How the form stands: what was typed, what is wrong with it, whether somebody else saved meanwhile. */
export interface PresetEdit {
  form: Form;
  problems: Problems;
  hasConflict?: boolean;
}

interface PresetCard extends PresetEdit {
  preset: PresetRow;
  action: string;
}

/** One preset: its form, with the ways to its try-out and its history. */
export function presetCard(c: AdminContext, card: PresetCard): Html {
  const { preset, action, problems } = card;
  const words = c.get('words');
  const hasProblems = Object.keys(problems).length > 0;
  // An edit that lost a race is saved on top of what is in force now: the operator has both before the eyes.
  const basis = hasProblems ? (card.form['expectedRevision'] ?? preset.revision) : preset.revision;
  return html`<section class="card preset" id="preset-${preset.presetId}" aria-labelledby="${preset.presetId}-name">
    ${cardHead(c, preset)} ${card.hasConflict && conflictBox(c, conflictOf(words, card))}
    ${hasProblems && html`<p class="alert" role="alert">${words.problemsTitle}</p>`}
    <form method="post" action="${action}">
      ${formToken(c)}
      <input type="hidden" name="expectedRevision" value="${basis}" />
      ${promptFields(words, card)}
      <div class="form-end">
        <button>${words.prompts.save}</button>
        <button class="quiet" formaction="${action}/try">${words.presets.tryOut}</button>
        <a href="${action}/history">${words.prompts.revisions(preset.revision)}</a>
      </div>
    </form>
  </section>`;
}

function cardHead(c: AdminContext, preset: PresetRow): Html {
  const words = c.get('words').prompts;
  const language = c.get('language');
  return html`<header class="card-head">
    <div>
      <h2 id="${preset.presetId}-name">${preset.titles[language]}</h2>
      <p class="hint">
        <code>${preset.presetId}</code> · ${c.get('words').kinds[preset.kind]} ·
        ${makingText(c.get('words'), preset)}${!preset.enabled && html` · <strong>${words.disabled}</strong>`}
      </p>
    </div>
    <p class="price">
      ${c.get('words').tokens(wholeNumber(language, preset.tokensCost))}
      <a href="/admin/prices#price-${preset.presetId}">${words.changePrice}</a>
    </p>
  </header>`;
}

function promptFields(words: Dictionary, { preset, form, problems }: PresetCard): Html {
  const { prompts } = words;
  const common = (name: string) => ({
    id: `${preset.presetId}-${name}`,
    name,
    value: form[name] ?? '',
    problem: problems[name] && words.problems[problems[name]],
  });
  const takesNegative = findModel(preset)?.takesNegativePrompt ?? true;
  const negativeHint = takesNegative ? prompts.negativeHint : prompts.noNegativeHint;
  const titleField = (name: string, label: string) => textField({ ...common(name), label, required: true });
  return html`${selectField({
      ...common('model'),
      label: prompts.model,
      hint: prompts.modelHint,
      options: modelOptions(words, modelsFor(preset)),
    })}
    <div class="beside">
      ${textArea({ ...common('prompt'), label: prompts.prompt, hint: prompts.promptHint, rows: 6, required: true })}
      ${variableList(words, `${preset.presetId}-variables`)}
    </div>
    ${textArea({ ...common('negativePrompt'), label: prompts.negativePrompt, hint: negativeHint, rows: 3 })}
    <fieldset>
      <legend>${prompts.titles}</legend>
      <div class="columns">
        ${titleField('titleRu', prompts.titleIn.ru)} ${titleField('titleEn', prompts.titleIn.en)}
        ${titleField('titleVi', prompts.titleIn.vi)}
      </div>
    </fieldset>
    ${checkBox({
      id: `${preset.presetId}-enabled`,
      name: 'enabled',
      label: prompts.enabled,
      checked: form['enabled'] === 'on',
    })}`;
}

/** Names for the fields of a prompt form. */
export function promptFieldNames({ prompts }: Dictionary): Record<string, string> {
  return {
    model: prompts.model,
    prompt: prompts.prompt,
    negativePrompt: prompts.negativePrompt,
    titleRu: `${prompts.titles}. ${prompts.titleIn.ru}`,
    titleEn: `${prompts.titles}. ${prompts.titleIn.en}`,
    titleVi: `${prompts.titles}. ${prompts.titleIn.vi}`,
    enabled: prompts.enabled,
  };
}

const conflictOf = (words: Dictionary, { preset, form, action }: PresetCard) => ({
  preset,
  saved: promptFormOf(preset),
  typed: form,
  names: promptFieldNames(words),
  dropHref: action,
});
