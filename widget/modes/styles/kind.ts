/** A kind of generation: the gallery and the form below it. */
import { css } from 'lit';

export const kindStyles = css`
  .kind {
    display: grid;
    gap: 20px;
  }
`;
