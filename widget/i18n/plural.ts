/** Picks the form of a word that goes with a number, by the rules of the language (CLDR, through Intl). */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** A function that writes the number, grouped as the language does, and the right form: `10 токенов`. */
export function counted(language: string, forms: PluralForms): (count: number) => string {
  const rules = new Intl.PluralRules(language);
  const digits = new Intl.NumberFormat(language);
  return (count) => `${digits.format(count)}\u00a0${forms[rules.select(count)] ?? forms.other}`;
}
