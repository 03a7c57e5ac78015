/** The pages of the seller, the operator and the contributor: words, and what the covers server says at this moment. */
import { customProperties, events, parts, properties } from '../../widget/face.ts';
import type { CoverPrice, UploadLimits } from '../covers.ts';
import { fill, html, type Markup } from '../markup.ts';
import { renderPresetPrices } from '../price-views.ts';
import type { Wording } from '../product-views.ts';
import { codeBlock, items, withCode } from './pieces.ts';
import { contributorFacts } from './readme-code.ts';
import type { DocsTexts } from './texts/texts.ts';

/** What a guide is filled with; `prices` and `limits` are empty when the covers server is away. */
export interface Guide {
  template: string;
  texts: DocsTexts;
  wording: Wording;
  coversUrl: string;
  prices: readonly CoverPrice[];
  limits: UploadLimits | null;
  isReady: boolean;
}

const bytesPerMegabyte = 1024 * 1024;

function limitsLine({ texts, limits, wording }: Guide): string {
  if (!limits) return '';
  const number = new Intl.NumberFormat(wording.lang, { maximumFractionDigits: 0 });
  const formats = new Intl.ListFormat(wording.lang, { type: 'conjunction' }).format(
    limits.contentTypes.map((type) => type.replace('image/', '').toUpperCase().replace('WEBP', 'WebP')),
  );
  return texts.seller.limits(formats, number.format(limits.maxBytes / bytesPerMegabyte), number.format(limits.minSide));
}

/** How to get a cover, which photo to take, and when tokens come back. */
export function renderSeller(guide: Guide): Markup {
  const { template, texts, wording, prices } = guide;
  const words = texts.seller;
  const cover = prices.find(({ id }) => id === 'video-cover');
  return fill(template, {
    ...words,
    title: texts.audiences.seller.name,
    lead: texts.audiences.seller.lead,
    how: items(words.how),
    good: items(words.good),
    poor: items(words.poor),
    money: items(words.money),
    limits: limitsLine(guide),
    price: cover ? words.price(wording.texts.tokens(cover.tokensCost)) : words.priceAway,
    questions: words.questions.map(
      ({ ask, answer }) =>
        html`<dt>${ask}</dt>
          <dd>${answer}</dd>`,
    ),
  });
}

const grantCode = (coversUrl: string): string =>
  [
    `curl ${coversUrl}/v1/host/accounts/seller-42/grants \\`,
    `  -H "Authorization: Bearer $SITE_API_KEY" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"amount": 100, "reference": "invoice-1007"}'`,
  ].join('\n');

const embedCode = (coversUrl: string, lang: string): string =>
  [
    `<script type="module" src="${coversUrl}/widget/kling-video-cover.js"></script>`,
    `<kling-video-cover token-url="/api/video-cover-token" lang="${lang}"></kling-video-cover>`,
  ].join('\n');

/** Settings, prices, health and the way into the admin. */
export function renderOperator({ template, texts, wording, coversUrl, prices, isReady }: Guide): Markup {
  const words = texts.operator;
  return fill(template, {
    ...words,
    coversUrl,
    title: texts.audiences.operator.name,
    lead: texts.audiences.operator.lead,
    state: isReady ? words.ready : words.notReady,
    stateMark: isReady ? 'ready' : 'review',
    service: wording.texts.prices.service,
    amount: wording.texts.prices.amount,
    presets: renderPresetPrices(wording, prices),
    settings: Object.entries(words.settings).map(
      ([name, meaning]) =>
        html`<tr>
          <th scope="row"><code>${name}</code></th>
          <td>${meaning}</td>
        </tr>`,
    ),
    grantCode: codeBlock(texts, { id: 'grant', name: 'curl', code: grantCode(coversUrl) }),
    embedCode: codeBlock(texts, { id: 'embed', name: 'HTML', code: embedCode(coversUrl, wording.lang) }),
    health: Object.entries(words.health).map(
      ([path, meaning]) =>
        html`<li>
          <a href="${coversUrl}${path}"><code>${path}</code></a> ${meaning}
        </li>`,
    ),
    admin: Object.entries(words.admin).map(
      ([section, meaning]) => html`<li><a href="${coversUrl}/admin/${section}">${meaning}</a></li>`,
    ),
  });
}

/** Where things live and how they are tested. */
export function renderContributor({ template, texts }: Guide): Markup {
  const words = texts.contributor;
  const { rooms, commands } = contributorFacts();
  const [attributeCount, eventCount, partCount, customCount] = [properties, events, parts, customProperties].map(
    (table) => Object.keys(table).length,
  );
  return fill(template, {
    ...words,
    title: texts.audiences.contributor.name,
    lead: texts.audiences.contributor.lead,
    facts: words.facts(attributeCount!, eventCount!, partCount!, customCount!),
    test: items(words.test),
    commands: commands.map((name) => html`<li><code>npm run ${name}</code></li>`),
    rooms: rooms.map(
      ({ folder, what }) =>
        html`<tr>
          <th scope="row">${withCode(folder)}</th>
          <td lang="en">${withCode(what)}</td>
        </tr>`,
    ),
  });
}
