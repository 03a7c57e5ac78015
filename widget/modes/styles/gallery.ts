/** The grid of jobs. A card's height follows from its width alone: what is not drawn can be counted instead. */
import { css } from '../../styles/sheet.ts';

export const galleryStyles = css`
  .empty {
    display: grid;
    justify-items: center;
    gap: 8px;
    padding: 48px 16px;
    text-align: center;
  }
  .gallery {
    isolation: isolate;
    container-type: inline-size;
    min-width: 0;
  }
  .gallery[aria-busy='true'] .tile:not([aria-hidden]) {
    opacity: 0.6;
  }
  .gallery-fault {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: 8px 16px;
    padding: 16px;
  }
  .tiles {
    position: relative;
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 18px 12px;
    padding-block: var(--above, 0) var(--below, 0);
    overflow-anchor: none;
  }
  .tile {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    min-width: 0;
  }
  .tile.afar {
    position: absolute;
    inset-block-start: var(--top);
    width: 45%;
  }
  .tile-pane {
    position: relative;
    height: auto;
    aspect-ratio: 4 / 5;
    overflow: hidden;
    border-radius: var(--_radius);
    background: var(--_surface-2);
    color: var(--_text-2);
  }
  .tile-look,
  .tile-still {
    position: absolute;
    inset: 0;
  }
  .tile-look {
    z-index: 1;
    padding: 0;
    border: 0;
    border-radius: inherit;
    background: none;
  }
  .tile-look:focus-visible {
    outline-offset: -3px;
  }
  .tile-still {
    display: grid;
  }
  .tile-still > * {
    grid-area: 1 / 1;
    width: 100%;
    height: 100%;
    min-width: 0;
    min-height: 0;
    object-fit: contain;
  }
  .tile-still > .icon {
    width: 32px;
    height: 32px;
    place-self: center;
  }
  .tile-clip {
    opacity: 0;
  }
  .tile-clip.ready {
    opacity: 1;
    background: var(--_surface-2);
  }
  .pending .tile-still,
  .processing .tile-still {
    opacity: 0.35;
  }
  .failed .tile-still,
  .cancelled .tile-still,
  .expired .tile-still {
    opacity: 0.12;
  }
  .tile-pane:has(.tile-why) .tile-still > .icon,
  .cancelled .tile-why .icon {
    display: none;
  }
  .tile .badge,
  .tile-why,
  .tile-play,
  .tile-pane progress {
    z-index: 2;
    pointer-events: none;
  }
  .tile .badge {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .badge.expired {
    color: var(--_text-2);
  }
  .tile-why {
    position: absolute;
    inset: 42px 10px 10px;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 6px;
    overflow: hidden;
    color: var(--_text);
    font-size: 13px;
    line-height: 1.35;
    text-align: center;
  }
  .tile-why span {
    display: -webkit-box;
    overflow: hidden;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 7;
  }
  .tile-why .icon {
    color: var(--_text-2);
  }
  .failed .tile-why .icon {
    color: var(--_danger);
  }
  .tile-play {
    position: absolute;
    inset-block-start: 8px;
    inset-inline-end: 8px;
    display: grid;
    place-items: center;
    width: 30px;
    height: 30px;
    border-radius: 50%;
    background: #0d0d149c;
    color: #fff;
  }
  .tile-pane:has(.tile-clip) .tile-play {
    display: none;
  }
  .tile-play .icon {
    width: 16px;
    height: 16px;
    fill: #fff;
  }
  .tile-pane progress {
    position: absolute;
    inset-inline: 0;
    inset-block-end: 0;
    width: 100%;
    height: 6px;
    border-radius: 0;
  }
  .tile-tools {
    position: absolute;
    z-index: 3;
    inset-inline: 8px;
    inset-block-end: 8px;
    display: flex;
    justify-content: center;
    gap: 2px;
    min-height: 44px;
    padding: 0;
    border-radius: var(--_radius-2);
    background: color-mix(in srgb, var(--_surface) 92%, transparent);
  }
  .tile-tools .tool {
    flex: 0 1 44px;
    min-width: 0;
  }
  .tile-tools .button {
    padding-inline: 4px;
  }
  .tile-tools.question {
    gap: 6px;
    margin: 0;
    background: none;
  }
  .tile-tools .tool-open,
  .tile-tools .extra {
    display: none;
  }
  .tile-words {
    height: 90px;
    padding-block-start: 8px;
    overflow: hidden;
  }
  .tile-prompt {
    display: -webkit-box;
    overflow: hidden;
    overflow-wrap: anywhere;
    font-size: 14px;
    line-height: 1.4;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .tile-facts {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 8px;
    margin-block-start: 2px;
    color: var(--_text-2);
    font-size: 13px;
    white-space: nowrap;
  }
  .tile-facts span {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  @media (hover: hover) {
    .tile-pane:not(:hover, :focus-within) .tile-tools:not(.question) {
      opacity: 0;
    }
    .tile-pane:is(:hover, :focus-within) .tile-why {
      inset-block-end: 56px;
    }
    .tile-pane:hover .tile-play {
      background: var(--_accent);
    }
  }
  @media (hover: none) {
    .tile-pane {
      aspect-ratio: auto;
    }
    .tile-still {
      position: relative;
      aspect-ratio: 4 / 5;
      margin-block-end: 44px;
    }
    .tile-still > * {
      position: absolute;
      inset: 0;
    }
    .tile-still > .icon {
      margin: auto;
    }
    .tile-look,
    .tile-why,
    .tile-pane progress {
      inset-block-end: 44px;
    }
    .tile-tools {
      inset: auto 0 0;
      justify-content: space-evenly;
      border-radius: 0;
      background: none;
    }
    .tile-tools .tool-open {
      display: inline-grid;
    }
    .tile-tools .tool-play,
    .tile-tools .tool-use {
      display: none;
    }
  }
  @container (max-width: 300px) {
    .tile-tools.question {
      flex-direction: column;
    }
    .tile .badge,
    .tile-why,
    .tile-tools .button {
      font-size: 12px;
    }
    .tile-why .icon {
      display: none;
    }
  }
  @container (min-width: 640px) {
    .tiles {
      grid-template-columns: repeat(3, minmax(0, 1fr));
      gap: 24px 16px;
    }
    .tile-words {
      height: 72px;
    }
    .tile-tools .extra {
      display: inline-grid;
    }
  }
  @container (min-width: 860px) {
    .tiles {
      grid-template-columns: repeat(4, minmax(0, 1fr));
    }
  }
  @media (forced-colors: active) {
    .tile-pane,
    .tile .badge,
    .tile-play {
      border: 1px solid CanvasText;
    }
    .tile-tools {
      background: Canvas;
    }
  }
`;
