import { html } from 'hono/html';
import { liveScript } from '../assets.ts';
import type { Html } from '../format.ts';
import type { AdminContext } from '../parts.ts';

/**
 * A part of the page that follows what happens, where scripts run: of this job, or of every job. One part a page, and
 * none on a page that shows what was typed.
 */
export function live(c: AdminContext, body: Html, jobId = ''): Html {
  c.set('scripts', 'live');
  return html`<div class="live" data-live="${jobId}">${body}</div>
    <script defer src="${liveScript}"></script>`;
}
