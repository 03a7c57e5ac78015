/** Icons only the modes use, drawn like those in parts/icon.ts. */
import { html } from 'lit';

const paths = {
  crop: 'M7 3v14h14M3 7h14v14',
  settings: 'M4 8h9M17 8h3M4 16h3M11 16h9M15 8m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0M9 16m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0',
};

export type ModeIconName = keyof typeof paths;

/** Decoration only: hidden from screen readers, so the control around it needs its own name. */
export const modeIcon = (name: ModeIconName) =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${paths[name]} /></svg>`;
