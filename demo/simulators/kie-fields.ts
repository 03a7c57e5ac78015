import { KieRefusal, missing, outOfRange } from './kie-answers.ts';
import type { Fields } from './simulator-http.ts';

/** What one input field may be. `standard` is what the vendor puts in when the field is absent. */
export type FieldRule = { required?: true } & (
  | { kind: 'text'; max: number }
  | { kind: 'choice'; allowed: readonly string[]; standard?: string }
  | { kind: 'flag'; standard?: boolean }
  | { kind: 'number'; min: number; max: number; standard?: number }
  | { kind: 'address' }
  | { kind: 'addresses'; min: number; max: number }
  | { kind: 'list'; max: number }
);

/**
 * The input with the vendor's defaults filled in; fields that no rule names are dropped, as live `param`s show.
 * Throws KieRefusal: 500 for a missing field or a value outside its list, 422 for a text or list that is too long.
 */
export function checkFields(input: Fields, rules: Record<string, FieldRule>): Fields {
  const checked: Fields = {};
  for (const [name, rule] of Object.entries(rules)) {
    const value = checkField(input[name], { name, rule });
    if (value !== undefined) checked[name] = value;
  }
  return checked;
}

function checkField(value: unknown, { name, rule }: { name: string; rule: FieldRule }): unknown {
  const isEmpty = value === '' || (Array.isArray(value) && value.length === 0);
  const isAbsent = value === undefined || value === null || (isEmpty && rule.kind !== 'choice');
  if (isAbsent) {
    if (rule.required) throw missing(name);
    return 'standard' in rule ? rule.standard : undefined;
  }
  switch (rule.kind) {
    case 'text':
      if (typeof value !== 'string') throw outOfRange(name);
      if (value.length > rule.max) throw tooLong(name, rule.max);
      return value;
    case 'choice':
      if (typeof value !== 'string' || !rule.allowed.includes(value)) throw outOfRange(name);
      return value;
    case 'flag':
      if (typeof value !== 'boolean') throw outOfRange(name);
      return value;
    case 'number':
      if (typeof value !== 'number' || value < rule.min || value > rule.max) throw outOfRange(name);
      return value;
    case 'address':
      return checkAddress(value, name);
    case 'addresses':
      if (!Array.isArray(value) || value.length < rule.min) throw missing(name);
      if (value.length > rule.max) throw tooLong(name, rule.max);
      return value.map((each) => checkAddress(each, name));
    case 'list':
      if (!Array.isArray(value)) throw outOfRange(name);
      if (value.length > rule.max) throw tooLong(name, rule.max);
      return value;
  }
}

function checkAddress(value: unknown, name: string): string {
  const isAddress = typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
  if (!isAddress) throw new KieRefusal(422, `${name} is not a valid url`);
  return value;
}

function tooLong(name: string, max: number): KieRefusal {
  return new KieRefusal(422, `${name} exceeds the maximum length of ${max}`);
}
