/** The gallery of jobs. */
import { css } from 'lit';

export const galleryStyles = css`
  .empty {
    display: grid;
    justify-items: center;
    gap: 8px;
    padding: 48px 16px;
    text-align: center;
  }
`;
