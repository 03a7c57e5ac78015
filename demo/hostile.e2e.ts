/** The widget on a stranger's page with the strictest policy, from a covers server on another origin. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { generationMs, photoPath } from './modes-testing.ts';
import { startBrowser, startDemoProcess, type DemoProcess } from './testing.ts';
import { guard } from './xss-testing.ts';

type Build = 'classic' | 'module' | 'esm';
const allModes = 'cover scenes text-to-image image-to-video library';

describe('a page of another origin with the strictest policy', { timeout: 150_000 }, () => {
  let demo: DemoProcess;
  let browser: Browser;
  let context: BrowserContext;
  let caught: string[];

  before(async () => {
    [demo, browser] = await Promise.all([startDemoProcess({ DEMO_TASK_MS: '3000' }), startBrowser()]);
    context = await browser.newContext({ locale: 'ru-RU', viewport: { width: 1280, height: 900 } });
    context.setDefaultTimeout(12_000);
    // A page that the test answers itself has no address, so Chrome takes it for one of the internet.
    await context.grantPermissions(['local-network-access'], { origin: demo.panelUrl });
    caught = await guard(context);
    await context.route(`${demo.panelUrl}/strict?*`, async (route) =>
      route.fulfill(await strictPage(new URL(route.request().url()).searchParams.get('as') as Build)),
    );
  });
  after(async () => {
    await browser.close();
    await demo.stop();
  });

  /** The token comes from the page's own backend; all else from the covers server. */
  function policy(build: Build): string {
    const covers = demo.serverUrl;
    const duplicates = build === 'esm' ? '' : ` 'allow-duplicates'`;
    return (
      `default-src 'none'; script-src ${covers}; connect-src 'self' ${covers}; img-src ${covers} blob:; ` +
      `media-src ${covers}; require-trusted-types-for 'script'; trusted-types lit-html${duplicates}`
    );
  }

  async function strictPage(build: Build) {
    const address = `${demo.serverUrl}/widget/kling-video-cover${build === 'esm' ? '.esm' : ''}.js`;
    const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
    const integrity = `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
    const type = build === 'classic' ? '' : ' type="module"';
    return {
      headers: { 'content-type': 'text/html', 'content-security-policy': policy(build) },
      body:
        `<!doctype html><html lang="ru"><title>Host</title>` +
        `<script${type} src="${address}" integrity="${integrity}" crossorigin="anonymous"></script>` +
        `<kling-video-cover modes="${allModes}" token-url="/api/video-cover-token"></kling-video-cover></html>`,
    };
  }

  async function open(build: Build): Promise<{ page: Page; widget: Locator }> {
    const page = await context.newPage();
    await page.goto(`${demo.panelUrl}/strict?as=${build}`);
    const widget = page.locator('kling-video-cover');
    await widget.locator('[part=dropzone]').first().waitFor();
    return { page, widget };
  }

  const tab = (widget: Locator, mode: string) => widget.locator(`#tab-${mode}`).click();

  it('the script tag makes a cover and a picture, and plays the cover', async () => {
    const { page, widget } = await open('classic');
    await widget.locator('.dropzone').waitFor();
    await widget.locator('input.picker').setInputFiles(photoPath('mug'));
    await widget.getByRole('button', { name: /Сгенерировать видеообложку/ }).click();
    await widget.getByText('Генерация видео…').first().waitFor();
    await tab(widget, 'text-to-image');
    await widget.getByLabel('Опишите картинку').fill('Кружка на столе');
    await widget.getByRole('button', { name: /^Настройки/ }).click();
    await widget.getByRole('button', { name: /Создать картинку/ }).click();
    await tab(widget, 'cover');
    const clip = widget.locator('video').first();
    await clip.waitFor({ timeout: generationMs });
    await clip.evaluate((video: HTMLVideoElement) => {
      video.muted = true;
      return video.play();
    });
    assert.deepEqual(caught, []);
    await page.close();
  });

  for (const build of ['classic', 'module', 'esm'] as const) {
    it(`the script as ${build} opens scenes, a batch, and the library with sharing and variants`, async () => {
      const { page, widget } = await open(build);
      await tab(widget, 'scenes');
      await widget.getByLabel('Как называется товар?').fill('Кружка');
      await widget.getByRole('button', { name: 'Придумать сцены' }).click();
      await widget.getByRole('article').nth(2).waitFor();

      await tab(widget, 'image-to-video');
      await widget.locator('input.many-picker').setInputFiles(['mug', 'serum'].map(photoPath));
      await widget.getByText('2 фото одним заказом').waitFor();

      await tab(widget, 'library');
      const card = widget.locator('.tile:has([data-act=share])').first();
      await card.hover();
      await card.getByRole('button', { name: 'Поделиться' }).click();
      await widget.getByLabel('Открытая ссылка').waitFor();
      await page.keyboard.press('Escape');
      await card.hover();
      await card.getByRole('button', { name: 'Варианты' }).click();
      await widget.locator('dialog[open]').getByLabel('Слова для нового варианта').waitFor();
      assert.deepEqual(caught, []);
      await page.close();
    });
  }
});
