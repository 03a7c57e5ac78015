import { html } from 'hono/html';
import type { Html } from '../format.ts';

/** A day, sent as `2026-11-20` or empty. */
export function dateField(one: { id: string; label: string; value: string; problem?: string | undefined }): Html {
  return html`<div class="field">
    <label for="${one.id}">${one.label}</label>
    <input
      type="date"
      id="${one.id}"
      name="${one.id}"
      value="${one.value}"
      ${one.problem !== undefined && html`aria-invalid="true" aria-describedby="${one.id}-problem"`}
    />
    ${one.problem !== undefined && html`<p class="problem" id="${one.id}-problem">${one.problem}</p>`}
  </div>`;
}
