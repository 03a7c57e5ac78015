/** A row of the playground for each name of the public face. */
import { readFileSync } from 'node:fs';
import {
  customProperties,
  events,
  methods,
  parts,
  properties,
  staticMethods,
  tag,
  type FaceMethod,
  type FaceProperty,
} from '../../widget/face.ts';
import { html, type Markup } from '../markup.ts';
import { customPropertyControls, eventTriggers, methodTries, propertyControls } from './controls.ts';
import { withCode } from './pieces.ts';
import type { DocsTexts } from './texts/texts.ts';

type Developer = DocsTexts['developer'];

/** How the TypeScript of `detail` is written, by event. */
const detailTypes = new Map(
  [
    ...readFileSync(new URL('../../widget/events.ts', import.meta.url), 'utf8').matchAll(/^ {2}'([\w-]+)': (.+);$/gm),
  ].map(([, name, type]) => [name!, type!]),
);

const option = (value: string, label = value): Markup => html`<option value="${value}">${label}</option>`;

function propertyControl(texts: Developer, name: keyof typeof properties): Markup {
  const property: FaceProperty = properties[name];
  const control = propertyControls[name];
  const id = `set-${name}`;
  switch (control.kind) {
    case 'text':
      return html`<input
        id="${id}"
        type="text"
        data-set="${name}"
        value="${control.start}"
        placeholder="${control.example}"
        autocomplete="off"
        spellcheck="false"
      />`;
    case 'number':
      return html`<input
        id="${id}"
        type="number"
        data-set="${name}"
        value="${control.start}"
        min="${control.min}"
        max="${control.max}"
        placeholder="${property.default ?? ''}"
      />`;
    case 'choice':
      return html`<select id="${id}" data-set="${name}">
        ${option('', texts.unset)} ${(property.values ?? []).map((value) => option(value))}
      </select>`;
    case 'words':
      return html`<div class="words" role="group" aria-label="${property.attribute ?? name}" data-words="${name}">
        ${(property.values ?? []).map(
          (value) => html`<label><input type="checkbox" value="${value}" /> <code>${value}</code></label>`,
        )}
      </div>`;
    case 'function':
      return html`<input id="${id}" type="checkbox" data-function="${name}" />`;
  }
}

/** Attributes and properties. */
export function propertyRows(texts: Developer): Markup[] {
  return Object.entries<FaceProperty>(properties).map(([name, { attribute, type, text, default: usual }]) => {
    const control = propertyControls[name as keyof typeof properties];
    const title = html`<code>${attribute ?? `.${name}`}</code>`;
    const label = control.kind === 'words' ? title : html`<label for="set-${name}">${title}</label>`;
    return html`<li class="try" data-property="${name}" data-attribute="${attribute ?? ''}">
      <p class="try-name">
        ${label} ${attribute && attribute !== name ? html`<span class="hint"><code>.${name}</code></span>` : ''}
      </p>
      ${propertyControl(texts, name as keyof typeof properties)}
      <p class="try-text" lang="en">${withCode(text)} ${usual ? withCode(`Default: ${usual}.`) : ''}</p>
      <p class="try-type"><code>${type}</code></p>
    </li>`;
  });
}

const allMethods = { ...methods, ...staticMethods };

/** Methods of the element and of its class, with a button for each call worth seeing. */
export function methodRows(photo: string): Markup[] {
  return Object.entries<FaceMethod>(allMethods).map(([name, { parameters, returns, text }]) => {
    const owner = name in staticMethods ? `${tag.className}.` : '';
    const signature = `${owner}${name}(${parameters.map((each) => `${each.name}: ${each.type}`).join(', ')}): ${returns}`;
    return html`<li class="try" data-method="${name}">
      <p class="try-name"><code>${signature}</code></p>
      <p class="try-buttons">
        ${methodTries[name as keyof typeof allMethods].map(
          ({ label, run }) =>
            html`<button type="button" class="button quiet" lang="en" data-try="${run}" data-photo="${photo}">
              ${label}
            </button>`,
        )}
        <output class="count"></output>
      </p>
      <p class="try-text" lang="en">${withCode(text)}</p>
    </li>`;
  });
}

/** Events: how often each was heard, how to make it happen, and whether it is in the code below. */
export function eventRows(texts: Developer): Markup[] {
  return Object.entries<{ text: string; cancelable?: true }>(events).map(([name, { text, cancelable }]) => {
    return html`<li class="try" data-event="${name}">
      <p class="try-name"><code>${name}</code> <span class="count" data-heard></span></p>
      <p class="try-buttons">
        <label><input type="checkbox" data-listen /> ${texts.listen}<span class="hidden"> ${name}</span></label>
        ${cancelable ? html`<label><input type="checkbox" data-prevent /> <code>${texts.prevent}</code></label>` : ''}
      </p>
      <p class="try-text" lang="en">${withCode(text)} ${withCode(eventTriggers[name as keyof typeof events])}</p>
      <p class="try-type"><code>detail: ${detailTypes.get(name) ?? 'unknown'}</code></p>
    </li>`;
  });
}

/** Parts, each with a button that outlines it in the widget. */
export function partRows(texts: Developer): Markup[] {
  return Object.entries(parts).map(
    ([name, text]) =>
      html`<li class="try" data-part="${name}">
        <p class="try-name"><code>${name}</code> <span class="count" data-there></span></p>
        <p class="try-buttons">
          <button type="button" class="button quiet" aria-pressed="false" data-highlight="${name}">
            ${texts.highlight}<span class="hidden"> ${name}</span>
          </button>
        </p>
        <p class="try-text" lang="en">${withCode(text)}</p>
      </li>`,
  );
}

function customPropertyControl(name: keyof typeof customProperties): Markup {
  const control = customPropertyControls[name];
  const id = `set${name}`;
  switch (control.kind) {
    case 'colour':
      return html`<input id="${id}" type="color" data-custom="${name}" value="${control.start}" />`;
    case 'pixels':
      return html`<input
        id="${id}"
        type="range"
        data-custom="${name}"
        data-unit="px"
        value="${control.start}"
        min="${control.min}"
        max="${control.max}"
        step="${control.max > 10 ? 1 : 0.5}"
      />`;
    case 'font':
      return html`<select id="${id}" data-custom="${name}">
        ${option('', '—')}
        ${['Georgia, serif', 'ui-monospace, monospace', 'Verdana, sans-serif'].map((font) => option(font))}
      </select>`;
  }
}

/** Custom properties, each adjustable and set back by a button. */
export function customPropertyRows(texts: Developer): Markup[] {
  return Object.entries(customProperties).map(
    ([name, text]) =>
      html`<li class="try" data-custom-property="${name}">
        <p class="try-name">
          <label for="set${name}"><code>${name}</code></label> <output class="count" for="set${name}"></output>
        </p>
        <p class="try-buttons">
          ${customPropertyControl(name as keyof typeof customProperties)}
          <button type="button" class="button quiet" data-reset="${name}" hidden>
            ${texts.reset}<span class="hidden"> ${name}</span>
          </button>
        </p>
        <p class="try-text" lang="en">${withCode(text)}</p>
      </li>`,
  );
}
