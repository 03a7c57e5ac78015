/** An order under way, done or failed. */
import { css } from './sheet.ts';

export const jobStyles = css`
  .shape {
    display: grid;
    width: 100%;
    max-width: 390px;
    aspect-ratio: 3 / 4;
    margin-inline: auto;
    overflow: hidden;
    border-radius: var(--_radius);
    background: var(--_surface-2);
  }
  .shape > * {
    width: 100%;
    height: 100%;
    min-height: 0;
    object-fit: contain;
  }
  .shape > .icon {
    width: 48px;
    height: 48px;
    place-self: center;
    color: var(--_text-2);
  }
  .shape > video {
    background: #000;
  }
  .progress-panel,
  .done,
  .right > .failed {
    display: grid;
    align-content: start;
    min-height: 380px;
    gap: calc(var(--_space) * 4);
  }
  .steps {
    display: grid;
    gap: 4px;
  }
  .steps li {
    position: relative;
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 3);
    min-height: calc(var(--_space) * 9);
    color: var(--_text-2);
  }
  .steps li.now {
    color: var(--_text);
    font-size: 17px;
    font-weight: 600;
  }
  .steps li.past {
    color: var(--_text);
  }
  .dot {
    display: grid;
    flex: none;
    place-items: center;
    width: 24px;
    height: 24px;
    border: 2px solid var(--_line);
    border-radius: 50%;
  }
  .dot .icon {
    width: 14px;
    height: 14px;
    stroke-width: 3;
  }
  .past .dot {
    border-color: var(--_success);
    background: var(--_success);
    color: var(--_surface);
  }
  .now .dot {
    border-color: var(--_soft);
    border-width: 3px;
    border-block-start-color: var(--_accent);
    border-inline-end-color: var(--_accent);
    animation: turn 0.9s linear infinite;
  }
  @keyframes turn {
    to {
      transform: rotate(1turn);
    }
  }
  .bar {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 3);
  }
  progress {
    flex: 1;
    min-width: 0;
    height: 10px;
    border: 0;
    border-radius: 99px;
    overflow: hidden;
    appearance: none;
    background: var(--_surface-2);
    color: var(--_accent);
  }
  progress::-webkit-progress-bar {
    background: var(--_surface-2);
  }
  progress::-webkit-progress-value {
    border-radius: 99px;
    background: var(--_accent);
    transition: inline-size 0.5s;
  }
  progress::-moz-progress-bar {
    background: var(--_accent);
  }
  .progress-panel .row > * {
    flex: none;
  }
  .detail {
    min-height: 2lh;
  }
  .percent {
    min-width: 3.6em;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  .warning {
    display: flex;
    gap: calc(var(--_space) * 3);
    padding: calc(var(--_space) * 3);
    border-radius: var(--_radius);
    background: light-dark(#fff4dc, #3a2f16);
    color: light-dark(#6b4700, #ffd88a);
  }
  .done-title,
  .failed-title {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 3);
    font-size: 20px;
  }
  .done-title .icon {
    width: 26px;
    height: 26px;
    padding: 4px;
    border-radius: 50%;
    background: var(--_success);
    color: var(--_surface);
    stroke-width: 3;
  }
  .failed-title .icon {
    color: var(--_danger);
  }
  .refund {
    font-weight: 600;
  }
  .receipt {
    display: grid;
    gap: 2px;
    padding-block-start: calc(var(--_space) * 3);
    border-block-start: 1px solid var(--_line);
    color: var(--_text-2);
    font-size: 13px;
  }
  .receipt > div {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-height: 26px;
  }
  .copy {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: calc(var(--_space) * 11);
    margin-block: calc(var(--_space) * -2);
    padding: 0;
    border: 0;
    background: none;
    font-family: ui-monospace, monospace;
  }
  .copy .icon {
    width: 16px;
    height: 16px;
  }
  @media (forced-colors: active) {
    progress {
      border: 1px solid CanvasText;
      forced-color-adjust: none;
    }
  }
`;
