import { expect } from '@open-wc/testing';
import { GridWindow } from './grid-window.ts';

const { IntersectionObserver: RealObserver } = globalThis;

/** The platform's observer with the delivery in the test's hand: when Chromium delivers two frames at once is chance. */
class HandObserver {
  static last: HandObserver;
  readonly asked: Element[] = [];
  readonly deliver: (entries: Partial<IntersectionObserverEntry>[]) => void;
  constructor(deliver: HandObserver['deliver']) {
    this.deliver = deliver;
    HandObserver.last = this;
  }
  observe = (target: Element) => this.asked.push(target);
  unobserve() {}
  disconnect() {}
}

const rows = (count: number) => {
  const grid = document.createElement('ul');
  grid.style.cssText = 'display: grid; grid-template-columns: 100px; margin: 0; padding: 0';
  grid.innerHTML = '<li style="height: 100px"></li>'.repeat(count);
  document.body.append(grid);
  return grid;
};

describe('the drawn window of a long grid', () => {
  afterEach(() => {
    globalThis.IntersectionObserver = RealObserver;
    document.querySelector('ul')?.remove();
  });

  it('is looked at again when an item left the view after the grid was seen, in one delivery', () => {
    globalThis.IntersectionObserver = HandObserver as never;
    const grid = rows(3);
    const drawn = new GridWindow({ changed: () => undefined, left: () => undefined });
    drawn.settle(grid, drawn.range(100), { at: -1, index: -1 });
    const { asked, deliver } = HandObserver.last;
    const atTop = { target: grid, isIntersecting: true, boundingClientRect: rect(0, 10_000) };
    const seen = { ...atTop, intersectionRect: rect(0, 100) };
    asked.length = 0;
    deliver([
      { target: grid.firstElementChild!, isIntersecting: true, time: 16 },
      { ...seen, time: 16 },
    ]);
    expect(asked.includes(grid)).to.equal(false);
    deliver([
      { ...seen, time: 32 },
      { target: grid.firstElementChild!, isIntersecting: false, time: 48 },
    ]);
    expect(asked.includes(grid)).to.equal(true);
    drawn.dispose();
  });
});

const rect = (top: number, height: number) => new DOMRect(0, top, 100, height);
