import { html, raw } from 'hono/html';
import type { Html } from './format.ts';

/** What a viewer may send: to leave, and a new password of one's own. */
export const viewerActions = ['/admin/sign-out', '/admin/operators/password'];

const sentForm = /(<form\b[^>]*\bmethod="post"[^>]*>)([\s\S]*?)<\/form>/g;
const control = /<(input|select|textarea|button)\b([^>]*)>/g;

/**
 * A page's body as a viewer sees it: what stands in the forms can be read and copied, and no button sends it. Markup is
 * ours alone, stored text stands in it escaped, so tags can be told by their form.
 */
export async function lockForms(body: Html): Promise<Html> {
  const markup = String(await body);
  const locked = markup.replace(sentForm, (whole, start: string, inside: string) =>
    viewerActions.some((path) => start.includes(`action="${path}"`))
      ? whole
      : `${start}${inside.replace(control, lockControl)}</form>`,
  );
  return html`${raw(locked)}`;
}

function lockControl(tag: string, name: string, attributes: string): string {
  if (/\stype="hidden"/.test(attributes) || /\sdisabled(?=[\s/]|$)/.test(attributes)) return tag;
  const canBeRead = name === 'textarea' || (name === 'input' && !/\stype="(?:checkbox|radio|file)"/.test(attributes));
  return `<${name} ${canBeRead ? 'readonly' : 'disabled'}${attributes}>`;
}
