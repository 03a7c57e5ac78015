import { expect } from '@open-wc/testing';
import { finished, until, type CoverPage } from '../testing/cover-page.ts';
import type { Job } from '../../server/contract.ts';
import { ask, prefer, press } from './chrome-testing.ts';
import { contrastOf, look } from './colours-testing.ts';
import { inState, stateNamed } from './states.ts';

/** Animations and transitions that are running. */
const moving = ({ element }: CoverPage) =>
  element.shadowRoot!.getAnimations().map((animation) => `${animation.constructor.name} ${animation.id}`);

const moveOwn = (page: CoverPage, change: Partial<Job>) =>
  page.move((page.named('cover-created')[0]!.job as Job).id, change);

const colourOf = (page: CoverPage, selector: string) => getComputedStyle(page.find(selector)!).color;

afterEach(() => prefer());

describe('a seller who asked for less motion', () => {
  beforeEach(() => prefer({ 'prefers-reduced-motion': 'reduce' }));

  for (const name of ['loading', 'uploading', 'generating', 'words-sending', 'scenes-asking', 'library-loading']) {
    it(
      `sees nothing move: ${name}`,
      inState(stateNamed(name), async (page) => {
        expect(moving(page)).to.deep.equal([]);
        await prefer();
        await until(() => moving(page).length > 0);
      }),
    );
  }

  it(
    'sees the bar jump, not glide',
    inState(stateNamed('generating'), async (page) => {
      await moveOwn(page, { progress: 80 });
      await until(() => page.text('.percent') === '80 %');
      expect(moving(page)).to.deep.equal([]);
    }),
  );

  it(
    'starts a clip, which never starts by itself',
    inState(stateNamed('generating'), async (page) => {
      await moveOwn(page, finished(page.base));
      const video = await until(() => page.find<HTMLVideoElement>('[part=player]'));
      await until(() => video.readyState > 0);
      expect([video.autoplay, video.paused, video.controls]).to.deep.equal([false, true, true]);
    }),
  );

  it(
    'starts a clip in the larger view too',
    inState(stateNamed('bigger-clip'), async (page) => {
      expect(page.find<HTMLVideoElement>('dialog video')!.autoplay).to.equal(false);
    }),
  );
});

describe('forced colours', () => {
  beforeEach(() => prefer({ 'forced-colors': 'active', 'prefers-reduced-motion': 'reduce' }));

  it(
    'show which tab is chosen',
    inState(stateNamed('tabs'), async (page) => {
      for (const [tab, isChosen] of [
        ['#tab-cover', true],
        ['#tab-scenes', false],
      ] as const) {
        const seen = await look(page.find(tab)!);
        const below = [0.94, 0.96, 0.98, 1].map((y) => contrastOf(seen(0.5, y), seen(0.03, 0.5)));
        expect(Math.max(...below) >= 3, `${tab} ${below.join()}`).to.equal(isChosen);
      }
    }),
  );

  it(
    'show how far the bar is',
    inState(stateNamed('generating'), async (page) => {
      const bar = await look(page.find('progress')!);
      expect(contrastOf(bar(0.2, 0.5), bar(0.8, 0.5))).to.be.at.least(3);
    }),
  );

  for (const [state, chosen, other] of [
    ['framing', '.segmented label:first-child span', '.segmented label:last-child span'],
    ['framing-with-presets', '.preset:has(:checked)', '.preset:not(:has(:checked))'],
    ['words-options', '.chip:has(:checked) > span', '.chip:not(:has(:checked)) > span'],
  ] as const) {
    it(
      `show what is chosen: ${chosen}`,
      inState(stateNamed(state), async (page) => {
        const widthOf = (selector: string) => getComputedStyle(page.find(selector)!).borderTopWidth;
        expect([widthOf(chosen), widthOf(other)]).to.deep.equal(['2px', '1px']);
      }),
    );
  }

  it(
    'leave the words on the button that orders readable',
    inState(stateNamed('framing'), async (page) => {
      const button = await look(page.find('[part=generate] span')!);
      const seen = Array.from({ length: 60 }, (_, at) => button(at / 60, 0.5));
      const ground = button(0, 0);
      expect(Math.max(...seen.map((colour) => contrastOf(colour, ground)))).to.be.at.least(4.5);
    }),
  );

  it(
    'show the border of each button, and the ring around the one with the focus',
    inState(stateNamed('framing'), async (page) => {
      for (const button of page.findAll('.button, .tool')) {
        expect(getComputedStyle(button).borderTopStyle).to.equal('solid');
      }
      await ask('Emulation.setFocusEmulationEnabled', { enabled: true });
      page.find('.frame')!.focus();
      await press('Tab');
      const { outlineStyle, outlineWidth, outlineColor, backgroundColor } = getComputedStyle(
        page.find('.segmented :focus-visible + span')!,
      );
      expect([outlineStyle, outlineWidth]).to.deep.equal(['solid', '3px']);
      expect(outlineColor).not.to.equal(backgroundColor);
    }),
  );
});

describe('a seller who asked for more contrast', () => {
  it(
    'reads all text in the colour of text, and sees lines in it too',
    inState(stateNamed('empty'), async (page) => {
      const text = colourOf(page, '.panel');
      expect(colourOf(page, '.hint')).not.to.equal(text);
      await prefer({ 'prefers-contrast': 'more' });
      expect(colourOf(page, '.hint')).to.equal(text);
      expect(getComputedStyle(page.find('.panel')!).borderTopColor).to.equal(text);
      expect(getComputedStyle(page.find('.dropzone .button')!).borderTopColor).to.equal(text);
    }),
  );
});
