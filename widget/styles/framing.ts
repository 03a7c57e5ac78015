/** Drop zone, the picture with its frame, and the preview. */
import { css } from './sheet.ts';

export const framingStyles = css`
  .panel.over {
    outline: 3px dashed var(--_accent);
    outline-offset: -3px;
  }
  .dropzone {
    display: grid;
    align-content: center;
    justify-items: center;
    gap: calc(var(--_space) * 3);
    min-height: 300px;
    height: 100%;
    padding: calc(var(--_space) * 7) calc(var(--_space) * 5);
    border: 2px dashed var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface-2);
    text-align: center;
  }
  .dropzone .hint {
    max-width: 300px;
  }
  .medallion {
    display: grid;
    place-items: center;
    width: 60px;
    height: 60px;
    border-radius: 50%;
    background: var(--_soft);
    color: var(--_accent);
  }
  .medallion .icon {
    width: 28px;
    height: 28px;
  }
  .lead {
    font-size: 17px;
    font-weight: 600;
  }
  .framing {
    display: grid;
    gap: calc(var(--_space) * 3);
  }
  .stage {
    position: relative;
    width: fit-content;
    max-width: 100%;
    margin-inline: auto;
    overflow: hidden;
    border-radius: var(--_radius-2);
    background: var(--_surface-2);
    direction: ltr;
    user-select: none;
  }
  .stage-picture {
    display: block;
    max-width: 100%;
    max-height: 520px;
  }
  .frame {
    position: absolute;
    border: 2px solid #fff;
    box-shadow:
      0 0 0 9999px #0d0d149c,
      inset 0 0 0 1px #0d0d1455;
    cursor: move;
  }
  .frame::before,
  .frame::after {
    position: absolute;
    inset: 0 33.3%;
    border: solid #fff7;
    border-width: 0 1px;
    content: '';
  }
  .frame::after {
    inset: 33.3% 0;
    border-width: 1px 0;
  }
  .frame:focus-visible {
    outline-offset: -5px;
  }
  .corner {
    position: absolute;
    inset: -2px;
    width: min(44px, 33%);
    height: min(44px, 33%);
    cursor: nwse-resize;
    touch-action: none;
  }
  .corner::after {
    position: absolute;
    width: 18px;
    height: 18px;
    border: 4px solid #fff;
    border-block-end: 0;
    border-inline-end: 0;
    content: '';
    filter: drop-shadow(0 0 2px #0d0d149c);
  }
  .corner.right {
    inset-inline-start: auto;
    cursor: nesw-resize;
    scale: -1 1;
  }
  .corner.bottom {
    inset-block-start: auto;
    cursor: nesw-resize;
    scale: 1 -1;
  }
  .corner.right.bottom {
    cursor: nwse-resize;
    scale: -1;
  }
  .frame-tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 12px;
  }
  .zoom {
    display: flex;
    flex: 1 1 150px;
    align-items: center;
    gap: calc(var(--_space) * 3);
    min-height: calc(var(--_space) * 11);
    color: var(--_text-2);
    font-size: 14px;
  }
  .zoom input {
    flex: 1;
    min-width: 60px;
    height: calc(var(--_space) * 11);
    margin: 0;
    accent-color: var(--_accent);
  }
  .preview {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 4);
  }
  .preview canvas,
  .blank {
    flex: none;
    width: 108px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius-2);
  }
  .blank {
    display: grid;
    place-items: center;
    aspect-ratio: 3 / 4;
    border: 1px dashed;
    color: var(--_text-2);
  }
  .preview figcaption {
    display: grid;
    gap: 2px;
    font-weight: 600;
  }
  .zoom span {
    display: none;
  }
  @container (min-width: 700px) {
    .segmented {
      flex: none;
    }
    .segmented span {
      white-space: nowrap;
    }
    .zoom {
      flex-basis: 100%;
    }
    .zoom span {
      display: inline;
    }
    .dropzone {
      min-height: 440px;
    }
    .preview {
      display: grid;
      justify-items: center;
      text-align: center;
      gap: calc(var(--_space) * 3);
      padding: calc(var(--_space) * 4);
      border-radius: var(--_radius);
      background: var(--_surface-2);
    }
    .preview canvas,
    .blank {
      width: 190px;
    }
  }
  /* Nothing is dragged by a finger. */
  @media (hover: none) {
    .dropzone .lead {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .frame,
    .corner::after {
      border-color: Highlight;
      forced-color-adjust: none;
    }
  }
`;
