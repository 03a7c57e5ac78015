import { html } from 'hono/html';
import type { Form, Problems } from '../form.ts';
import { moment, wholeNumber, type Html } from '../format.ts';
import type { Dictionary } from '../i18n/dictionary.ts';
import { formToken } from '../layout.ts';
import { modelKey, modelsFor, type VideoModel } from '../models.ts';
import type { AdminContext } from '../parts.ts';
import { differences, promptFormOf } from '../preset-form.ts';
import type { PresetRow } from '../../store/schema.ts';
import { checkBox, selectField, textArea, textField } from './field.ts';
import { table } from './table.ts';

/** How the form stands: what was typed, what is wrong with it, whether somebody else saved meanwhile. */
export interface PresetEdit {
  form: Form;
  problems: Problems;
  hasConflict?: boolean;
}

interface PresetCard extends PresetEdit {
  preset: PresetRow;
  action: string;
  /** Newest first. */
  revisions: PresetRow[];
}

/** One preset: its form and, read-only, the revisions it has had. */
export function presetCard(c: AdminContext, card: PresetCard): Html {
  const { preset, action, problems } = card;
  const words = c.get('words');
  const hasProblems = Object.keys(problems).length > 0;
  // An edit that lost a race is saved on top of what is in force now: the operator has both before the eyes.
  const basis = hasProblems ? (card.form['expectedRevision'] ?? preset.revision) : preset.revision;
  return html`<section class="card preset" id="preset-${preset.presetId}" aria-labelledby="${preset.presetId}-name">
    ${cardHead(c, preset)} ${card.hasConflict && conflict(c, card)}
    ${hasProblems && html`<p class="alert" role="alert">${words.problemsTitle}</p>`}
    <form method="post" action="${action}">
      ${formToken(c)}
      <input type="hidden" name="expectedRevision" value="${basis}" />
      ${promptFields(words, card)}
      <div class="form-end">
        <button>${words.prompts.save}</button>
        <span class="hint">${words.prompts.revision(preset.revision)}</span>
      </div>
    </form>
    ${history(c, card.revisions)}
  </section>`;
}

function cardHead(c: AdminContext, preset: PresetRow): Html {
  const words = c.get('words').prompts;
  const language = c.get('language');
  return html`<header class="card-head">
    <div>
      <h2 id="${preset.presetId}-name">${preset.titles[language]}</h2>
      <p class="hint">
        <code>${preset.presetId}</code> · ${words.seconds(preset.seconds)} · ${preset.aspectRatio} ·
        ${preset.sound ? words.soundOn : words.soundOff}${!preset.enabled && html` · <strong>${words.disabled}</strong>`}
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
  const titleField = (name: string, label: string) => textField({ ...common(name), label, required: true });
  return html`${selectField({
      ...common('model'),
      label: prompts.model,
      hint: prompts.modelHint,
      options: modelsFor(preset).map((model) => ({ value: modelKey(model), label: modelLabel(words, model) })),
    })}
    ${textArea({ ...common('prompt'), label: prompts.prompt, hint: prompts.promptHint, rows: 6, required: true })}
    ${textArea({ ...common('negativePrompt'), label: prompts.negativePrompt, hint: prompts.negativeHint, rows: 3 })}
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

function modelLabel({ prompts }: Dictionary, { model, mode, resolution, sound }: VideoModel): string {
  const notes = resolution ? [resolution, sound ? prompts.withSound : prompts.silent] : [prompts.unlisted];
  return `${model} · ${mode} (${notes.join(', ')})`;
}

function conflict(c: AdminContext, { preset, form, action }: PresetCard): Html {
  const { conflict: words, prompts } = c.get('words');
  const saved = promptFormOf(preset);
  const names: Record<string, string> = {
    model: prompts.model,
    prompt: prompts.prompt,
    negativePrompt: prompts.negativePrompt,
    titleRu: `${prompts.titles}. ${prompts.titleIn.ru}`,
    titleEn: `${prompts.titles}. ${prompts.titleIn.en}`,
    titleVi: `${prompts.titles}. ${prompts.titleIn.vi}`,
    enabled: prompts.enabled,
  };
  const shown = (name: string, text: string | undefined) =>
    name === 'enabled' ? (text === 'on' ? c.get('words').yes : c.get('words').no) : (text ?? '');
  const pair = (name: string) =>
    html`<h4>${names[name] ?? name}</h4>
      <div class="versions">
        <div>
          <p class="hint">${words.theirs}</p>
          <pre class="text">${shown(name, saved[name])}</pre>
        </div>
        <div>
          <p class="hint">${words.yours}</p>
          <pre class="text">${shown(name, form[name])}</pre>
        </div>
      </div>`;
  return html`<div class="conflict" role="alert">
    <h3>${words.title}</h3>
    <p>${words.lead}</p>
    <p class="hint">
      ${prompts.revision(preset.revision)}, ${authorOf(c, preset)}, ${moment(c.get('language'), preset.createdAt)}
    </p>
    ${differences(saved, form).map(pair)}
    <p><a href="${action}">${words.drop}</a></p>
  </div>`;
}

const authorOf = (c: AdminContext, { author }: PresetRow): string => c.get('words').prompts.authors[author] ?? author;

function history(c: AdminContext, revisions: PresetRow[]): Html {
  const { prompts, prices } = c.get('words');
  const language = c.get('language');
  const row = (revision: PresetRow, at: number) => [
    html`${prompts.revision(revision.revision)} ${at === 0 && html`<span class="badge">${prompts.current}</span>`}`,
    moment(language, revision.createdAt),
    authorOf(c, revision),
    html`${revision.model} · ${revision.mode}`,
    wholeNumber(language, revision.tokensCost),
    html`<details class="inline">
      <summary>${revision.prompt.slice(0, 60)}${revision.prompt.length > 60 && '…'}</summary>
      <pre class="text">${revision.prompt}</pre>
      ${
        revision.negativePrompt !== '' &&
        html`<p class="hint">${prompts.negativePrompt}</p>
          <pre class="text">${revision.negativePrompt}</pre>`
      }
    </details>`,
  ];
  return html`<details class="history">
    <summary>${prompts.revisions(revisions.length)}</summary>
    ${table({
      caption: prompts.revisions(revisions.length),
      columns: [
        { label: '№' },
        { label: prompts.when },
        { label: prompts.author },
        { label: prompts.model },
        { label: prices.price, isNumber: true },
        { label: prompts.prompt },
      ],
      rows: revisions.map(row),
    })}
  </details>`;
}
