import { html } from 'hono/html';
import type { Language } from './i18n/dictionary.ts';

/** What `html` makes: escaped text that may be put into another template. */
export type Html = ReturnType<typeof html>;

const locales: Record<Language, string> = { ru: 'ru-RU', en: 'en-GB' };

const latestDateMs = 8.64e15;

/** A moment in UTC with its zone, such as "3 Oct 2026, 14:05 UTC". `seconds` adds them. */
export function moment(language: Language, ms: number, precision: 'minutes' | 'seconds' = 'minutes'): Html {
  if (!(Math.abs(ms) <= latestDateMs)) return html`—`;
  const text = new Intl.DateTimeFormat(locales[language], {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(precision === 'seconds' && { second: '2-digit' }),
    timeZone: 'UTC',
  }).format(ms);
  return html`<time datetime="${new Date(ms).toISOString()}">${text} UTC</time>`;
}

/** A whole number with the language's grouping. */
export const wholeNumber = (language: Language, value: number): string =>
  new Intl.NumberFormat(locales[language]).format(value);

/** The same with its sign, for amounts that add or take. */
export const signedNumber = (language: Language, value: number): string =>
  new Intl.NumberFormat(locales[language], { signDisplay: 'exceptZero' }).format(value);

/** US dollars such as "$0.21"; cents' fractions are shown where there are any, four digits at most. */
export const money = (language: Language, usd: number): string =>
  new Intl.NumberFormat(locales[language], {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    maximumFractionDigits: 4,
  }).format(usd);

/** A number with its fraction, three digits at most. */
export const decimal = (language: Language, value: number): string =>
  new Intl.NumberFormat(locales[language], { maximumFractionDigits: 3 }).format(value);

/** "1 min 12 s" from milliseconds; a fraction of a second is rounded up. */
export function duration(language: Language, ms: number): string {
  const total = Math.max(0, Math.ceil(ms / 1000));
  const parts = { hours: Math.floor(total / 3600), minutes: Math.floor(total / 60) % 60, seconds: total % 60 };
  const units =
    language === 'ru' ? { hours: 'ч', minutes: 'мин', seconds: 'с' } : { hours: 'h', minutes: 'min', seconds: 's' };
  const names = (['hours', 'minutes', 'seconds'] as const).filter((name) => parts[name] > 0);
  return names.map((name) => `${parts[name]} ${units[name]}`).join(' ') || `0 ${units.seconds}`;
}
