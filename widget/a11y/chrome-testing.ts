/** What tests ask of the browser itself: its accessibility tree, its keyboard, the preferences of a visitor. */
import { executeServerCommand } from '@web/test-runner-commands';

/** One command of the Chrome DevTools Protocol, for the page of the test. */
export const ask = <T = unknown>(method: string, params: object = {}): Promise<T> =>
  executeServerCommand<T, { method: string; params: object }>('devtools', { method, params });

/** The preferences a test may give its visitor, by the name of the media feature. */
export type Preferences = Partial<
  Record<'forced-colors' | 'prefers-color-scheme' | 'prefers-contrast' | 'prefers-reduced-motion', string>
>;

/** All preferences that are not named are none. */
export const prefer = (preferences: Preferences = {}): Promise<unknown> =>
  ask('Emulation.setEmulatedMedia', {
    features: Object.entries(preferences).map(([name, value]) => ({ name, value })),
  });

/** Virtual key codes of the keys that write nothing. */
const keyCodes: Record<string, number> = {
  Tab: 9,
  Enter: 13,
  Escape: 27,
  ' ': 32,
  End: 35,
  Home: 36,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
};
const writes: Record<string, string> = { Enter: '\r' };

/** Presses a key of the real keyboard: what has the focus gets it. */
export async function press(key: string, { shift = false } = {}): Promise<void> {
  const text = writes[key] ?? (key.length === 1 ? key : undefined);
  const stroke = {
    key,
    code: key,
    modifiers: shift ? 8 : 0,
    windowsVirtualKeyCode: keyCodes[key] ?? key.charCodeAt(0),
  };
  await ask('Input.dispatchKeyEvent', { type: text ? 'keyDown' : 'rawKeyDown', ...stroke, ...(text && { text }) });
  await ask('Input.dispatchKeyEvent', { type: 'keyUp', ...stroke });
}

/** Presses the mouse at a point of the window, and lets go. */
export async function click(x: number, y: number): Promise<void> {
  const at = { x, y, button: 'left', clickCount: 1 };
  await ask('Input.dispatchMouseEvent', { type: 'mousePressed', ...at });
  await ask('Input.dispatchMouseEvent', { type: 'mouseReleased', ...at });
}

interface AxValue {
  value?: unknown;
}

/** A node of the accessibility tree as Chromium gives it. */
export interface AxNode {
  nodeId: string;
  parentId?: string;
  childIds?: string[];
  ignored: boolean;
  backendDOMNodeId?: number;
  role?: AxValue;
  name?: AxValue;
  description?: AxValue;
  properties?: { name: string; value: AxValue }[];
}

/** The browser's own controls of a clip are the browser's. */
const isWhole = ({ role }: AxNode) => role?.value === 'Video';

/** What a screen reader can find in the element, or on the whole page, in its order. */
export async function accessibilityTree(backendId?: number): Promise<AxNode[]> {
  const { nodes } = await ask<{ nodes: AxNode[] }>('Accessibility.getFullAXTree');
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const walk = (node: AxNode | undefined): AxNode[] => {
    if (!node) return [];
    const within = isWhole(node) ? [] : (node.childIds ?? []).flatMap((id) => walk(byId.get(id)));
    return node.ignored ? within : [node, ...within];
  };
  return walk(backendId === undefined ? nodes[0] : nodes.find((node) => node.backendDOMNodeId === backendId));
}

/** A property such as `live`, `checked` or `expanded`. */
export const propertyOf = (node: AxNode, name: string): unknown =>
  node.properties?.find((property) => property.name === name)?.value.value;
