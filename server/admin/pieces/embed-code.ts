import { html } from 'hono/html';
import type { Html } from '../format.ts';
import type { AdminContext, AdminParts } from '../parts.ts';

/** Text that one click selects (by stylesheet) and that can be reached and scrolled by keyboard. */
export const snippet = (code: string): Html => html`<pre class="snippet" tabindex="0"><code>${code}</code></pre>`;

/** The script of this very version with its SRI hash (where it is built), and the one that is always the newest. */
export function scriptCode(c: AdminContext, { publicUrl, widget }: Pick<AdminParts, 'publicUrl' | 'widget'>): Html {
  const { embed } = c.get('words');
  const latest = `<script type="module" src="${publicUrl}/widget/kling-video-cover.js"></script>`;
  return html`${
      widget &&
      html`<p>${embed.scriptPinned(widget.version)}</p>
        ${snippet(pinnedTag(publicUrl, widget))}`
    }
    <p>${embed.scriptLatest}</p>
    ${snippet(latest)}`;
}

/** The element for a host's page. */
export function elementCode(c: AdminContext, { publicUrl }: Pick<AdminParts, 'publicUrl'>): Html {
  const element = `<kling-video-cover\n  server="${publicUrl}"\n  token-url="/api/video-cover-token"\n  lang="${c.get('language')}"\n></kling-video-cover>`;
  return html`<p>${c.get('words').embed.elementLead}</p>
    ${snippet(element)}`;
}

function pinnedTag(publicUrl: string, { path, integrity }: NonNullable<AdminParts['widget']>): string {
  return `<script\n  type="module"\n  src="${publicUrl}${path}"\n  integrity="${integrity}"\n  crossorigin="anonymous"\n></script>`;
}
