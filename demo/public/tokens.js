const { lang } = document.documentElement;
const plural = new Intl.PluralRules(lang);
const number = new Intl.NumberFormat(lang);
const forms = {
  ru: { one: 'токен', few: 'токена', many: 'токенов', other: 'токена' },
  en: { one: 'token', other: 'tokens' },
  vi: { other: 'token' },
};

/**
 * @param {number} amount whole tokens
 * @returns {string} the amount with the right word in the page's language: «1 токен», «100 токенов»
 */
export function inTokens(amount) {
  return `${number.format(amount)}\u00a0${forms[lang][plural.select(amount)]}`;
}
