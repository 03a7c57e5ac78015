/** HTML that is already escaped: only `html` and `fill` make it, so plain text cannot pass for it by accident. */
export type Markup = { readonly markup: string };

type Value = string | number | Markup | readonly Markup[];

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(value: Value): string {
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (char) => entities[char] ?? char);
  if (typeof value === 'number') return String(value);
  if ('markup' in value) return value.markup;
  return value.map((piece) => piece.markup).join('\n');
}

/** A template tag: literal parts are markup, inserted text is escaped, inserted markup (or a list of it) is kept. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Markup {
  return { markup: String.raw({ raw: parts }, ...values.map(escaped)) };
}

/** Fills each `{{name}}` of a page file by the same escaping rule as `html`; throws on a name nobody gave. */
export function fill(template: string, values: Record<string, Value>): Markup {
  const markup = template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`page placeholder {{${name}}} has no value`);
    return escaped(value);
  });
  return { markup };
}
