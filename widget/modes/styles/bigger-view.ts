/** The dialog with one job in full. */
import { css } from '../../styles/sheet.ts';

export const biggerViewStyles = css`
  .bigger {
    width: min(1080px, 100vw - 24px);
    max-width: none;
    max-height: calc(100dvh - 24px);
    padding: 0;
    overflow: auto;
    scroll-padding-block-start: 70px;
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) * 1.3);
    background: var(--_surface);
    color: var(--_text);
    container-type: inline-size;
  }
  .bigger::backdrop {
    background: #0d0d14b8;
  }
  .bigger-head {
    position: sticky;
    z-index: 1;
    inset-block-start: 0;
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    padding: 8px;
    padding-inline-start: 20px;
    background: var(--_surface);
  }
  .bigger-head h3 {
    overflow-wrap: anywhere;
  }
  .bigger-body {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: calc(var(--_space) * 5);
    padding: 4px 20px 20px;
  }
  .bigger-media {
    display: grid;
    place-items: center;
    align-self: start;
    min-height: 160px;
    overflow: hidden;
    border-radius: var(--_radius);
    background: var(--_surface-2);
    color: var(--_text-2);
  }
  .bigger-media > :is(img, video) {
    display: block;
    width: 100%;
    height: auto;
    max-height: 62dvh;
    object-fit: contain;
  }
  .bigger-media.without > * {
    max-height: 30dvh;
    opacity: 0.5;
  }
  .bigger-text {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: calc(var(--_space) * 3);
  }
  .bigger-note:not(:empty) {
    padding: 10px 14px;
    border-radius: var(--_radius-2);
    background: var(--_soft);
  }
  .bigger-note:empty {
    position: absolute;
  }
  .bigger-state {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    color: var(--_text-2);
    font-size: 14px;
  }
  .bigger-state .badge {
    position: static;
    border: 1px solid currentcolor;
  }
  .bigger-prompt {
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .bigger-label {
    font-size: 14px;
    font-weight: 600;
  }
  .bigger-checks li {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 30px;
    font-size: 14px;
  }
  .passes .icon {
    color: var(--_success);
  }
  .fails .icon {
    color: var(--_danger);
  }
  .bigger-source {
    display: flex;
    align-items: center;
    gap: 12px;
  }
  .bigger-source img {
    width: 64px;
    height: 64px;
    border-radius: var(--_radius-2);
    background: var(--_surface-2);
    object-fit: contain;
  }
  .bigger-panel {
    padding: 14px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }
  @container (min-width: 720px) {
    .bigger-body {
      grid-template-columns: minmax(0, 1.3fr) minmax(300px, 1fr);
      gap: 28px;
    }
    .bigger-media > :is(img, video) {
      max-height: 76dvh;
    }
  }
`;
