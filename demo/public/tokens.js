const plural = new Intl.PluralRules('ru');
const number = new Intl.NumberFormat('ru');
const forms = { one: 'токен', few: 'токена', many: 'токенов', other: 'токена' };

/**
 * @param {number} amount whole tokens
 * @returns {string} the amount with the right Russian word: «1 токен», «100 токенов»
 */
export function inTokens(amount) {
  return `${number.format(amount)} ${forms[plural.select(amount)]}`;
}
