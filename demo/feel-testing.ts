/** What a seller feels while a page opens and works: layout that moves by itself, and script that keeps the page busy. */
import type { CDPSession, Page } from 'playwright-core';

/** A movement of the layout that the seller had not asked for. */
export interface Shift {
  /** Share of the window that moved, times how far it moved (Layout Instability, WICG, read 2026-11-20). */
  value: number;
  /** What moved, from where to where. */
  moved: string[];
}

interface Watched {
  shifts: Shift[];
  longTasksMs: number[];
  /** When the widget could be used; since the page began. */
  readyAtMs: number | undefined;
}
declare global {
  interface Window {
    watched: Watched;
  }
}

/** Watches every page that is opened from now on; movements within half a second after a press or a key are not counted. */
export const watchFeel = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    type LayoutShift = PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
      sources: { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[];
    };
    const watched: Watched = { shifts: [], longTasksMs: [], readyAtMs: undefined };
    window.watched = watched;
    // A browser tells no page what is inside of a shadow root.
    const nameOf = (node: Node | null) =>
      node instanceof Element ? [node.localName, ...node.classList].join('.') : '(in a widget)';
    const placeOf = ({ x, y, width, height }: DOMRectReadOnly) => [x, y, width, height].map(Math.round).join();
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries() as LayoutShift[]) {
        if (hadRecentInput) continue;
        const moved = sources.map(
          ({ node, previousRect, currentRect }) => `${nameOf(node)} ${placeOf(previousRect)} → ${placeOf(currentRect)}`,
        );
        watched.shifts.push({ value, moved });
      }
    }).observe({ type: 'layout-shift', buffered: true });
    new PerformanceObserver((list) => {
      watched.longTasksMs.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: 'longtask', buffered: true });
    document.addEventListener('cover-ready', () => {
      watched.readyAtMs ??= performance.now();
      // oxlint-disable-next-line no-console -- whoever measures hears it without asking the page
      console.debug('cover-ready');
    });
  });

/** The movements so far, after the frames that are under way. */
export const shiftsOf = (page: Page): Promise<Shift[]> =>
  page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
    await new Promise((resolve) => setTimeout(resolve));
    return window.watched.shifts;
  });

/** What the seller did just now moved something: on a busy machine the browser may not see that it was asked for. */
export async function forgetShifts(page: Page): Promise<void> {
  await shiftsOf(page);
  await page.evaluate(() => (window.watched.shifts = []));
}

/** Milliseconds since the page began, as Chromium counts them for its main thread. */
export interface Busy {
  script: number;
  /** Styles and layout. */
  layout: number;
  /** All of it, with painting and parsing. */
  task: number;
}

/** For the page of the session; `Performance.enable` must have been sent before. */
export async function busyMs(session: CDPSession): Promise<Busy> {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => (metrics.find((metric) => metric.name === name)?.value ?? 0) * 1000;
  return {
    script: of('ScriptDuration'),
    layout: of('LayoutDuration') + of('RecalcStyleDuration'),
    task: of('TaskDuration'),
  };
}
