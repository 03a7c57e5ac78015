import { html } from 'hono/html';
import { clipCost, videoServices } from '../../jobs/models.ts';
import type { PresetRow } from '../../store/schema.ts';
import { decimal, money, type Html } from '../format.ts';
import type { Language } from '../i18n/dictionary.ts';
import type { AdminContext } from '../parts.ts';

/** What one clip takes at the provider, in money and in units. */
export function costCell(c: AdminContext, preset: PresetRow): Html {
  const { presets } = c.get('words');
  const language = c.get('language');
  const cost = clipCost(preset);
  if (!cost) return html`<span class="hint">${presets.unknownCost}</span>`;
  return html`${money(language, cost.usd)}
    <span class="hint">${presets.units(decimal(language, cost.units))}, ${videoServices[preset.provider].name}</span>`;
}

/** What is left of a sold clip, in money and as a share of the price; a loss is said in a word too. */
export function marginCell(c: AdminContext, preset: PresetRow, tokenPriceUsd: number | undefined): Html {
  const cost = clipCost(preset);
  if (tokenPriceUsd === undefined || !cost) return html`<span class="hint">—</span>`;
  const language = c.get('language');
  const price = preset.tokensCost * tokenPriceUsd;
  const margin = price - cost.usd;
  const share = decimal(language, Math.round((margin / price) * 100));
  return html`<span class="${margin < 0 ? 'loss' : ''}">${money(language, margin)}</span>
    <span class="hint">${share} %</span>`;
}

/** Where the figures come from. */
export function priceNotes(c: AdminContext, tokenPriceUsd: number | undefined): Html {
  const { presets } = c.get('words');
  const language = c.get('language');
  return html`<div class="hint">
    ${Object.values(videoServices).map(
      ({ name, unitUsd, source }) =>
        html`<p>${name}. ${presets.unitPrice(money(language, unitUsd))} ${presets.costSource(source)}</p>`,
    )}
    <p>${tokenPriceUsd === undefined ? presets.marginHint : presets.tokenPrice(money(language, tokenPriceUsd))}</p>
  </div>`;
}

/** The widget's button, in its own words: they are the seller's language and not the operator's. */
const button: Record<Language, (tokens: number) => string> = {
  ru: (tokens) => `Сгенерировать видеообложку · ${counted('ru', tokens, ['токен', 'токена', 'токенов'])}`,
  en: (tokens) => `Generate video cover · ${counted('en', tokens, ['token', 'tokens', 'tokens'])}`,
};

function counted(language: Language, count: number, [one, few, many]: [string, string, string]): string {
  const words: Partial<Record<Intl.LDMLPluralRule, string>> = { one, few };
  const number = new Intl.NumberFormat(language).format(count);
  return `${number} ${words[new Intl.PluralRules(language).select(count)] ?? many}`;
}

/** Title and button as the widget shows them in Russian and English. */
export function sellerView({ titles, tokensCost }: PresetRow): Html {
  return html`<div class="seller-view">
    ${(['ru', 'en'] as const).map(
      (language) =>
        html`<p lang="${language}"><span class="hint">${titles[language]}</span>${button[language](tokensCost)}</p>`,
    )}
  </div>`;
}
