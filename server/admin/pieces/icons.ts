import { html } from 'hono/html';
import type { Html } from '../format.ts';

const stroked = (shapes: Html): Html =>
  html`<svg
    class="icon"
    viewBox="0 0 24 24"
    width="20"
    height="20"
    fill="none"
    stroke="currentColor"
    stroke-width="1.75"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${shapes}
  </svg>`;

/** Line drawings of 24 units, coloured by the text around them. */
export const icons = {
  jobs: stroked(html`<rect x="3" y="4" width="18" height="16" rx="3" /><path d="m10 9 5 3-5 3z" />`),
  accounts: stroked(
    html`<circle cx="9" cy="8" r="3.5" />
      <path d="M3 20c0-3.5 2.7-5.5 6-5.5s6 2 6 5.5M16 5a3.5 3.5 0 0 1 0 6.5M17.5 15c2.2.7 3.5 2.5 3.5 5" />`,
  ),
  presets: stroked(
    html`<path d="M4 7h9M17 7h3M4 17h3M11 17h9" /><circle cx="15" cy="7" r="2" /><circle cx="9" cy="17" r="2" />`,
  ),
  prompts: stroked(html`<path d="M4 20h4L19 9l-4-4L4 16zM13 7l4 4M14 20h6" />`),
  prices: stroked(html`<path d="M12 3H4v8l9.5 9.5 7.5-7.5z" /><circle cx="8" cy="7.5" r="1" />`),
  sites: stroked(
    html`<circle cx="12" cy="12" r="9" /><path d="M3 12h18M12 3c5 5.5 5 12.5 0 18M12 3c-5 5.5-5 12.5 0 18" />`,
  ),
  embed: stroked(html`<path d="m8 7-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14" />`),
  webhooks: stroked(
    html`<circle cx="12" cy="7" r="3" /><circle cx="6" cy="17" r="3" /><circle cx="18" cy="17" r="3" /><path
        d="m10.5 9.6-3 4.8M13.5 9.6l3 4.8M9 17h6"
      />`,
  ),
  usage: stroked(html`<path d="M4 4v16h16M8.5 16v-4M13 16V8M17.5 16v-6" />`),
  health: stroked(html`<path d="M3 12h4l2.5-6 4.5 12 2.5-6H21" />`),
  operators: stroked(html`<circle cx="12" cy="8" r="4" /><path d="M4 21c0-4 3.5-6.5 8-6.5s8 2.5 8 6.5" />`),
  audit: stroked(html`<path d="M6 3h9l4 4v14H6zM9.5 11h6M9.5 15h6" />`),
  warning: stroked(html`<path d="M12 4 2.5 20h19zM12 10v4.5M12 17.3v.2" />`),
  done: stroked(html`<path d="m5 12.5 4.5 4.5L19 7.5" />`),
  signOut: stroked(html`<path d="M10 4H5v16h5M15 8l4 4-4 4M19 12H9" />`),
};
