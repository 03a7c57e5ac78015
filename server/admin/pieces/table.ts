import { html } from 'hono/html';
import type { Html } from '../format.ts';

export interface Column {
  label: string;
  /** Numbers stand at the end, one under the other. */
  isNumber?: boolean;
}

type Cell = Html | string;

/** A table whose rows become cards on a phone, each value under its column's name. The first cell names its row. */
export function table({ caption, columns, rows }: { caption: string; columns: Column[]; rows: Cell[][] }): Html {
  return html`<div class="table-box">
    <table>
      <caption class="unseen">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ label, isNumber }) => html`<th scope="col" ${numberClass(isNumber)}>${label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, at) => tableCell(cell, columns[at]!, at === 0))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const numberClass = (isNumber: boolean | undefined) => isNumber === true && html`class="number"`;

function tableCell(cell: Cell, { label, isNumber }: Column, isFirst: boolean): Html {
  if (isFirst) return html`<th scope="row">${cell}</th>`;
  return html`<td data-label="${label}" ${numberClass(isNumber)}><div>${cell}</div></td>`;
}
