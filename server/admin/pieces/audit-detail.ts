import { html } from 'hono/html';
import type { JobKind } from '../../jobs/job.ts';
import { decimal, moment, type Html } from '../format.ts';
import type { AdminContext } from '../parts.ts';
import { choicesText } from './choice-text.ts';

/** A prompt has 2500 characters and an entry may hold four; the page stays light. */
const maxShown = 240;

type Facts = Record<string, unknown>;
const isFacts = (value: unknown): value is Facts =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an audit entry says about its change: values by name, or what was and what is where both are known. */
export function auditDetail(c: AdminContext, { before, after, ...rest }: Facts): Html {
  const lines: Html[] = [];
  if (isFacts(before) || isFacts(after)) {
    const [was, is] = [isFacts(before) ? before : {}, isFacts(after) ? after : {}];
    for (const name of new Set([...Object.keys(was), ...Object.keys(is)]))
      lines.push(line(c, name, html`<del>${shown(c, name, was[name])}</del> → <ins>${shown(c, name, is[name])}</ins>`));
  } else {
    Object.assign(rest, before !== undefined && { before }, after !== undefined && { after });
  }
  for (const [name, value] of Object.entries(rest)) lines.push(line(c, name, shown(c, name, value)));
  return lines.length > 0 ? html`<dl class="changes">${lines}</dl>` : html`—`;
}

function line(c: AdminContext, name: string, value: Html): Html {
  const { fields } = c.get('words').audit;
  return html`<div>
    <dt>${Object.hasOwn(fields, name) ? fields[name as keyof typeof fields] : name}</dt>
    <dd>${value}</dd>
  </div>`;
}

/** Names that end in `At` are moments. */
function shown(c: AdminContext, name: string, value: unknown): Html {
  const words = c.get('words');
  if (value === null || value === undefined || value === '') return html`${words.none}`;
  if (typeof value === 'boolean') return html`${value ? words.yes : words.no}`;
  if (typeof value === 'number' && name.endsWith('At')) return moment(c.get('language'), value, 'seconds');
  if (name === 'role' && (value === 'owner' || value === 'viewer')) return html`${words.operators.roles[value]}`;
  if (typeof value === 'number') return html`${Number.isInteger(value) ? value : decimal(c.get('language'), value)}`;
  if (name === 'kind' && Object.hasOwn(words.kinds, String(value))) return html`${words.kinds[value as JobKind]}`;
  const text = name === 'choices' ? choicesText(words, value) || words.none : textOf(value);
  return html`${text.slice(0, maxShown)}${text.length > maxShown && '…'}`;
}

/** Lists with commas, objects as `name: value`. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (isFacts(value))
    return Object.entries(value)
      .map(([name, inner]) => `${name}: ${textOf(inner)}`)
      .join('; ');
  return String(value);
}
