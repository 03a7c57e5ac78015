import { html } from 'hono/html';
import type { SiteRow } from '../../store/schema.ts';
import type { Form, Problems } from '../form.ts';
import type { Html } from '../format.ts';
import type { AdminContext } from '../parts.ts';
import { textArea, textField } from './field.ts';

/** A form that comes back: what was typed and what is wrong with it. */
export interface SiteEdit {
  form: Form;
  problems: Problems;
}

/** Who the site is: what was typed, else what is kept of `site`. */
export function describedFields(c: AdminContext, edit: SiteEdit | undefined, site: SiteRow | undefined): Html {
  const { sites: words } = c.get('words');
  const { form, problemOf } = standing(c, edit);
  const field = (id: string, kept: string) => ({
    id,
    value: form[id] ?? kept,
    problem: problemOf(id),
    required: true,
  });
  const origins = { ...field('origins', site?.origins.join('\n') ?? ''), required: false };
  return html`${textField({ ...field('name', site?.name ?? ''), label: words.name })}
  ${textField({ ...field('issuer', site?.issuer ?? ''), label: words.issuer, hint: words.issuerHint })}
  ${textField({
    ...field('audience', site?.audience ?? 'kling-video-cover'),
    label: words.audience,
    hint: words.audienceHint,
  })}
  ${textArea({ ...origins, label: words.origins, hint: words.originsHint, rows: 3 })}`;
}

/** How long a token may live. */
export function minutesField(c: AdminContext, edit: SiteEdit | undefined, site: SiteRow | undefined): Html {
  const { sites: words } = c.get('words');
  const { form, problemOf } = standing(c, edit);
  return textField({
    id: 'maxTokenMinutes',
    value: form['maxTokenMinutes'] ?? String((site?.maxTokenSeconds ?? 900) / 60),
    problem: problemOf('maxTokenMinutes'),
    label: words.minutes,
    hint: words.minutesHint,
    inputMode: 'numeric',
    required: true,
  });
}

/** How much may be ordered. */
export function capFields(c: AdminContext, edit: SiteEdit | undefined, site: SiteRow | undefined): Html {
  const { sites: words } = c.get('words');
  const { form, problemOf } = standing(c, edit);
  const names = ['sellerDailyJobs', 'sellerOpenJobs', 'siteDailyJobs'] as const;
  return html`<fieldset aria-describedby="caps-hint">
    <legend>${words.caps}</legend>
    <p class="hint" id="caps-hint">${words.capsHint}</p>
    ${names.map((name) =>
      textField({
        id: name,
        value: form[name] ?? String(site?.[name] ?? 0),
        problem: problemOf(name),
        label: words[name],
        inputMode: 'numeric',
        required: true,
      }),
    )}
  </fieldset>`;
}

/** What no order of the site may say. */
export function wordsField(c: AdminContext, edit: SiteEdit | undefined, site: SiteRow | undefined): Html {
  const { sites: words } = c.get('words');
  const { form, problemOf } = standing(c, edit);
  return textArea({
    id: 'blockedWords',
    value: form['blockedWords'] ?? site?.blockedWords.join('\n') ?? '',
    problem: problemOf('blockedWords'),
    label: words.blockedWords,
    hint: words.blockedWordsHint,
    rows: 4,
  });
}

/** How a form stands: what was typed, and what each field says about it. */
export function standing(c: AdminContext, edit: SiteEdit | undefined) {
  const { problems: sentences, problemsTitle } = c.get('words');
  const problems = edit?.problems ?? {};
  const problemOf = (name: string) => problems[name] && sentences[problems[name]];
  const alert = Object.keys(problems).length > 0 && html`<p class="alert" role="alert">${problemsTitle}</p>`;
  return { form: edit?.form ?? {}, problemOf, alert };
}
