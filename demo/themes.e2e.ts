/** The example themes on the live widget: each readable in light and dark, dense or not, in both directions. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { looks, themeFile } from './docs/theme-files.ts';
import { useDemo } from './modes-testing.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
interface AxeRun {
  violations: { id: string; nodes: { html: string }[] }[];
}

const desk = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };
/** The smallest target of WCAG 2.2 (2.5.8, read 2026-11-20), in pixels. */
const smallestTarget = 24;

const choose = (page: Page, name: string, value: string) =>
  page.locator(`#switches input[name="${name}"][value="${value}"]`).check({ force: true });

/** Buttons, tabs and fields of the widget that a person could miss, with their size. */
const smallTargets = (page: Page) =>
  page.locator('kling-video-cover').evaluate((element, least) => {
    const targets = element.shadowRoot!.querySelectorAll(
      'button, a[href], select, textarea, label:has(input), .zoom input',
    );
    return [...targets]
      .map((target) => ({ target, box: target.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && (box.width < least || box.height < least))
      .map(({ target, box }) => `${target.outerHTML.slice(0, 80)} ${box.width}×${box.height}`);
  }, smallestTarget);

async function serious(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeRun;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

describe('the page of themes', { timeout: 120_000 }, () => {
  const { open } = useDemo();

  it('puts each theme on the widget, readable in light and dark, and shows its file', async () => {
    const { page, widget, faults } = await open('/themes?lang=en', { viewport: desk, colorScheme: 'light' });
    const balance = widget.locator('[part~=balance]');
    await balance.waitFor();
    await page.getByRole('button', { name: 'Put a photo in' }).click();
    await widget.locator('[part~=frame]').waitFor();
    const seen = new Set<string>();
    for (const look of looks) {
      await choose(page, 'look', look);
      assert.equal(await page.locator(`#file-${look}`).textContent(), await themeFile(look));
      for (const scheme of ['light', 'dark']) {
        await choose(page, 'scheme', scheme);
        await page.waitForFunction(
          ([link]) => (document.querySelector(`link[data-look="${link}"]`) as HTMLLinkElement).sheet !== null,
          [look],
        );
        const generate = widget.locator('[part~=generate]');
        seen.add(await generate.evaluate((button) => getComputedStyle(button).backgroundColor));
        assert.deepEqual(await serious(page), [], `${look} ${scheme}`);
      }
    }
    assert.equal(seen.size, looks.length * 2, `every theme has an accent of its own: ${[...seen].join()}`);
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('compact and comfortable change the height of controls, and no density makes a target too small', async () => {
    const { page, widget, faults } = await open('/themes?lang=en', { viewport: phone });
    const pick = widget.getByRole('button', { name: 'Choose a picture', exact: true });
    const height = async () => (await pick.boundingBox())!.height;
    const usual = await height();
    await choose(page, 'density', 'compact');
    const compact = await height();
    await choose(page, 'density', 'comfortable');
    assert.deepEqual([compact, usual, await height()], [33, 44, 55]);
    for (const tab of ['Video cover', 'Picture from words', 'Library']) {
      await widget.getByRole('tab', { name: tab }).click();
      await widget.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
      for (const space of ['0px', '3px', '6px']) {
        await widget.evaluate((element: HTMLElement, value) => element.style.setProperty('--kvc-space', value), space);
        assert.deepEqual(await smallTargets(page), [], `${tab} at ${space}`);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(over <= 0, `${tab} at ${space}: ${over} px too wide`);
      }
    }
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('from right to left everything is mirrored but the picture, its frame and the words', async () => {
    const { page, widget } = await open('/themes?lang=en', { viewport: desk });
    const photo = page.getByRole('button', { name: 'Put a photo in' });
    await widget.locator('[part~=balance]').waitFor();
    await photo.click();
    const left = async (part: string) => (await widget.locator(part).boundingBox())!.x;
    const corner = () => left('.corner.left.top');
    const frame = widget.locator('[part~=frame]');
    await frame.waitFor();
    assert.ok((await left('.body > .left')) < (await left('.body > .right')));
    await choose(page, 'direction', 'rtl');
    assert.ok((await left('.body > .left')) > (await left('.body > .right')), 'the columns change places');
    assert.ok((await corner()) < (await left('.corner.right.top')), 'the left corner stays at the left');
    const hint = await widget
      .locator('.segmented')
      .first()
      .evaluate((element) => getComputedStyle(element).textAlign);
    assert.equal(hint, 'right', 'words are turned to where the line begins');
    const price = widget.locator('.price');
    const [number, word] = await price.evaluate((element) => {
      const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      while (text.nextNode() && !/10\stokens/.test(text.currentNode.textContent!));
      const node = text.currentNode;
      const start = node.textContent!.indexOf('10');
      return [start, start + 3].map((at) => {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        return range.getBoundingClientRect().x;
      });
    });
    assert.ok(number! < word!, '“10 tokens” is not turned round');
    await page.close();
  });
});
