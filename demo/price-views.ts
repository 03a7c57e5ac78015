import type { CoverPrice } from './covers.ts';
import { html, type Markup } from './markup.ts';
import { inRubles, type Wording } from './product-views.ts';

type Line = { name: string; details: string; amount: string };

const packs = [
  { tokens: 100, rubles: 990 },
  { tokens: 500, rubles: 4450 },
  { tokens: 2000, rubles: 15_800 },
];

function priceRow({ name, details, amount }: Line): Markup {
  return html`<tr>
    <th scope="row">${name} <span>${details}</span></th>
    <td class="amount">${amount}</td>
  </tr>`;
}

/** What may be chosen for more tokens: `10 секунд: +1 токен`. */
function extras({ texts }: Wording, { choices }: CoverPrice): string[] {
  if (!choices) return [];
  const named = [
    ...choices.seconds.map(({ value, extraTokens }) => ({ name: texts.seconds(value), extraTokens })),
    ...choices.modes.map(({ quality, value, extraTokens }) => ({ name: quality || value, extraTokens })),
    ...choices.aspectRatios.map(({ value, extraTokens }) => ({ name: value, extraTokens })),
  ];
  return named
    .filter(({ extraTokens }) => extraTokens > 0)
    .map(({ name, extraTokens }) => `${name}: +${texts.tokens(extraTokens)}`);
}

function presetLine(wording: Wording, price: CoverPrice, main: CoverPrice | undefined): Line {
  const { texts } = wording;
  const { title, seconds, aspectRatio, choices, quality, model, tokensCost } = price;
  const ratios = [...new Set([aspectRatio, ...(choices?.aspectRatios ?? []).map(({ value }) => value)])];
  const more = extras(wording, price);
  const what = [seconds !== null && texts.seconds(seconds), ratios.join(', '), quality, model, ...more];
  return {
    name: price === main ? texts.cover.name : title,
    details: what.filter(Boolean).join(' · '),
    amount: more.length > 0 ? texts.from(tokensCost) : String(tokensCost),
  };
}

/**
 * A row for everything the seller may generate, in the operator's order and words; only the cover has the panel's own
 * name. One row that says so when there is nothing.
 */
export function renderPresetPrices(wording: Wording, prices: readonly CoverPrice[]): Markup[] {
  const { name, details, away } = wording.texts.cover;
  if (prices.length === 0) return [priceRow({ name, details, amount: away })];
  const main = prices.find(({ id }) => id === 'video-cover') ?? prices.find(({ kind }) => kind === 'image-to-video');
  return prices.map((price) => priceRow(presetLine(wording, price, main)));
}

/** Rows of the panel's own services. */
export function renderServices(services: readonly { name: string; details: string; price: number }[]): Markup[] {
  return services.map(({ name, details, price }) => priceRow({ name, details, amount: String(price) }));
}

/** What tokens cost the seller. */
export function renderPacks(wording: Wording): Markup[] {
  return packs.map(
    ({ tokens, rubles }) =>
      html`<div>
        <dt>${wording.texts.tokens(tokens)}</dt>
        <dd>
          ${inRubles(wording, rubles)}
          <span>${inRubles(wording, rubles / tokens)} ${wording.texts.prices.perToken}</span>
        </dd>
      </div>`,
  );
}
