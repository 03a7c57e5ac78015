import { html } from 'hono/html';
import { moment, type Html } from '../format.ts';
import type { AdminContext } from '../parts.ts';
import { facts } from './blocks.ts';

/** A prompt has 2500 characters and an entry may hold four; the page stays light. */
const maxShown = 240;

type Facts = Record<string, unknown>;
const isFacts = (value: unknown): value is Facts =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an audit entry says about its change: values by name, or what was and what is where both are known. */
export function auditDetail(c: AdminContext, { before, after, ...rest }: Facts): Html {
  const pairs: [string, Html][] = [];
  if (isFacts(before) || isFacts(after)) {
    const [was, is] = [isFacts(before) ? before : {}, isFacts(after) ? after : {}];
    for (const name of new Set([...Object.keys(was), ...Object.keys(is)]))
      pairs.push([
        nameOf(c, name),
        html`<del>${shown(c, name, was[name])}</del> → <ins>${shown(c, name, is[name])}</ins>`,
      ]);
  } else {
    Object.assign(rest, before !== undefined && { before }, after !== undefined && { after });
  }
  for (const [name, value] of Object.entries(rest)) pairs.push([nameOf(c, name), shown(c, name, value)]);
  return pairs.length > 0 ? facts(pairs) : html`—`;
}

function nameOf(c: AdminContext, name: string): string {
  const { fields } = c.get('words').audit;
  return Object.hasOwn(fields, name) ? fields[name as keyof typeof fields] : name;
}

/** Names that end in `At` are moments. */
function shown(c: AdminContext, name: string, value: unknown): Html {
  const words = c.get('words');
  if (value === null || value === undefined || value === '') return html`${words.none}`;
  if (typeof value === 'boolean') return html`${value ? words.yes : words.no}`;
  if (typeof value === 'number')
    return name.endsWith('At') ? moment(c.get('language'), value, 'seconds') : html`${value}`;
  if (name === 'role' && (value === 'owner' || value === 'viewer')) return html`${words.operators.roles[value]}`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return html`${text.slice(0, maxShown)}${text.length > maxShown && '…'}`;
}
