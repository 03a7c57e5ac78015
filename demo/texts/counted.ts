/** Words that follow a number, by the plural rules of the language: «541 оценка», "2 tokens". */
export function counted(
  language: string,
  forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string },
): (count: number) => string {
  const rules = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  return (count) => `${number.format(count)}\u00a0${forms[rules.select(count)] ?? forms.other}`;
}
