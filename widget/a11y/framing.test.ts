import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { until, type CoverPage } from '../testing/cover-page.ts';
import { accessibilityTree, ask, click, press, propertyOf } from './chrome-testing.ts';
import { inState, stateNamed } from './states.ts';

interface Place {
  width: number;
  height: number;
  x: number;
  y: number;
}

/** As the screen reader is told. */
function placeOf(page: CoverPage): Place {
  const [width, height, x, y] = page.text('#frame-place').match(/\d+/g)!.map(Number);
  return { width: width!, height: height!, x: x!, y: y! };
}

/** Presses the keys one after another; answers the place after each. */
async function after(page: CoverPage, ...keys: (string | { key: string; shift: true })[]): Promise<Place[]> {
  const places: Place[] = [];
  for (const each of keys) {
    const { key, shift } = typeof each === 'string' ? { key: each, shift: false } : each;
    await press(key, { shift });
    await page.element.updateComplete;
    places.push(placeOf(page));
  }
  return places;
}

const focusFrame = async (page: CoverPage) => (await until(() => page.find('.frame'))).focus();
const whole = { width: 900, height: 1200, x: 350, y: 0 };

describe('the frame, by keyboard alone', () => {
  before(() => ask('Emulation.setFocusEmulationEnabled', { enabled: true }));

  it(
    'is moved by arrows, one per cent of the picture at a time, ten with Shift, and stops at the edges',
    inState(stateNamed('framing'), async (page) => {
      await focusFrame(page);
      expect(placeOf(page)).to.deep.equal(whole);
      const [left, farLeft, right] = await after(page, 'ArrowLeft', { key: 'ArrowLeft', shift: true }, 'ArrowRight');
      expect([left!.x, farLeft!.x, right!.x]).to.deep.equal([334, 174, 190]);
      const far = { key: 'ArrowLeft', shift: true } as const;
      expect((await after(page, far, far)).at(-1)!.x).to.equal(0);
    }),
  );

  it(
    'is made smaller and larger by plus and minus, moved up and down then, and put back by zero',
    inState(stateNamed('framing'), async (page) => {
      await focusFrame(page);
      const [smaller, , again] = await after(page, '+', '+', '-');
      expect(smaller!.width).to.be.below(900);
      expect(again).to.deep.equal(smaller);
      const [down, up] = await after(page, 'ArrowDown', 'ArrowUp');
      expect([down!.y, up!.y]).to.deep.equal([smaller!.y + 12, smaller!.y]);
      expect(await after(page, '0')).to.deep.equal([whole]);
    }),
  );

  it(
    'is zoomed by the slider too, whose value is a per cent',
    inState(stateNamed('framing'), async (page) => {
      page.find('.zoom input')!.focus();
      const [zoomed] = await after(page, 'ArrowRight');
      expect(zoomed!.width).to.be.below(900);
      expect((await after(page, 'Home')).at(-1)!.width).to.equal(900);
    }),
  );

  it(
    'tells which keys do what, and where it is, when it gets the focus and after each key',
    inState(stateNamed('framing'), async (page) => {
      await focusFrame(page);
      const node = (await accessibilityTree()).find(
        (each) => propertyOf(each, 'focused') && each.role?.value !== 'RootWebArea',
      );
      expect(node!.role!.value).to.equal('application');
      expect(node!.description!.value).to.equal(
        'Стрелки двигают рамку, с Shift быстрее, плюс и минус меняют размер, ноль возвращает её ' +
          'Рамка 900 на 1200 пикселей, слева 350, сверху 0',
      );
      await after(page, '+');
      expect(page.text('[role=status]')).to.equal(page.text('#frame-place'));
    }),
  );

  it(
    'lets all other keys go: Tab leaves it, and the page keeps its own',
    inState(stateNamed('framing'), async (page) => {
      await focusFrame(page);
      await press('Tab');
      expect(page.element.shadowRoot!.activeElement!.matches('.segmented input')).to.equal(true);
      await press('ArrowRight');
      await until(() => !page.find('.frame'));
      await press('ArrowLeft');
      await until(() => page.find('.frame'));
    }),
  );
});

describe('the frame, by a pointer that cannot drag', () => {
  before(() => setViewport({ width: 1280, height: 900 }));

  it(
    'puts its middle where it is pressed, and stays at the edges; a corner that is pressed does nothing',
    inState(stateNamed('framing'), async (page) => {
      const frame = await until(() => page.find('.frame'));
      const box = () => frame.getBoundingClientRect();
      await click(box().x + box().width * 0.75, box().y + box().height / 2);
      await page.element.updateComplete;
      expect(placeOf(page).x).to.be.closeTo(350 + 225, 8);
      await click(box().x + box().width * 0.75, box().y + box().height / 2);
      await page.element.updateComplete;
      expect(placeOf(page).x).to.equal(700);
      await click(box().x + 3, box().y + 3);
      await page.element.updateComplete;
      expect(placeOf(page).x).to.equal(700);
    }),
  );
});
