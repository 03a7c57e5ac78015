/** All styles of the widget; adopted by its shadow root, so no policy needs `unsafe-inline`. */
import { controlStyles } from './styles/controls.ts';
import { framingStyles } from './styles/framing.ts';
import { historyStyles } from './styles/history.ts';
import { jobStyles } from './styles/job.ts';
import { css, sheetOf } from './styles/sheet.ts';
import { tabStyles } from './styles/tabs.ts';

const baseStyles = css`
  :host {
    --_accent: var(--kvc-accent, light-dark(#5a3fd6, #a996ff));
    --_on-accent: var(--kvc-on-accent, light-dark(#fff, #17122b));
    --_surface: var(--kvc-surface, light-dark(#fff, #17181d));
    --_surface-2: var(--kvc-surface-2, light-dark(#f4f4f7, #22242b));
    --_text: var(--kvc-text, light-dark(#1b1c22, #f1f1f4));
    --_text-2: var(--kvc-text-2, light-dark(#5b5e6b, #a9adba));
    --_line: var(--kvc-line, light-dark(#dfe0e6, #363943));
    --_danger: var(--kvc-danger, light-dark(#b3261e, #ff9b93));
    --_success: var(--kvc-success, light-dark(#14713d, #6fd79b));
    --_space: max(3px, var(--kvc-space, 4px));
    --_radius: var(--kvc-radius, 14px);
    --_radius-2: calc(var(--_radius) * 0.7);
    --_soft: color-mix(in srgb, var(--_accent) 12%, var(--_surface));
    display: block;
    container-type: inline-size;
    color-scheme: light dark;
    color: var(--_text);
    font: 400 15px/1.45 var(--kvc-font, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif);
    text-align: start;
  }
  :host([hidden]) {
    display: none;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
    unicode-bidi: plaintext;
  }
  [hidden] {
    display: none !important;
  }
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    list-style: none;
  }
  .panel {
    position: relative;
    text-align: -webkit-match-parent;
    text-align: match-parent;
    padding: calc(var(--_space) * 4);
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) * 1.3);
    background: var(--_surface);
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: calc(var(--_space) * 2) calc(var(--_space) * 4);
    margin-block-end: calc(var(--_space) * 4);
  }
  h2 {
    display: flex;
    align-items: center;
    gap: 12px;
    font-size: 19px;
    font-weight: 600;
  }
  h2 .icon {
    color: var(--_accent);
  }
  h3 {
    font-size: 16px;
    font-weight: 600;
  }
  .balance,
  header .awaited {
    padding: 5px 12px;
    border-radius: 99px;
    background: var(--_surface-2);
    font-size: 14px;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .body {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: calc(var(--_space) * 5);
  }
  .right {
    display: grid;
    align-content: start;
    gap: calc(var(--_space) * 4);
  }
  .hint {
    color: var(--_text-2);
    font-size: 13px;
  }
  .centre {
    text-align: center;
  }
  .wide-only {
    display: none;
  }
  .sr-only,
  .picker {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .icon {
    flex: none;
    width: 20px;
    height: 20px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  :focus-visible,
  .segmented :focus-visible + span {
    outline: 3px solid var(--_accent);
    outline-offset: 2px;
  }
  [tabindex='-1']:focus-visible {
    outline: none;
  }
  .bone {
    height: 52px;
    border-radius: var(--_radius);
    background: var(--_surface-2);
    animation: breathe 1.4s infinite alternate;
  }
  .left .bone {
    height: 300px;
  }
  .right .bone {
    height: 144px;
  }
  .awaited {
    visibility: hidden;
  }
  .broken {
    display: grid;
    justify-items: center;
    gap: calc(var(--_space) * 3);
    padding: 32px 16px;
    text-align: center;
  }
  .broken .icon {
    width: 36px;
    height: 36px;
    color: var(--_danger);
  }
  @keyframes breathe {
    to {
      opacity: 0.5;
    }
  }
  @container (min-width: 560px) {
    .panel {
      padding: calc(var(--_space) * 6);
    }
  }
  @container (min-width: 700px) {
    .body {
      grid-template-columns: minmax(0, 1.35fr) minmax(280px, 1fr);
      gap: calc(var(--_space) * 8);
    }
    .wide-only {
      display: block;
    }
    .left .bone {
      height: 440px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    ::-webkit-progress-value {
      animation: none !important;
      transition: none !important;
    }
  }
  @media (prefers-contrast: more) {
    :host {
      --_text-2: var(--_text);
      --_line: var(--_text);
    }
  }
`;

export const coverSheet = sheetOf([baseStyles, controlStyles, framingStyles, jobStyles, historyStyles, tabStyles]);
