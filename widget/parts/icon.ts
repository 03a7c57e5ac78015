/** Inline icons, 24 × 24, drawn for this widget; they take the colour of the text. */
import { html } from 'lit';

const paths = {
  video:
    'M3 7.5A2.5 2.5 0 0 1 5.5 5h8A2.5 2.5 0 0 1 16 7.5v9a2.5 2.5 0 0 1-2.5 2.5h-8A2.5 2.5 0 0 1 3 16.5zM16 10.5l5-3v9l-5-3',
  picture:
    'M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v11a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 4 17.5zM4.5 17l4.5-5 4 4 2.5-2.5 4 4M15.5 8.5h.01',
  play: 'M8 5.5v13l10.5-6.5z',
  download: 'M12 4v11m-4.5-4L12 15.5l4.5-4.5M5 19.5h14',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  trash: 'M5 7h14M10 7V4.5h4V7M7 7l1 12.5h8L17 7M10.5 10.5v5.5M13.5 10.5v5.5',
  close: 'm6 6 12 12M18 6 6 18',
  copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
  warning: 'M12 4 2.5 20h19zM12 10v4.5M12 17.2h.01',
  plus: 'M12 5v14M5 12h14',
  swap: 'M4 9h13l-3.5-3.5M20 15H7l3.5 3.5',
};

export type IconName = keyof typeof paths;

/** Decoration only: hidden from screen readers, so the control around it needs its own name. */
export const icon = (name: IconName) =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${paths[name]} /></svg>`;
