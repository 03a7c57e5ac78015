import { invalid } from './kling-answers.ts';
import type { Fields } from './simulator-http.ts';

/** A string field; absent, null and "" count as absent (Kling's own samples send ""). Throws 1201 for another type. */
export function textField(fields: Fields, name: string, maxLength?: number): string | null {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') throw invalid(`${name} must be a string`);
  if (maxLength !== undefined && value.length > maxLength) {
    throw invalid(`${name}: the length can not exceed ${maxLength}`);
  }
  return value;
}

/** One of the allowed words, or the default when absent. Throws 1201. */
export function choiceField(
  fields: Fields,
  name: string,
  { allowed, standard }: { allowed: readonly string[]; standard: string },
): string {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return standard;
  if (typeof value !== 'string' || !allowed.includes(value))
    throw invalid(`${name} value '${String(value)}' is invalid`);
  return value;
}

/** A number from 0 to 1, or null when absent. Throws 1201 in the words recorded for `cfg_scale`. */
export function shareField(fields: Fields, name: string): number | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  const spoken = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  if (typeof value !== 'number') throw invalid(`${spoken}: must be a number`);
  if (value > 1) throw invalid(`${spoken}: must be less than or equal to 1`);
  if (value < 0) throw invalid(`${spoken}: must be greater than or equal to 0`);
  return value;
}

/** An object field, or an empty one when absent. Throws 1201. */
export function objectField(fields: Fields, name: string): Fields {
  const value = fields[name];
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid(`${name} must be an object`);
  return value as Fields;
}

/** An http(s) address, or null when absent. Throws 1201. */
export function addressField(fields: Fields, name: string): string | null {
  const text = textField(fields, name);
  if (text !== null && !(URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))) {
    throw invalid(`${name} is not a valid url`);
  }
  return text;
}

/** Strict mode only: Kling itself ignores what it does not know. Throws 1201 naming the first unknown field. */
export function refuseUnknown(fields: Fields, known: readonly string[]): void {
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalid(`strict mode: unknown field '${unknown}'`);
}

/** A whole number from the query within the limits, or the default when absent. Throws 1201. */
export function countParameter(
  query: URLSearchParams,
  name: string,
  { standard, max }: { standard: number; max: number },
): number {
  const text = query.get(name);
  if (text === null || text === '') return standard;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > max) throw invalid(`${name} value '${text}' is invalid`);
  return count;
}
