/** The seller panel around the widget: its menus, its languages, and nothing that does not fit or cannot be read. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { locales } from './covers.ts';
import { isWidgetSection, sections } from './menu.ts';
import { generationMs, useDemo } from './modes-testing.ts';
import { dropPhoto } from './testing.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
interface AxeRun {
  violations: { id: string; impact: string; nodes: { html: string }[] }[];
}

const desk = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };
const onDesk = { viewport: desk, colorScheme: 'light' } as const;
const onPhone = { viewport: phone, colorScheme: 'dark' } as const;
const withWidget = new Set<string>(sections.filter(isWidgetSection).map(({ path }) => path));

async function serious(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeRun;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

/** The balance is there, and the widget has drawn its mode with all it had to ask for, for this size of the window. */
async function settled(page: Page, path: string): Promise<void> {
  await page.locator('header [data-balance]').getByText(/\d/).waitFor();
  if (!withWidget.has(path)) return;
  await page.locator('kling-video-cover [part~=balance]').waitFor();
  await page.locator('kling-video-cover [aria-busy=true]').first().waitFor({ state: 'detached' });
  await page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  });
}

describe('the seller panel', { timeout: 290_000 }, () => {
  const { open } = useDemo();

  it('every page is in the side menu on a desk, and behind the menu button on a phone', async () => {
    const { page, faults } = await open('/', { viewport: desk });
    const menu = page.getByRole('navigation', { name: 'Разделы', exact: true });
    for (const title of ['Сцены', 'Видео из фото', 'Картинка по описанию', 'Студия', 'Библиотека', 'Цены']) {
      await menu.getByRole('link', { name: title, exact: true }).click();
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
    }
    await page.setViewportSize(phone);
    await page.getByRole('button', { name: 'Меню' }).click();
    await page.locator('#all-sections').getByRole('link', { name: 'Картинка из фото' }).click();
    await page.getByRole('heading', { level: 1, name: 'Картинка из фото' }).waitFor();
    const strip = page.getByRole('navigation', { name: 'Создать' });
    await strip.getByRole('link', { name: 'Библиотека' }).click();
    await page.getByRole('heading', { level: 1, name: 'Библиотека' }).waitFor();
    const here = await strip.getByRole('link', { name: 'Библиотека' }).boundingBox();
    assert.ok(here && here.x >= 0 && here.x + here.width <= phone.width, 'the tab of this page is in view');
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('a language once chosen holds on every page, for the widget too', async () => {
    const { page, widget, faults } = await open('/');
    await page.getByRole('link', { name: 'Tiếng Việt' }).click();
    await page.getByRole('heading', { level: 1, name: 'Tổng quan' }).waitFor();
    await page.getByRole('link', { name: 'Thư viện' }).first().click();
    await widget.getByText('Chưa có gì ở đây').waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Thư viện' }).waitFor();
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('one widget with tabs: what is ordered under one is in the library under another, and the header counts along', async () => {
    const { page, widget, faults } = await open('/studio');
    await widget.getByRole('tab', { name: 'Видео' }).last().click();
    await dropPhoto(page, '/photos/serum.jpg');
    await widget.getByLabel('Опишите движение').fill('Камера приближается');
    await widget.getByRole('button', { name: /Создать видео/ }).click();
    await widget.getByRole('button', { name: /Камера приближается/ }).waitFor();
    await widget.getByRole('tab', { name: 'Библиотека' }).click();
    await widget.getByRole('button', { name: /Камера приближается\. Готово/ }).waitFor({ timeout: generationMs });
    const shown = await page.locator('header [data-balance]').innerText();
    assert.equal(await widget.locator('[part~=balance]').innerText(), `Баланс: ${shown}`);
    assert.match(shown, /^99\sтокенов$/);
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('no page scrolls sideways, in no language; axe finds nothing serious, light on a desk and dark on a phone', async () => {
    const { page, faults } = await open('/', { viewport: desk });
    for (const [at, lang] of locales.entries()) {
      // Each look is the first one of some page: a layout may differ by what it began as.
      const views = at % 2 === 0 ? [onDesk, onPhone] : [onPhone, onDesk];
      for (const { path } of sections) {
        for (const [turn, { viewport, colorScheme }] of views.entries()) {
          await page.setViewportSize(viewport);
          await page.emulateMedia({ colorScheme });
          if (turn === 0) await page.goto(new URL(`${path}?lang=${lang}`, page.url()).href);
          await settled(page, path);
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(over <= 0, `${path} in ${lang} at ${viewport.width}: ${over} px too wide`);
          if (lang === 'ru') assert.deepEqual(await serious(page), [], `${path} ${colorScheme}`);
        }
      }
    }
    assert.deepEqual(faults, []);
    await page.close();
  });
});
