/** Scenes: the product's form, three cards, the products of other days. */
import { css } from '../../styles/sheet.ts';

export const scenesStyles = css`
  .scenes,
  .product-form,
  .product-words,
  .scene-list,
  .scene,
  .earlier {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: calc(var(--_space) * 3);
    min-width: 0;
  }
  .scenes {
    gap: calc(var(--_space) * 6);
  }
  .product-row {
    display: flex;
    gap: calc(var(--_space) * 3);
    align-items: start;
  }
  .product-words {
    flex: 1;
  }
  .product-head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 10px;
  }
  .product-head h3,
  .earlier h3 {
    margin: 0;
    font-size: 18px;
    overflow-wrap: anywhere;
  }
  .line {
    box-sizing: border-box;
    width: 100%;
    min-height: calc(var(--_space) * 11);
    padding: 10px 12px;
    border: 1px solid color-mix(in srgb, var(--_text-2) 75%, transparent);
    border-radius: var(--_radius-2);
    background: var(--_surface);
    color: inherit;
    font: inherit;
    resize: vertical;
  }
  .line::placeholder {
    color: var(--_text-2);
    opacity: 1;
  }
  .line:disabled {
    border-color: transparent;
    background: var(--_surface-2);
  }
  .line:focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: -1px;
  }
  .scene .line {
    field-sizing: content;
    max-height: 40vh;
  }
  .line.strong {
    min-height: 0;
    font-weight: 600;
  }
  .scene-list {
    margin: 0;
    padding: 0;
    border: 0;
  }
  .scene-list legend {
    margin-block-end: 12px;
    padding: 0;
    font-size: 18px;
    font-weight: 600;
  }
  .scene-cards {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: calc(var(--_space) * 3);
    align-items: start;
  }
  .scene-cards .bone {
    height: 220px;
  }
  .scene {
    gap: calc(var(--_space) * 2);
    padding: calc(var(--_space) * 3);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  .scene.chosen {
    border-color: var(--_accent);
    box-shadow: inset 0 0 0 1px var(--_accent);
  }
  .scene-choice {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 32px;
    font-weight: 600;
    cursor: pointer;
  }
  .scene-choice input {
    width: 22px;
    height: 22px;
    margin: 0;
    accent-color: var(--_accent);
  }
  .scene-prompt summary,
  .earlier summary {
    padding-block: 8px;
    color: var(--_text-2);
    font-size: 13px;
    cursor: pointer;
  }
  .scene-clip {
    display: block;
    width: 100%;
    max-height: 420px;
    border-radius: var(--_radius-2);
    background: var(--_surface-2);
  }
  .scene-state {
    display: grid;
    gap: 6px;
    margin: 0;
    padding: 14px;
    border-radius: var(--_radius-2);
    background: var(--_surface-2);
  }
  .scene-state.failed {
    grid-template-columns: auto minmax(0, 1fr);
    color: var(--_danger);
  }
  .scene-state p {
    margin: 0;
  }
  .scene-state progress {
    width: 100%;
  }
  .scene-actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
  }
  .scene-actions .primary {
    flex-wrap: nowrap;
    min-height: calc(var(--_space) * 11);
  }
  .scene-actions .again {
    flex: 1 1 auto;
    flex-wrap: wrap;
    order: 1;
    column-gap: 8px;
    row-gap: 0;
  }
  .scene-actions .tool {
    order: 2;
  }
  .scene-actions small {
    font-weight: 400;
  }
  .scene :focus-visible {
    scroll-margin-block-end: 220px;
  }
  .scene-buy {
    position: sticky;
    inset-block-end: var(--kvc-toast-bottom, 0);
    display: grid;
    gap: 6px;
    padding-block: 10px;
    background: var(--_surface);
  }
  .earlier details {
    border-block-start: 1px solid var(--_line);
  }
  .earlier summary {
    color: inherit;
    font-size: 15px;
    font-weight: 600;
  }
  .earlier summary .hint {
    display: inline;
    margin-inline-start: 6px;
    font-weight: 400;
  }
  @container (min-width: 700px) {
    .scene-cards {
      grid-template-columns: repeat(3, minmax(0, 1fr));
    }
    .product-form > .button {
      justify-self: start;
    }
    .product-form > .button.primary {
      width: auto;
      min-width: 280px;
    }
    .scene-buy .primary {
      max-width: 420px;
    }
    .scene-buy {
      justify-items: start;
    }
    .scene-list {
      grid-column: 1 / -1;
    }
  }
  @media (max-height: 700px) {
    .scene-buy {
      position: static;
    }
  }
  @media (forced-colors: active) {
    .scene.chosen {
      outline: 2px solid Highlight;
    }
  }
`;
