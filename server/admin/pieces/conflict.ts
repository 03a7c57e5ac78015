import { html } from 'hono/html';
import type { PresetRow } from '../../store/schema.ts';
import type { Form } from '../form.ts';
import { moment, type Html } from '../format.ts';
import type { AdminContext } from '../parts.ts';
import { choiceOfField } from '../preset-choices.ts';
import { containerFields } from '../preset-fields.ts';
import { differences } from '../preset-form.ts';

interface Conflict {
  /** What is in force now. */
  preset: PresetRow;
  saved: Form;
  typed: Form;
  /** Labels of the fields by name. */
  names: Record<string, string>;
  /** Where the operator goes to drop what was typed. */
  dropHref: string;
}

const ticks: ReadonlySet<string> = new Set(['enabled', 'sound', ...Object.values(containerFields)]);
/** Whether a field is ticked or not. */
export const isTick = (name: string): boolean => ticks.has(name) || choiceOfField(name)?.part === 'choice';

/** Who wrote a revision, in words. */
export const authorOf = (c: AdminContext, { author }: PresetRow): string =>
  c.get('words').prompts.authors[author] ?? author;

/** Both versions of every field in which a lost race differs from what is in force. */
export function conflictBox(c: AdminContext, { preset, saved, typed, names, dropHref }: Conflict): Html {
  const { conflict: words, prompts, yes, no } = c.get('words');
  const shown = (name: string, text: string | undefined) => (isTick(name) ? (text === 'on' ? yes : no) : (text ?? ''));
  const pair = (name: string) =>
    html`<h4>${names[name] ?? name}</h4>
      <div class="versions">
        <div>
          <p class="hint">${words.theirs}</p>
          <pre class="text">${shown(name, saved[name])}</pre>
        </div>
        <div>
          <p class="hint">${words.yours}</p>
          <pre class="text">${shown(name, typed[name])}</pre>
        </div>
      </div>`;
  return html`<div class="conflict" role="alert">
    <h3>${words.title}</h3>
    <p>${words.lead}</p>
    <p class="hint">
      ${prompts.revision(preset.revision)}, ${authorOf(c, preset)}, ${moment(c.get('language'), preset.createdAt)}
    </p>
    ${differences(saved, typed).map(pair)}
    <p><a href="${dropHref}">${words.drop}</a></p>
  </div>`;
}
