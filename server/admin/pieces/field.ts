import { html } from 'hono/html';
import type { Html } from '../format.ts';

interface Field {
  /** Unique in the page; the name of the control when `name` is left out. */
  id: string;
  name?: string;
  label: string;
  value: string;
  hint?: string;
  /** What is wrong with the value, as a sentence that says what to do. */
  problem?: string | undefined;
  required?: boolean;
}

/** Label, hint, control and problem, tied together for those who do not see them. */
function field({ id, label, hint, problem }: Field, control: (wiring: Html) => Html): Html {
  const describedBy = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  const wiring = html`${describedBy && html`aria-describedby="${describedBy}"`}
  ${problem && html`aria-invalid="true" autofocus`}`;
  return html`<div class="field">
    <label for="${id}">${label}</label>
    ${control(wiring)} ${problem && html`<p class="problem" id="${id}-problem">${problem}</p>`}
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
  </div>`;
}

const required = (one: Field): Html | false => one.required === true && html`required`;

/** One line of text; `inputMode` asks phones for a keyboard. Numbers too, so that what was typed is never dropped. */
export function textField(one: Field & { inputMode?: 'numeric'; autocomplete?: string; type?: 'password' }): Html {
  return field(
    one,
    (wiring) =>
      html`<input
        id="${one.id}"
        name="${one.name ?? one.id}"
        type="${one.type ?? 'text'}"
        value="${one.value}"
        autocomplete="${one.autocomplete ?? 'off'}"
        ${one.inputMode && html`inputmode="${one.inputMode}"`}
        ${required(one)}
        ${wiring}
      />`,
  );
}

/** Several lines. No `maxlength`: a browser would cut what is pasted without a word. */
export function textArea(one: Field & { rows: number; lang?: string }): Html {
  return field(
    one,
    // The line break after the tag is dropped by browsers; without it a leading one of the text would be.
    (wiring) =>
      // prettier-ignore
      html`<textarea id="${one.id}" name="${one.name ?? one.id}" rows="${one.rows}" ${required(one)} ${wiring}>
${one.value}</textarea>`,
  );
}

/** One of a list. */
export function selectField(one: Field & { options: { value: string; label: string }[] }): Html {
  const optionOf = ({ value, label }: { value: string; label: string }) =>
    html`<option value="${value}" ${value === one.value && html`selected`}>${label}</option>`;
  return field(
    one,
    (wiring) =>
      html`<select id="${one.id}" name="${one.name ?? one.id}" ${wiring}>
        ${one.options.map(optionOf)}
      </select>`,
  );
}

/** A box with its label beside it; sends `on` when it is ticked. */
export function checkBox({ id, name, label, checked }: { id: string; name: string; label: string; checked: boolean }) {
  return html`<div class="check">
    <input type="checkbox" id="${id}" name="${name}" value="on" ${checked && html`checked`} />
    <label for="${id}">${label}</label>
  </div>`;
}
