/** The panel with the public link, and what it has in common with other panels of the larger view. */
import { css } from '../../styles/sheet.ts';

export const shareStyles = css`
  h4 {
    margin: 0;
    font-size: 15px;
  }
  .share,
  .share-field {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 5px;
  }
  .share {
    gap: 12px;
  }
  .bigger .chips-label {
    display: block;
  }
  .code {
    font:
      12px/1.5 ui-monospace,
      monospace;
    overflow-wrap: anywhere;
  }
  .share .share-end {
    justify-self: start;
    color: var(--_danger);
  }
  .share-said:empty {
    display: none;
  }
`;
