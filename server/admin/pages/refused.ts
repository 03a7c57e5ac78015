import { html } from 'hono/html';
import type { Dictionary } from '../i18n/dictionary.ts';
import { showBarePage } from '../layout.ts';
import type { AdminContext } from '../parts.ts';

type Reason = 'foreign' | 'stale' | 'ended' | 'tooLarge' | 'notFound' | 'broken' | 'unavailable' | 'viewer';

interface Refusal {
  reason: Reason;
  status: 401 | 403 | 404 | 413 | 500 | 503;
}

const sentencesOf = (words: Dictionary, reason: Reason) => ({
  title: words.refused[reason],
  advice: words.refused[`${reason}Do`],
});

/** A page that says why nothing happened and what to do now. */
export function refusedPage(c: AdminContext, { reason, status }: Refusal) {
  const words = c.get('words');
  const { title, advice } = sentencesOf(words, reason);
  const body = html`<h1>${title}</h1>
    <p>${advice}</p>
    <p><a class="button" href="/admin">${words.refused.toStart}</a></p>`;
  return showBarePage(c, { title, body, status });
}

/** Secrets are not shown again, not even to who typed them. */
const notTyped = /^(formToken|expectedRevision)$|password|secret|credential|key/i;

/** The same for a form that came too late, with everything that was typed, ready to be copied. */
export function endedPage(c: AdminContext, { reason, status }: Refusal) {
  const words = c.get('words');
  const { title, advice } = sentencesOf(words, reason);
  const typed = Object.entries(c.get('form')).filter(([name, value]) => !notTyped.test(name) && value !== '');
  const body = html`<h1>${title}</h1>
    <p>${advice}</p>
    <p><a class="button" href="/admin">${reason === 'ended' ? words.refused.toSignIn : words.refused.toStart}</a></p>
    ${typed.length > 0 && html`<h2>${words.refused.typed}</h2>`}
    ${typed.map(
      ([name, value]) =>
        html`<p class="hint">${name}</p>
          <pre class="text">${value}</pre>`,
    )}`;
  return showBarePage(c, { title, body, status });
}
