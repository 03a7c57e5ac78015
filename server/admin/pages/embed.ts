import { Hono } from 'hono';
import { html } from 'hono/html';
import { showPage } from '../layout.ts';
import type { AdminEnv, AdminParts } from '../parts.ts';
import { pageHead } from '../pieces/blocks.ts';
import { elementCode, scriptCode } from '../pieces/embed-code.ts';

/** What a host puts into its page, ready to be copied. */
export function embedPage(parts: AdminParts): Hono<AdminEnv> {
  return new Hono<AdminEnv>().get('/', (c) => {
    const { embed } = c.get('words');
    const body = html`${pageHead(embed.title, embed.lead)}
      <section class="card">
        <h2>${embed.script}</h2>
        ${scriptCode(c, parts)}
      </section>
      <section class="card">
        <h2>${embed.element}</h2>
        ${elementCode(c, parts)}
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
