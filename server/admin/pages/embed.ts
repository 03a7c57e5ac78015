import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Html } from '../format.ts';
import { showPage } from '../layout.ts';
import type { AdminEnv, AdminParts } from '../parts.ts';
import { pageHead } from '../pieces/blocks.ts';

/** What a host puts into its page, ready to be copied. */
export function embedPage({ publicUrl, widget }: AdminParts): Hono<AdminEnv> {
  return new Hono<AdminEnv>().get('/', (c) => {
    const { embed } = c.get('words');
    const latest = `<script type="module" src="${publicUrl}/widget/kling-video-cover.js"></script>`;
    const element = `<kling-video-cover\n  server="${publicUrl}"\n  token-url="/api/video-cover-token"\n  lang="${c.get('language')}"\n></kling-video-cover>`;
    const body = html`${pageHead(embed.title, embed.lead)}
      <section class="card">
        <h2>${embed.script}</h2>
        ${
          widget &&
          html`<p>${embed.scriptPinned(widget.version)}</p>
            ${snippet(pinnedTag(publicUrl, widget))}`
        }
        <p>${embed.scriptLatest}</p>
        ${snippet(latest)}
      </section>
      <section class="card">
        <h2>${embed.element}</h2>
        <p>${embed.elementLead}</p>
        ${snippet(element)}
      </section>
      <section class="card">
        <h2>${embed.before}</h2>
        <ol>
          ${embed.steps.map((step) => html`<li>${step}</li>`)}
        </ol>
      </section>`;
    return showPage(c, { title: embed.title, section: 'embed', body });
  });
}

function pinnedTag(publicUrl: string, { path, integrity }: NonNullable<AdminParts['widget']>): string {
  return `<script\n  type="module"\n  src="${publicUrl}${path}"\n  integrity="${integrity}"\n  crossorigin="anonymous"\n></script>`;
}

/** Text that one click selects (by stylesheet) and that can be reached and scrolled by keyboard. */
const snippet = (code: string): Html => html`<pre class="snippet" tabindex="0"><code>${code}</code></pre>`;
