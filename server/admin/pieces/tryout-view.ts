import { html } from 'hono/html';
import type { TryCheck } from '../../jobs/draft-checks.ts';
import type { SentRequest } from '../../providers/provider.ts';
import type { PresetRow } from '../../store/schema.ts';
import type { Form } from '../form.ts';
import type { Html } from '../format.ts';
import { formToken } from '../layout.ts';
import { modelsFor } from '../models.ts';
import type { AdminContext } from '../parts.ts';
import { selectField, textArea, textField } from './field.ts';
import { modelOptions } from './model-label.ts';
import { table } from './table.ts';
import { variableList } from './variables.ts';

interface TryForm {
  preset: PresetRow;
  /** The preset's address on the prompts page. */
  path: string;
  form: Form;
  canRun: boolean;
  refusal?: string;
}

/** The texts to try with a sample order; they can be saved from here too. */
export function tryForm(c: AdminContext, { preset, path, form, canRun, refusal }: TryForm): Html {
  const words = c.get('words');
  const { presets, prompts } = words;
  const common = (name: string) => ({ id: name, value: form[name] ?? '' });
  // What the form of the prompts page needs besides, so that its button can stand here.
  const carried = ['expectedRevision', 'titleRu', 'titleEn', 'titleVi', 'enabled'];
  const values: Form = { expectedRevision: String(preset.revision), ...form };
  return html`<section class="card">
    ${refusal !== undefined && html`<p class="alert" role="alert">${refusal}</p>`}
    <form method="post" action="${path}/try">
      ${formToken(c)}
      ${carried.map(
        (name) => values[name] !== undefined && html`<input type="hidden" name="${name}" value="${values[name]}" />`,
      )}
      ${selectField({ ...common('model'), label: prompts.model, options: modelOptions(words, modelsFor(preset)) })}
      <div class="beside">
        ${textArea({ ...common('prompt'), label: prompts.prompt, hint: prompts.promptHint, rows: 6 })}
        ${variableList(words, 'variables')}
      </div>
      ${textArea({ ...common('negativePrompt'), label: prompts.negativePrompt, rows: 3 })}
      <fieldset>
        <legend>${presets.sampleOrder}</legend>
        <div class="columns">
          ${textField({ ...common('order-title'), label: presets.productTitle })}
          ${textArea({ ...common('order-description'), label: presets.productDescription, rows: 2 })}
        </div>
      </fieldset>
      <div class="form-end">
        <button>${presets.show}</button>
        ${canRun && html`<button class="quiet" formaction="${path}/try/run">${presets.run}</button>`}
        <button class="quiet" formaction="${path}">${prompts.save}</button>
      </div>
      <p class="hint">${canRun ? presets.runHint : presets.noSimulator}</p>
    </form>
  </section>`;
}

/** The provider's limits one by one, and the request to the letter. */
export function tryResult(
  c: AdminContext,
  { checks, request }: { checks: TryCheck[]; request: SentRequest | null },
): Html {
  const { presets } = c.get('words');
  return html`<section class="card">
      <h2>${presets.limits}</h2>
      ${table({
        caption: presets.limits,
        columns: [{ label: presets.limit }, { label: presets.result }, { label: presets.value }],
        rows: checks.map(({ check, passes, actual }) => [
          presets.checks[check],
          verdict(c, passes),
          actualText(c, check, actual),
        ]),
      })}
    </section>
    <section class="card">
      <h2>${presets.request}</h2>
      ${
        request
          ? html`<pre class="snippet" tabindex="0">
${request.method} ${request.address}

${JSON.stringify(request.body, null, 2)}</pre>`
          : html`<p class="hint">${presets.noRequest}</p>`
      }
    </section>`;
}

/** What the simulator made; `file` is its address here. */
export function tried(c: AdminContext, { file, isClip }: { file: string; isClip: boolean }): Html {
  const { presets } = c.get('words');
  return html`<section class="card">
    ${
      isClip
        ? html`<video class="clip" src="${file}" controls loop muted playsinline></video>`
        : html`<img class="clip" src="${file}" alt="${presets.triedAlt}" />`
    }
    <p><a href="${file}">${presets.openFile}</a></p>
  </section>`;
}

function actualText(c: AdminContext, check: TryCheck['check'], actual: TryCheck['actual']): string {
  const { prompts } = c.get('words');
  if (check === 'sound') return actual === 'on' ? prompts.soundOn : prompts.soundOff;
  if (check === 'seconds') return prompts.seconds(Number(actual));
  return String(actual) || '—';
}

/** Pass or fail in words; the colour only repeats it. */
export function verdict(c: AdminContext, passes: boolean): Html {
  const { presets } = c.get('words');
  return html`<span class="badge badge-${passes ? 'completed' : 'failed'}"
    >${passes ? presets.passes : presets.failsRule}</span
  >`;
}
