import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page, Route } from 'playwright-core';
import { forgetShifts, shiftsOf, watchFeel } from './feel-testing.ts';
import { openPage, startBrowser, startDemoProcess, type DemoProcess } from './testing.ts';

const photo = new URL('./photos/serum.jpg', import.meta.url).pathname;
/** A hundredth of what still counts as good (web.dev, "Cumulative Layout Shift", read 2026-11-20): a digit more moves. */
const unseen = 0.001;
const windows = {
  'at a desk': { viewport: { width: 1280, height: 900 } },
  'in a wide window': { viewport: { width: 1900, height: 1400 } },
  'on a phone': { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};

describe('the feel of the widget', { timeout: 120_000 }, () => {
  let demo: DemoProcess;
  let browser: Browser;
  before(async () => {
    [demo, browser] = await Promise.all([startDemoProcess(), startBrowser()]);
  });
  after(async () => {
    await browser.close();
    await demo.stop();
  });

  const widget = (page: Page, selector: string) => page.locator(`kling-video-cover ${selector}`).first();

  /** Goes to the page, holds the session until the widget has drawn what it draws meanwhile, and watches from there. */
  async function watchOpening(page: Page, go: () => Promise<unknown>): Promise<{ finish: () => void }> {
    let finish!: () => void;
    const held = new Promise<void>((resolve) => (finish = resolve));
    const hold = async (route: Route) => {
      await held;
      await route.continue();
    };
    await page.route('**/v1/session', hold, { times: 1 });
    await go();
    await widget(page, '.skeleton').waitFor();
    await forgetShifts(page);
    return { finish };
  }

  async function journey(where: string, options: (typeof windows)[keyof typeof windows]): Promise<void> {
    const { page, faults } = await openPage(browser, options);
    const nothingMoved = async (when: string) => {
      const shifts = await shiftsOf(page);
      const score = shifts.reduce((sum, { value }) => sum + value, 0);
      assert.ok(score < unseen, `${where}, ${when}: ${score} ${JSON.stringify(shifts, null, 2)}`);
    };
    await watchFeel(page);
    const opening = await watchOpening(page, () => page.goto(`${demo.panelUrl}/video-covers`));
    opening.finish();
    await widget(page, '[part~=dropzone]').waitFor();
    await nothingMoved('opening');
    const asksToDrag = await widget(page, '.dropzone .lead').isVisible();
    assert.equal(asksToDrag, !('hasTouch' in options), `${where}: nothing is dragged by a finger`);

    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Выбрать изображение' }).click();
    await (await choosing).setFiles(photo);
    await widget(page, '[part~=frame]').waitFor();
    await page.getByRole('button', { name: /Сгенерировать/ }).click();
    await widget(page, '[part~=progress]').waitFor();
    await forgetShifts(page);
    await widget(page, 'video').waitFor();
    await nothingMoved('from the order to the clip');

    const place = () => page.locator('details.embed').boundingBox();
    const scrolled = () => page.evaluate(() => scrollY);
    const scrolledBefore = await scrolled();
    const second = await watchOpening(page, () => page.reload());
    const atFirst = await place();
    second.finish();
    await widget(page, '[part~=history-item]').waitFor();
    await nothingMoved('at a second look, with a history');
    assert.equal(await scrolled(), scrolledBefore, `${where}: the page is where the seller had scrolled it`);
    assert.deepEqual(await place(), atFirst, 'what stands below stays where it is');
    assert.deepEqual(faults, []);
    await page.close();
  }

  it('nothing moves by itself, from the first sight to the finished clip and at a second look', async () => {
    for (const [where, options] of Object.entries(windows)) await journey(where, options);
  });

  it('a picture is pasted where the pointer is, and never instead of a field of the page', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${demo.panelUrl}/video-covers`);
    await widget(page, '[part~=dropzone]').waitFor();
    const isTaken = (target: 'body' | 'input') =>
      page.evaluate(async (name) => {
        const bytes = await (await fetch('/photos/serum.jpg')).blob();
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File([bytes], 'photo.jpg', { type: 'image/jpeg' }));
        const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, composed: true, cancelable: true });
        const place = name === 'body' ? document.body : document.body.appendChild(document.createElement(name));
        place.dispatchEvent(event);
        return event.defaultPrevented;
      }, target);
    await page.mouse.move(5, 5);
    assert.equal(await isTaken('body'), false, 'the pointer is elsewhere');
    await widget(page, '[part~=dropzone]').hover();
    assert.equal(await isTaken('input'), false, 'a field of the page');
    assert.equal(await isTaken('body'), true);
    await widget(page, '[part~=frame]').waitFor();
    await page.close();
  });
});
