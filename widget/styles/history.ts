/** The grid of past covers. */
import { css } from './sheet.ts';

export const historyStyles = css`
  .history {
    margin-block-start: calc(var(--_space) * 7);
    padding-block-start: calc(var(--_space) * 5);
    border-block-start: 1px solid var(--_line);
  }
  .history ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(136px, 1fr));
    gap: calc(var(--_space) * 4) calc(var(--_space) * 3);
    margin-block-start: calc(var(--_space) * 3);
  }
  .card {
    position: relative;
    display: flex;
    flex-direction: column;
    min-width: 0;
  }
  .thumb {
    position: relative;
    display: grid;
    width: 100%;
    aspect-ratio: 3 / 4;
    padding: 0;
    overflow: hidden;
    border: 0;
    border-radius: var(--_radius-2);
    background: var(--_surface-2);
    color: var(--_text-2);
  }
  .thumb.shown {
    outline: 3px solid var(--_accent);
    outline-offset: 2px;
  }
  .thumb.shown:focus-visible {
    outline-offset: 5px;
  }
  .thumb img {
    width: 100%;
    height: 100%;
    min-height: 0;
    object-fit: cover;
  }
  .thumb > .icon {
    place-self: center;
    width: 32px;
    height: 32px;
  }
  .thumb .play {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
  }
  .thumb .play .icon {
    width: 44px;
    height: 44px;
    padding: 11px;
    border-radius: 50%;
    background: #0d0d149c;
    color: #fff;
    fill: #fff;
  }
  .thumb:hover .play .icon {
    background: var(--_accent);
  }
  .badge {
    position: absolute;
    pointer-events: none;
    inset-block-start: 8px;
    inset-inline-start: 8px;
    max-width: calc(100% - 16px);
    padding: 2px 9px;
    border-radius: 12px;
    background: var(--_surface);
    color: var(--_text);
    font-size: 13px;
    font-weight: 600;
  }
  .badge.completed {
    color: var(--_success);
  }
  .badge.failed {
    color: var(--_danger);
  }
  .badge.processing {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .card-text {
    flex: 1;
    padding-block-start: 6px;
    color: var(--_text-2);
    font-size: 13px;
  }
  .reason {
    margin-block-start: 2px;
    color: var(--_text);
    line-height: 1.35;
  }
  .tools,
  .question {
    display: flex;
    gap: 2px;
    min-height: calc(var(--_space) * 11);
    margin-inline: -6px;
  }
  .question {
    gap: 6px;
    margin-inline: 0;
  }
  .end {
    margin-inline-start: auto;
  }
`;
