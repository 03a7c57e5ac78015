/** Variants side by side: the panel takes the whole dialog, because it shows the job itself too. */
import { css } from '../../styles/sheet.ts';

export const variantsStyles = css`
  .bigger-body:has(.variants) {
    grid-template-columns: minmax(0, 1fr);
  }
  .bigger-body:has(.variants) :is(.bigger-media, .bigger-prompt, .bigger-checks, .bigger-source, .receipt) {
    display: none;
  }
  .variants,
  .variant-form {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 14px;
  }
  .versions {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(136px, 1fr));
    gap: 16px 12px;
  }
  .version {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: 4px;
  }
  .version-media {
    display: grid;
    place-items: center;
    aspect-ratio: 3 / 4;
    overflow: hidden;
    border: 2px solid transparent;
    border-radius: var(--_radius-2);
    background: var(--_surface-2);
  }
  .own .version-media {
    border-color: var(--_accent);
  }
  .version-media > :is(img, video) {
    width: 100%;
    height: 100%;
    min-height: 0;
    object-fit: contain;
  }
  .version-media progress {
    width: 80%;
  }
  .version-media progress,
  .version-media progress::-webkit-progress-bar {
    background: var(--_surface);
  }
  .version-why {
    display: grid;
    justify-items: center;
    gap: 6px;
    padding: 10px;
    font-size: 13px;
    text-align: center;
  }
  .version-name {
    font-size: 14px;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .version-tools {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  .version-tools .button {
    flex: 1 1 100%;
  }
  @media (forced-colors: active) {
    .own .version-media {
      outline: 2px solid Highlight;
    }
  }
  @container (min-width: 720px) {
    .versions {
      grid-template-columns: repeat(auto-fill, minmax(200px, 1fr));
    }
    .variant-form > .primary {
      width: auto;
      min-width: 320px;
      justify-self: center;
    }
  }
`;
