import { html } from 'hono/html';
import type { TokenFinding, TokenReport } from '../../http/token-findings.ts';
import type { Problems } from '../form.ts';
import { moment, type Html } from '../format.ts';
import { formToken } from '../layout.ts';
import type { AdminContext } from '../parts.ts';
import { facts, pageHead } from './blocks.ts';
import { textArea } from './field.ts';
import { table } from './table.ts';

const front = '/admin/sites';

/** The form that takes a token, and what is said about the last one. The token itself is never put back. */
export function tokenTry(c: AdminContext, { report, problems }: { report?: TokenReport; problems: Problems }): Html {
  const { sites: words, problems: sentences } = c.get('words');
  const problem = problems['secretToken'] && sentences[problems['secretToken']];
  const field = { id: 'secretToken', value: '', label: words.token, hint: words.tryHint, rows: 5, problem };
  return html`<p class="back"><a href="${front}">← ${words.title}</a></p>
    ${pageHead(words.try, words.tryLead)} ${report && reportView(c, report)}
    <section class="card">
      <form method="post" action="${front}/~token">
        ${formToken(c)} ${textArea({ ...field, required: true })}
        <div class="form-end"><button>${words.trySubmit}</button></div>
      </form>
    </section>`;
}

function reportView(c: AdminContext, { verdict, findings, decoded, site }: TokenReport): Html {
  const { sites: words } = c.get('words');
  const origins = site && (site.origins.join(', ') || words.noOrigins);
  return html`<section class="card" aria-label="${words.verdict}">
      <h2>${words.verdict}</h2>
      <p class="${verdict === 'good' ? 'notice' : 'alert'}" role="status">${words.verdicts[verdict]}</p>
      ${facts([
        [words.site, site && html`<a href="${front}/${site.id}">${site.name}</a>`],
        [words.origins, origins],
      ])}
    </section>
    <section class="list">
      <h2>${words.findings}</h2>
      ${table({
        caption: words.findings,
        columns: [{ label: words.finding }, { label: words.state }],
        rows: findings.map((finding) => [sentenceOf(c, finding), markOf(c, finding)]),
      })}
    </section>
    ${
      decoded &&
      html`<section class="card">
        <h2>${words.claims}</h2>
        <pre class="text" tabindex="0">
${JSON.stringify(decoded.header, null, 2)}
${JSON.stringify(decoded.claims, null, 2)}</pre>
      </section>`
    }`;
}

function sentenceOf(c: AdminContext, { code, given = '', expected = '', at }: TokenFinding): Html {
  const sentence = c.get('words').sites.findingSentences[code]({ given, expected });
  return html`${sentence} ${at !== undefined && moment(c.get('language'), at, 'seconds')}`;
}

function markOf(c: AdminContext, { isGood }: TokenFinding): Html {
  const { sites: words } = c.get('words');
  return html`<span class="badge badge-${isGood ? 'completed' : 'failed'}">${isGood ? words.good : words.bad}</span>`;
}
