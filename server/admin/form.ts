import type { z } from 'zod';
import type { AdminContext } from './parts.ts';
import { problemKeys, type ProblemKey } from './i18n/dictionary.ts';

/** Fields of a sent form as they were typed, line ends as `\n`. A repeated field keeps its last value. */
export type Form = Record<string, string>;

/** What is wrong, by field name; an empty object means nothing. */
export type Problems = Record<string, ProblemKey>;

/** Reads an ordinary form body; any other content type is an empty form. NUL, which no database takes, is dropped. */
export async function readForm(c: AdminContext): Promise<Form> {
  const contentType = c.req.header('content-type') ?? '';
  if (!contentType.toLowerCase().startsWith('application/x-www-form-urlencoded')) return {};
  const fields = new URLSearchParams(await c.req.text());
  return Object.fromEntries(
    [...fields].map(([name, value]) => [name, value.replaceAll('\r\n', '\n').replaceAll('\0', '')]),
  );
}

/** The form's value, or one problem per field. The messages of `schema` are keys of the dictionary's `problems`. */
export function checkForm<T extends z.ZodType>(
  schema: T,
  form: Form,
): { value: z.output<T>; problems?: never } | { value?: never; problems: Problems } {
  const parsed = schema.safeParse(form);
  if (parsed.success) return { value: parsed.data };
  const problems: Problems = {};
  for (const issue of parsed.error.issues) {
    const field = String(issue.path[0] ?? '');
    problems[field] ??= problemKeys.find((key) => key === issue.message) ?? 'invalid';
  }
  return { problems };
}
