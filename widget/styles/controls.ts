/** Buttons, choices and the toast. Targets are at least 44 px high. */
import { css } from './sheet.ts';

export const controlStyles = css`
  button,
  .button,
  .tool {
    font: inherit;
    color: inherit;
    cursor: pointer;
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: calc(var(--_space) * 2);
    min-height: calc(var(--_space) * 11);
    padding: calc(var(--_space) * 2) calc(var(--_space) * 4);
    border: 1px solid transparent;
    border-radius: var(--_radius-2);
    background: none;
    font-weight: 600;
    line-height: 1.25;
    text-decoration: none;
  }
  .button.primary {
    flex-wrap: wrap;
    width: 100%;
    min-height: calc(var(--_space) * 13);
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .button.primary:hover {
    background: color-mix(in srgb, var(--_accent) 88%, var(--_text));
  }
  .button.primary:disabled {
    background: var(--_surface-2);
    color: var(--_text-2);
    cursor: not-allowed;
  }
  .button.quiet {
    border-color: var(--_line);
    background: var(--_surface);
  }
  .button.quiet:hover {
    border-color: var(--_accent);
  }
  .button.plain {
    padding-inline: calc(var(--_space) * 3);
    color: var(--_accent);
  }
  .button.plain:hover {
    background: var(--_soft);
  }
  .button.danger {
    background: var(--_danger);
    color: var(--_surface);
  }
  .button.small {
    flex: 1;
    min-width: 0;
    padding-inline: calc(var(--_space) * 2);
    font-size: 13px;
  }
  .price {
    padding: 3px 10px;
    border-radius: 99px;
    background: color-mix(in srgb, var(--_on-accent) 18%, transparent);
    font-size: 13px;
    white-space: nowrap;
  }
  .button:disabled .price {
    background: var(--_surface);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: calc(var(--_space) * 2);
  }
  .row > * {
    flex: 1 1 auto;
  }
  .buy,
  .presets {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: calc(var(--_space) * 2);
  }
  .tool {
    display: inline-grid;
    place-items: center;
    width: calc(var(--_space) * 11);
    height: calc(var(--_space) * 11);
    padding: 0;
    border: 0;
    border-radius: var(--_radius-2);
    background: none;
    color: var(--_text-2);
  }
  .tool:hover {
    background: var(--_surface-2);
    color: var(--_text);
  }
  .segmented {
    display: flex;
    flex: 1 1 100%;
    padding: 3px;
    border-radius: var(--_radius-2);
    background: var(--_surface-2);
  }
  .segmented label {
    position: relative;
    display: flex;
    flex: 1;
  }
  .segmented input {
    position: absolute;
    inset: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .segmented span {
    display: grid;
    flex: 1;
    place-items: center;
    min-height: calc(var(--_space) * 10);
    padding: 4px 14px;
    border: 1px solid transparent;
    border-radius: var(--_radius-2);
    color: var(--_text-2);
    font-size: 14px;
    font-weight: 600;
    text-align: center;
    overflow-wrap: anywhere;
  }
  .segmented :checked + span {
    border-color: var(--_accent);
    background: var(--_surface);
    color: var(--_text);
  }
  .presets legend {
    margin-block-end: calc(var(--_space) * 2);
    padding: 0;
    font-size: 14px;
    font-weight: 600;
  }
  .preset {
    display: grid;
    grid-template-columns: auto 1fr;
    align-items: center;
    column-gap: calc(var(--_space) * 3);
    min-height: calc(var(--_space) * 14);
    padding: calc(var(--_space) * 2) calc(var(--_space) * 4);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    cursor: pointer;
  }
  .preset:has(:checked) {
    border-color: var(--_accent);
    background: var(--_soft);
  }
  .preset input {
    grid-row: span 2;
    width: 18px;
    height: 18px;
    margin: 0;
    accent-color: var(--_accent);
  }
  .preset-title {
    font-weight: 600;
  }
  .toast-place {
    position: sticky;
    z-index: 2;
    inset-block-end: var(--kvc-toast-bottom, 12px);
    height: 0;
  }
  .toast {
    display: flex;
    align-items: center;
    gap: 12px;
    position: absolute;
    inset: auto 0 0;
    max-width: 560px;
    margin-inline: auto;
    padding: 6px;
    padding-inline-start: 16px;
    border-radius: var(--_radius);
    border: 1px solid var(--_line);
    border-inline-start: 4px solid;
    color: var(--_success);
    background: var(--_surface);
    box-shadow: 0 10px 30px #0d0d1433;
  }
  .toast.error {
    color: var(--_danger);
  }
  .toast p {
    flex: 1;
    color: var(--_text);
    padding-block: 6px;
  }
  @media (forced-colors: active) {
    .tool {
      border: 1px solid;
    }
    .preset:has(:checked),
    .segmented :checked + span {
      border: 2px solid Highlight;
    }
  }
`;
