/** What of a widget's layout can be measured: text that is cut, parts that stick out, targets that are too small. */

const isShown = (element: Element) =>
  element.checkVisibility({ checkVisibilityCSS: true }) && element.getBoundingClientRect().width > 0;

const shownIn = (root: ParentNode, selector = '*') => [...root.querySelectorAll<HTMLElement>(selector)].filter(isShown);

/** Tag, class and the beginning of the text: enough to find the element. */
const nameOf = (element: HTMLElement) =>
  `${element.localName}.${element.className} "${element.innerText?.replace(/\s+/g, ' ').trim().slice(0, 40)}"`;

const rounding = 1;

/**
 * Shortened on purpose: the whole text is one press away, or read from the element's own name. Tiles: in the larger view.
 * Summary: in the options it opens. The visually hidden: for screen readers.
 */
const mayBeShort = '.sr-only, .word, .picker, .tile-words, .tile-words *, .tile-why, .tile-why *, .badge, .summary';

const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip';

/** Elements that hide a part of their text. */
export function cutTexts(root: ParentNode): string[] {
  return shownIn(root)
    .filter((element) => {
      if (element.matches(mayBeShort) || element.innerText?.trim() === '') return false;
      const { overflowX, overflowY } = getComputedStyle(element);
      const isTooWide = hides(overflowX) && element.scrollWidth > element.clientWidth + rounding;
      return isTooWide || (hides(overflowY) && element.scrollHeight > element.clientHeight + rounding);
    })
    .map(nameOf);
}

/** Elements that have to be scrolled sideways. */
export const sideScrollers = (root: ParentNode): string[] =>
  shownIn(root)
    .filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowX))
    .filter((element) => element.scrollWidth > element.clientWidth + rounding)
    .map(nameOf);

/** Elements that stick out of the window at the left or the right. */
export const outsiders = (root: ParentNode): string[] =>
  shownIn(root, ':not(.sr-only, .sr-only *, .picker, .word, .frame, .corner, .tabs *)')
    .filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return left < -rounding || right > document.documentElement.clientWidth + rounding;
    })
    .map(nameOf);

const targets = 'a[href], button, input:not([type=file]), select, textarea, summary, [tabindex="0"]';

/** What is pressed when a control is pressed: a label counts with its input. */
function targetOf(control: HTMLElement): DOMRect {
  const label = control.closest('label');
  return (label ?? control).getBoundingClientRect();
}

/** Targets that are less than this many CSS px wide or high. */
export const smallTargets = (root: ParentNode, leastPx: number): string[] =>
  shownIn(root, targets).flatMap((control) => {
    const { width, height } = targetOf(control);
    return Math.min(width, height) < leastPx
      ? [`${Math.round(width)} × ${Math.round(height)}: ${nameOf(control)}`]
      : [];
  });

/** Points of the box, its edges left out. */
const pointsOf = ({ left, top, width, height }: DOMRect) =>
  [0.2, 0.5, 0.8].flatMap((x) => [0.2, 0.5, 0.8].map((y) => [left + width * x, top + height * y] as const));

/** Controls of which nothing can be seen when they have the focus, because something else lies over them. */
export function hiddenFoci(root: ShadowRoot): string[] {
  const modal = root.querySelector('dialog[open]');
  return shownIn(modal ?? root, targets)
    .filter((control) => !control.matches(':disabled'))
    .filter((control) => {
      control.blur();
      control.focus();
      const label = control.closest('label') ?? control;
      return !pointsOf(label.getBoundingClientRect()).some(([x, y]) => {
        const top = root.elementFromPoint(x, y);
        return top !== null && (label.contains(top) || top.contains(label));
      });
    })
    .map(nameOf);
}
