/** A kind of generation: the gallery and the form that stays at the bottom of the window below it. */
import { css } from '../../styles/sheet.ts';

export const kindStyles = css`
  .kind {
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: 1fr;
    gap: calc(var(--_space) * 5);
    min-height: min(56vh, 640px);
  }
  .gallery-top {
    position: absolute;
    inset: 0 0 auto;
    height: 1px;
    scroll-margin-block: 80px;
  }
  .kind-form {
    position: sticky;
    z-index: 1;
    inset-block-end: var(--kvc-toast-bottom, 12px);
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: calc(var(--_space) * 3);
    max-height: min(76vh, 680px);
    overflow: auto;
    scroll-padding-block-end: 90px;
    padding: 14px;
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) * 1.2);
    background: var(--_surface);
    box-shadow: 0 10px 34px #0d0d1429;
  }
  .panel:has(.kind-form) .toast {
    inset-block-end: 300px;
  }
  .kind .tile :focus-visible {
    scroll-margin-block-end: min(78vh, 700px);
  }
  .words {
    display: flex;
    align-items: start;
    gap: calc(var(--_space) * 3);
  }
  .field-head {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 12px;
  }
  .field {
    display: grid;
    flex: 1;
    gap: 4px;
    min-width: 0;
  }
  .field label,
  .chips-label {
    color: var(--_text-2);
    font-size: 13px;
    font-weight: 600;
  }
  .grow {
    display: grid;
    max-height: 30vh;
    overflow: auto;
    border: 1px solid color-mix(in srgb, var(--_text-2) 75%, transparent);
    border-radius: var(--_radius-2);
    background: var(--_surface-2);
  }
  .grow::after {
    visibility: hidden;
    content: attr(data-text) ' ';
  }
  .grow::after,
  .grow textarea {
    grid-area: 1 / 1;
    min-width: 0;
    min-height: 46px;
    margin: 0;
    padding: 11px 13px;
    border: 0;
    font: inherit;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .grow textarea {
    overflow: hidden;
    background: none;
    color: inherit;
    resize: none;
  }
  .grow textarea::placeholder {
    color: var(--_text-2);
    opacity: 1;
  }
  .grow:focus-within {
    outline: 3px solid var(--_accent);
    outline-offset: -1px;
  }
  .grow textarea:focus-visible {
    outline: none;
  }
  .counter {
    color: var(--_text-2);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .counter.over {
    color: var(--_danger);
    font-weight: 600;
  }
  .picture-slot {
    position: relative;
    display: grid;
    flex: none;
    place-content: center;
    place-items: center;
    gap: 4px;
    width: 96px;
    min-height: 96px;
    padding: 4px;
    overflow: hidden;
    border: 2px dashed var(--_line);
    border-radius: var(--_radius-2);
    background: var(--_surface-2);
    color: var(--_text-2);
    font-size: 12px;
    line-height: 1.2;
    text-align: center;
  }
  button.picture-slot:hover {
    border-color: var(--_accent);
    color: var(--_text);
  }
  .picture-slot.filled {
    padding: 0;
    border: 1px solid var(--_line);
  }
  .sent-picture {
    display: block;
    max-width: 100%;
    max-height: 128px;
  }
  .picture-slot .tool {
    position: absolute;
    inset-block-end: 0;
    background: #0d0d14b8;
    color: #fff;
  }
  .picture-slot .tool:hover {
    background: #0d0d14;
  }
  .frame-tool {
    inset-inline-start: 0;
  }
  .remove-tool {
    inset-inline-end: 0;
  }
  .kind-form .stage-picture {
    max-height: 26vh;
  }
  .options {
    display: none;
    gap: calc(var(--_space) * 3) calc(var(--_space) * 5);
  }
  .options.open {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .chips,
  .pick {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 5px;
    min-width: 0;
  }
  .chips-row {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .chip {
    position: relative;
    display: flex;
  }
  .chip input {
    position: absolute;
    inset: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .chip > span {
    display: flex;
    align-items: center;
    gap: 7px;
    min-height: calc(var(--_space) * 11);
    padding: 4px calc(var(--_space) * 3);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-2);
    font-size: 14px;
  }
  .chip:hover > span {
    border-color: var(--_accent);
  }
  .chip :checked + span {
    border-color: var(--_accent);
    background: var(--_soft);
    font-weight: 600;
  }
  .chip :focus-visible + span {
    outline: 3px solid var(--_accent);
    outline-offset: 1px;
  }
  .chip small {
    color: var(--_text-2);
    font-size: 12px;
    font-weight: 400;
  }
  .chip img {
    width: 34px;
    height: 34px;
    margin-inline-start: -8px;
    border-radius: calc(var(--_radius-2) * 0.7);
    object-fit: cover;
  }
  .glyph {
    flex: none;
    width: 20px;
    height: 20px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
  }
  .pick select {
    min-width: 0;
    min-height: calc(var(--_space) * 11);
    padding: 4px 10px;
    border: 1px solid color-mix(in srgb, var(--_text-2) 75%, transparent);
    border-radius: var(--_radius-2);
    background: var(--_surface);
    color: inherit;
    font: inherit;
    font-size: 14px;
  }
  .form-fault {
    display: flex;
    gap: 10px;
    color: var(--_danger);
  }
  .buy-row {
    position: sticky;
    z-index: 1;
    inset-block-end: -14px;
    display: flex;
    flex-wrap: wrap;
    gap: 6px 8px;
    margin: -6px -14px -14px;
    padding: 6px 14px 12px;
    background: var(--_surface);
  }
  .buy-row .primary {
    flex: 1 1 250px;
    width: auto;
  }
  .buy-row .hint {
    flex: 1 1 100%;
  }
  .buy-row .hint:empty {
    display: none;
  }
  .buy-row [aria-busy='true'],
  .buy-row [aria-busy='true']:hover {
    background: var(--_surface-2);
    color: var(--_text-2);
    cursor: progress;
  }
  .options-toggle {
    flex: 10 1 250px;
    justify-content: start;
    min-width: 0;
    color: var(--_text-2);
    font-size: 14px;
    text-align: start;
  }
  .summary {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .word {
    position: absolute;
    width: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .spinner {
    width: 18px;
    height: 18px;
    border: 3px solid var(--_line);
    border-block-start-color: currentColor;
    border-radius: 50%;
    animation: turn 0.9s linear infinite;
  }
  @container (min-width: 700px) {
    .options.open {
      display: flex;
      flex-wrap: wrap;
    }
    .word {
      position: static;
      width: auto;
      clip-path: none;
    }
    .panel:has(.kind-form) .toast {
      inset-block-end: 240px;
    }
    .kind:not(:has(.options.open, .framing, .batch)) .tile :focus-visible {
      scroll-margin-block-end: 240px;
    }
    .kind-form .framing {
      grid-template-columns: auto minmax(0, 1fr);
      align-items: center;
      gap: 20px;
    }
  }
  @media (max-height: 700px) {
    .buy-row {
      position: static;
    }
  }
  @media (forced-colors: active) {
    .chip :checked + span {
      border: 2px solid Highlight;
    }
  }
`;
