/** Buttons, choices and the toast. Targets are at least 44 px high. */
import { css } from 'lit';

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
    gap: 8px;
    min-height: 44px;
    padding: 8px 16px;
    border: 1px solid transparent;
    border-radius: var(--radius-2);
    background: transparent;
    font-weight: 600;
    line-height: 1.25;
    text-decoration: none;
  }
  .button.primary {
    flex-wrap: wrap;
    width: 100%;
    min-height: 52px;
    background: var(--accent);
    color: var(--on-accent);
  }
  .button.primary:hover {
    background: color-mix(in srgb, var(--accent) 88%, var(--text));
  }
  .button.primary:disabled {
    background: var(--surface-2);
    color: var(--text-2);
    cursor: not-allowed;
  }
  .button.quiet {
    border-color: var(--line);
    background: var(--surface);
  }
  .button.quiet:hover {
    border-color: var(--accent);
  }
  .button.plain {
    padding-inline: 12px;
    color: var(--accent);
  }
  .button.plain:hover {
    background: var(--soft);
  }
  .button.danger {
    background: var(--danger);
    color: var(--surface);
  }
  .button.small {
    flex: 1;
    min-width: 0;
    padding-inline: 8px;
    font-size: 13px;
  }
  .price {
    padding: 3px 10px;
    border-radius: 99px;
    background: color-mix(in srgb, var(--on-accent) 18%, transparent);
    font-size: 13px;
    white-space: nowrap;
  }
  .button:disabled .price {
    background: var(--surface);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .row > * {
    flex: 1 1 auto;
  }
  .buy {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
  }
  .tool {
    display: inline-grid;
    place-items: center;
    width: 44px;
    height: 44px;
    padding: 0;
    border: 0;
    border-radius: var(--radius-2);
    background: none;
    color: var(--text-2);
  }
  .tool:hover {
    background: var(--surface-2);
    color: var(--text);
  }
  .segmented {
    display: flex;
    flex: 1 1 100%;
    padding: 3px;
    border-radius: var(--radius-2);
    background: var(--surface-2);
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
    min-height: 40px;
    padding: 4px 14px;
    border: 1px solid transparent;
    border-radius: var(--radius-2);
    color: var(--text-2);
    font-size: 14px;
    font-weight: 600;
    text-align: center;
  }
  .segmented :checked + span {
    border-color: var(--line);
    background: var(--surface);
    color: var(--text);
  }
  .segmented :focus-visible + span {
    outline: 3px solid var(--accent);
    outline-offset: 1px;
  }
  .presets {
    display: grid;
    gap: 8px;
  }
  .presets legend {
    margin-block-end: 8px;
    padding: 0;
    font-size: 14px;
    font-weight: 600;
  }
  .preset {
    display: grid;
    grid-template-columns: auto 1fr;
    align-items: center;
    column-gap: 12px;
    min-height: 56px;
    padding: 8px 14px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    cursor: pointer;
  }
  .preset:has(:checked) {
    border-color: var(--accent);
    background: var(--soft);
  }
  .preset input {
    grid-row: span 2;
    width: 18px;
    height: 18px;
    margin: 0;
    accent-color: var(--accent);
  }
  .preset-title {
    font-weight: 600;
  }
  .toast-place {
    position: sticky;
    z-index: 2;
    bottom: 12px;
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
    padding: 6px 6px 6px 16px;
    border-radius: var(--radius);
    border: 1px solid var(--line);
    border-inline-start: 4px solid var(--success);
    background: var(--surface);
    box-shadow: 0 10px 30px #0d0d1433;
  }
  .toast.error {
    border-inline-start-color: var(--danger);
  }
  .toast > .icon {
    color: var(--success);
  }
  .toast.error > .icon {
    color: var(--danger);
  }
  .toast p {
    flex: 1;
    padding-block: 6px;
  }
  @media (forced-colors: active) {
    .button,
    .tool {
      border: 1px solid ButtonText;
    }
    .preset:has(:checked),
    .segmented :checked + span {
      outline: 2px solid Highlight;
    }
  }
`;
