/** The accessibility tree of one part of the widget, as lines to compare with. */
import { accessibilityTree, ask, propertyOf, type AxNode } from './chrome-testing.ts';

/** What a person can act on, find by a jump, or is told by itself. Text and its boxes are left out. */
const told = new Set([
  'alert',
  'application',
  'article',
  'button',
  'checkbox',
  'combobox',
  'dialog',
  'DisclosureTriangle',
  'figure',
  'form',
  'group',
  'heading',
  'image',
  'link',
  'list',
  'progressbar',
  'radio',
  'radiogroup',
  'region',
  'search',
  'searchbox',
  'slider',
  'status',
  'tab',
  'tablist',
  'tabpanel',
  'textbox',
  'Video',
]);

const states = ['checked', 'disabled', 'expanded', 'pressed', 'selected'];

/** Of jobs that the double makes. */
const ids = /\b[0-9a-f]{8}\b/g;
const times = /\d{1,2}[  ]\S+?,? (lúc )?\d\d:\d\d/g;

/** `radio "Crop" checked`: role, name, and the states that are on. A point in time is a star, an id a hash. */
export function lineOf(node: AxNode): string {
  const on = states.filter((name) => [true, 'true'].includes(propertyOf(node, name) as never));
  const name = String(node.name?.value ?? '')
    .replace(/\s+/g, ' ')
    .replace(times, '*')
    .replace(ids, '#');
  return [node.role?.value, ...(name ? [`"${name}"`] : []), ...on].join(' ');
}

/** Which element of the page's only widget the node stands for. */
async function backendIdOf(selector: string): Promise<number> {
  const expression = `document.querySelector('kling-video-cover').shadowRoot.querySelector(${JSON.stringify(selector)})`;
  const { result } = await ask<{ result: { objectId?: string } }>('Runtime.evaluate', { expression });
  if (!result.objectId) throw new Error(`nothing matches ${selector}`);
  const { node } = await ask<{ node: { backendNodeId: number } }>('DOM.describeNode', { objectId: result.objectId });
  return node.backendNodeId;
}

/** What is told of the element and of what is in it. */
export async function nodesIn(selector: string): Promise<AxNode[]> {
  const nodes = await accessibilityTree(await backendIdOf(selector));
  return nodes.filter(({ role }) => told.has(String(role?.value)));
}
