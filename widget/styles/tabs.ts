/** The choice between modes. */
import { css } from './sheet.ts';

export const tabStyles = css`
  .tabs {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    margin-block-end: calc(var(--_space) * 5);
    border-block-end: 1px solid var(--_line);
  }
  .tab {
    min-height: calc(var(--_space) * 11);
    padding: calc(var(--_space) * 2) calc(var(--_space) * 3);
    border: 0;
    border-block-end: 3px solid transparent;
    background: none;
    color: var(--_text-2);
    font-weight: 600;
  }
  .tab[aria-selected='true'] {
    border-color: var(--_accent);
    color: var(--_text);
  }
  .tab:focus-visible {
    outline-offset: -3px;
  }
  @media (forced-colors: active) {
    .tab {
      border-color: Canvas;
    }
  }
`;
