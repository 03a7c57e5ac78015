/** The documentation in the panel: everything of the widget's face can be tried, and what is shown is what is. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { customProperties, events, parts, properties } from '../widget/face.ts';
import { locales } from './covers.ts';
import { audiencePath, audiences } from './docs/audiences.ts';
import { propertyControls } from './docs/controls.ts';
import { generationMs, useDemo } from './modes-testing.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
interface AxeRun {
  violations: { id: string; nodes: { html: string }[] }[];
}

const desk = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };
const names = <T extends object>(table: T) => Object.keys(table) as (keyof T & string)[];

async function openEverything(page: Page): Promise<void> {
  await page.locator('kling-video-cover [part~=balance]').waitFor();
  await page.locator('.tries').evaluate((tries) => {
    for (const each of tries.querySelectorAll('details')) each.open = true;
  });
}

const code = (page: Page, id: string) => page.locator(`#code-${id}`).innerText();

describe('the documentation', { timeout: 200_000 }, () => {
  const { open } = useDemo();

  it('tries every attribute and property on the live widget, and writes it into the code', async () => {
    const { page, widget, faults } = await open('/docs/developer?lang=en', { viewport: desk });
    await openEverything(page);
    const covers = (await page.locator('#playground').getAttribute('data-covers'))!;
    const typed: Partial<Record<keyof typeof properties, string>> = {
      server: covers,
      tokenUrl: '/api/video-cover-token?locale=en',
      preset: 'video-cover',
      presets: 'video-cover ozon',
      history: '3',
    };
    for (const name of names(properties)) {
      const row = page.locator(`[data-property="${name}"]`);
      const attribute = (await row.getAttribute('data-attribute'))!;
      const control = propertyControls[name];
      if (control.kind === 'function') {
        await row.getByRole('checkbox').check();
        assert.equal(
          await widget.evaluate((element) => typeof (element as { getToken?: unknown }).getToken),
          'function',
        );
        assert.match(await code(page, 'js'), /widget\.getToken = async/);
        continue;
      }
      let expected = typed[name] ?? '';
      if (control.kind === 'words') {
        expected = 'library cover';
        for (const word of expected.split(' ')) await row.getByRole('checkbox', { name: word, exact: true }).check();
      } else if (control.kind === 'choice') {
        expected = { lang: 'vi', theme: 'dark' }[name as 'lang' | 'theme'];
        await row.getByRole('combobox').selectOption(expected);
      } else {
        await page.locator(`#set-${name}`).fill(expected);
        await page.locator(`#set-${name}`).press('Tab');
      }
      assert.equal(await widget.getAttribute(attribute), expected, name);
      assert.ok((await code(page, 'html')).includes(`  ${attribute}="${expected}"`), name);
    }
    await widget.getByRole('tab', { name: 'Thư viện' }).waitFor();
    await page.getByRole('button', { name: 'Start again' }).click();
    await widget.getByRole('tab', { name: 'Thư viện' }).waitFor();
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('calls the methods of the class, and writes the calls down', async () => {
    const { page, widget, faults } = await open('/docs/developer?lang=en', { viewport: desk });
    await widget.getByRole('heading', { name: 'Video cover' }).waitFor();
    await page.getByRole('button', { name: 'Another title in English' }).click();
    await widget.getByRole('heading', { name: 'Moving cover' }).waitFor();
    await page.getByRole('button', { name: 'Count in Polish' }).click();
    assert.match(await page.locator('[data-method="counted"] output').innerText(), /^1\sżeton, 2\sżetony, 5\sżetonów$/);
    await page.getByRole('button', { name: 'Add Polish' }).click();
    await widget.getByRole('heading', { name: 'Okładka wideo' }).waitFor();
    await widget
      .getByText(/\d\sżet/)
      .first()
      .waitFor();
    assert.ok((await code(page, 'html')).includes('lang="pl"'));
    assert.match(await code(page, 'js'), /^const Cover = await[\s\S]+'Moving cover'[\s\S]+addTexts\('pl', \{/);
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('shows every part in the widget, adjusts every custom property, and hands the CSS over', async () => {
    const { page, widget, faults } = await open('/docs/developer?lang=en', { viewport: desk });
    await openEverything(page);
    for (const name of names(parts)) await page.locator(`[data-highlight="${name}"]`).click();
    const outlined = await widget.evaluate((element) =>
      [...element.shadowRoot!.querySelectorAll('[part]')].map((part) => [
        part.getAttribute('part'),
        getComputedStyle(part).outlineStyle,
      ]),
    );
    assert.ok(outlined.length >= 4);
    for (const [name, style] of outlined) assert.equal(style, 'solid', `${name} is outlined`);
    for (const name of names(customProperties)) {
      const control = page.locator(`[data-custom="${name}"]`);
      const kind = await control.evaluate((input: HTMLInputElement) => input.type);
      if (kind === 'select-one') await control.selectOption({ index: 1 });
      else await control.fill(kind === 'color' ? '#123456' : (await control.getAttribute('max'))!);
      const set = await widget.evaluate(
        (element: HTMLElement, property) => element.style.getPropertyValue(property),
        name,
      );
      assert.notEqual(set, '', name);
      assert.ok((await code(page, 'css')).includes(`  ${name}: ${set};`), name);
    }
    const generate = widget.locator('[part~=balance]');
    assert.equal(await generate.evaluate((element) => getComputedStyle(element).color), 'rgb(18, 52, 86)');
    await page.locator('[data-reset="--kvc-text"]').click();
    assert.equal(await widget.evaluate((element: HTMLElement) => element.style.getPropertyValue('--kvc-text')), '');

    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator('[data-copy-code="code-css"]').click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(
      await page.evaluate(() => navigator.clipboard.readText()),
      await page.locator('#code-css').textContent(),
    );
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('makes every event happen by the way that it names, and logs it with its detail', async () => {
    const { page, widget, faults } = await open('/docs/developer?lang=en', { viewport: desk });
    await openEverything(page);
    for (const name of names(events)) await page.locator(`[data-event="${name}"] [data-listen]`).check();
    for (const name of names(events)) assert.ok((await code(page, 'js')).includes(`addEventListener('${name}'`), name);

    await page.getByRole('button', { name: 'Hand over a text file' }).click();
    await page.locator('#log').getByText('cover-error').waitFor();
    for (const mode of ['cover', 'text-to-video'])
      await page.locator('[data-property="modes"]').getByRole('checkbox', { name: mode, exact: true }).check();
    await widget.getByRole('tab', { name: 'Video from words' }).click();
    await widget.getByRole('textbox').fill('[[sim:fail]]');
    await widget.getByRole('button', { name: /Create/ }).click();
    await page.locator('#log').getByText('cover-created').waitFor();
    await widget.getByRole('tab', { name: 'Video cover' }).click();
    await page.getByRole('button', { name: 'Hand over a sample photo' }).click();
    await widget.getByRole('button', { name: /Generate/ }).click();
    await page.locator('[data-event="cover-chosen"] [data-prevent]').check();
    const use = widget.getByText('Use this video', { exact: true });
    await use.waitFor({ timeout: generationMs });
    await use.click();
    assert.match(await code(page, 'js'), /cover-chosen', \(event\) => \{\n {2}event\.preventDefault\(\);/);
    const chosen = page.locator('#log li').filter({ hasText: 'cover-chosen' });
    await chosen.locator('summary').click();
    assert.match(await chosen.locator('pre').innerText(), /"url": "http/);

    await page.locator('#log').getByText('cover-failed').waitFor({ timeout: generationMs });
    for (const name of names(events))
      assert.match(await page.locator(`[data-event="${name}"] [data-heard]`).innerText(), /^× \d+$/, name);
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('leads from the menu to each audience, with what the covers server says now', async () => {
    const { page, faults } = await open('/', { viewport: desk });
    await page.getByRole('navigation', { name: 'Разделы', exact: true }).getByText('Документация').click();
    await page.locator('main').getByRole('link', { name: 'Продавцу' }).click();
    await page.getByText('Видеообложка сейчас стоит 10 токенов.').waitFor();
    await page.getByText('Подходят JPEG, PNG и WebP, до 48 МБ').waitFor();
    await page.getByRole('link', { name: 'Оператору' }).click();
    await page.getByText('Сервер отвечает, база, хранилище и очередь работают.').waitFor();
    await page.getByRole('row', { name: /Видеообложка для Ozon/ }).waitFor();
    await page.getByRole('link', { name: 'Участнику проекта' }).click();
    await page.getByText(`событий: ${names(events).length}`).waitFor();
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('axe finds nothing, and nothing is too wide, light on a desk and dark on a phone', async () => {
    for (const [viewport, colorScheme, read] of [
      [desk, 'light', ['/docs', '/docs/contributor']],
      [phone, 'dark', ['/docs/seller', '/docs/operator', '/docs/developer']],
    ] as const) {
      const { page } = await open('/docs', { viewport, colorScheme });
      for (const [at, path] of ['/docs', ...audiences.map(audiencePath)].entries()) {
        await page.goto(new URL(`${path}?lang=${locales[at % locales.length]}`, page.url()).href);
        if (path.endsWith('developer')) await openEverything(page);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(over <= 0, `${path} at ${viewport.width}: ${over} px too wide`);
        if (!read.some((each) => each === path)) continue;
        await page.evaluate(axe);
        const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeRun;
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
        assert.deepEqual(found, [], `${path} ${colorScheme}`);
      }
      await page.close();
    }
  });
});
