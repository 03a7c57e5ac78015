import { html } from 'hono/html';
import type { Offer } from '../../jobs/choices.ts';
import { makesVideo } from '../../jobs/job.ts';
import { findModel, taskCost, services } from '../../jobs/models.ts';
import type { PresetRow } from '../../store/schema.ts';
import { decimal, money, wholeNumber, type Html } from '../format.ts';
import type { Language } from '../i18n/dictionary.ts';
import type { AdminContext } from '../parts.ts';
import { choiceText } from './choice-text.ts';

/** What one clip or picture takes at the provider, in money and in units, or that nobody knows. */
export function costCell(c: AdminContext, preset: PresetRow): Html {
  const { presets } = c.get('words');
  const cost = taskCost(preset);
  if (!cost) return costFigure(c, preset);
  const units = presets.units(decimal(c.get('language'), cost.units));
  return html`${costFigure(c, preset)} <span class="hint">${units}, ${services[preset.provider].name}</span>`;
}

function costFigure(c: AdminContext, preset: PresetRow): Html {
  const { presets } = c.get('words');
  const cost = taskCost(preset);
  if (cost) return html`<span class="figure-line">${money(c.get('language'), cost.usd)}</span>`;
  return html`<span class="hint figure-line">${findModel(preset) ? presets.noListPrice : presets.unknownCost}</span>`;
}

/** What is left of what was sold, in money and as a share of the price; a loss is said in a word too. */
export function marginCell(c: AdminContext, preset: PresetRow, tokenPriceUsd: number | undefined): Html {
  if (tokenPriceUsd === undefined || !taskCost(preset)) return html`<span class="hint">—</span>`;
  return marginFigure(c, preset, tokenPriceUsd);
}

function marginFigure(c: AdminContext, preset: PresetRow, tokenPriceUsd: number): Html {
  const cost = taskCost(preset);
  if (!cost) return html``;
  const language = c.get('language');
  const price = preset.tokensCost * tokenPriceUsd;
  const margin = price - cost.usd;
  const share = decimal(language, Math.round((margin / price) * 100));
  return html`<span class="figure-line ${margin < 0 ? 'loss' : ''}">${money(language, margin)}</span>
    <span class="hint">${share} %</span>`;
}

/** One more row of the price list: what else the seller may choose, and what that costs. */
export function offerCells(c: AdminContext, preset: PresetRow, { offer, tokenPriceUsd }: OfferRow): Html[] {
  const words = c.get('words');
  const { kind, mode, seconds, aspectRatio } = preset;
  const chosen = [
    makesVideo(kind) && offer.seconds !== seconds && choiceText(words, 'seconds', String(offer.seconds)),
    offer.mode !== mode && choiceText(words, 'modes', offer.mode, preset),
    offer.aspectRatio !== aspectRatio && offer.aspectRatio,
  ].filter(Boolean);
  const language = c.get('language');
  const extra = offer.tokensCost - preset.tokensCost;
  const ordered = { ...preset, ...offer };
  return [
    html`<a class="choice-row" href="/admin/presets/${preset.presetId}">${chosen.join(' · ')}</a>
      <span class="unseen">${words.presets.of(preset.titles[language])}</span>`,
    html`<span class="choice-price">${words.tokens(wholeNumber(language, offer.tokensCost))}</span>
      ${extra > 0 && html`<span class="hint">${words.presets.onTop(wholeNumber(language, extra))}</span>`}`,
    costFigure(c, ordered),
    tokenPriceUsd === undefined ? html`` : marginFigure(c, ordered, tokenPriceUsd),
    html``,
  ];
}

interface OfferRow {
  offer: Offer;
  tokenPriceUsd: number | undefined;
}

/** Where the figures come from. */
export function priceNotes(c: AdminContext, tokenPriceUsd: number | undefined): Html {
  const { presets } = c.get('words');
  const language = c.get('language');
  return html`<div class="hint">
    ${Object.values(services).map(
      ({ name, unitUsd, source }) =>
        html`<p>
          ${name}.
          ${unitUsd === null ? presets.noUnitPrice(source) : html`${presets.unitPrice(money(language, unitUsd))} ${presets.costSource(source)}`}
        </p>`,
    )}
    <p>${tokenPriceUsd === undefined ? presets.marginHint : presets.tokenPrice(money(language, tokenPriceUsd))}</p>
  </div>`;
}

const tokens: Record<Language, (tokens: number) => string> = {
  ru: (count) => counted('ru', count, ['токен', 'токена', 'токенов']),
  en: (count) => counted('en', count, ['token', 'tokens', 'tokens']),
};

/** The widget's button, in its own words: they are the seller's language and not the operator's. */
const button: Record<Language, (tokens: number) => string> = {
  ru: (count) => `Сгенерировать видеообложку · ${tokens.ru(count)}`,
  en: (count) => `Generate video cover · ${tokens.en(count)}`,
};

function counted(language: Language, count: number, [one, few, many]: [string, string, string]): string {
  const words: Partial<Record<Intl.LDMLPluralRule, string>> = { one, few };
  const number = new Intl.NumberFormat(language).format(count);
  return `${number} ${words[new Intl.PluralRules(language).select(count)] ?? many}`;
}

/** Title and, for a cover, the button as the widget shows them in Russian and English; else the price. */
export function sellerView({ kind, titles, tokensCost }: PresetRow): Html {
  const texts = kind === 'image-to-video' ? button : tokens;
  return html`<div class="seller-view">
    ${(['ru', 'en'] as const).map(
      (language) =>
        html`<p lang="${language}"><span class="hint">${titles[language]}</span>${texts[language](tokensCost)}</p>`,
    )}
  </div>`;
}
