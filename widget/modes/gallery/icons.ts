/** Icons only the modes use, drawn like those in parts/icon.ts. */
import { html } from 'lit';

const paths = {
  open: 'M9 4.5H4.5V9M15 4.5h4.5V9M9 19.5H4.5V15M15 19.5h4.5V15',
  pause: 'M8.5 6v12M15.5 6v12',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20',
  share: 'M12 15V4m-4 4 4-4 4 4M7 11H5v9h14v-9h-2',
  variants: 'M4 5h7v14H4zM14 5h6v6h-6zM14 14h6v5h-6z',
  stack: 'M4.5 9.5h15v10h-15zM6.5 6.5h11M8.5 3.5h7',
};

/** Decoration only: hidden from screen readers. */
export const glyphIcon = (name: keyof typeof paths) =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${paths[name]} /></svg>`;
