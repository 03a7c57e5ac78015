import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { v7 } from 'uuid';
import { adminPassword, openOffice, type Office } from '../server/admin/testing.ts';
import { createTryout } from '../server/jobs/tryout.ts';
import { createDownloader } from '../server/media/download.ts';
import { createKlingAccounts } from '../server/providers/kling.ts';
import { startKlingSimulator } from './simulators/kling.ts';
import { openPage, startBrowser } from './testing.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
interface AxeRun {
  violations: { id: string; impact: string; nodes: { html: string }[] }[];
}

describe('presets, prompts and prices, as an operator sees them', { timeout: 120_000 }, () => {
  let kling: Awaited<ReturnType<typeof startKlingSimulator>>;
  let office: Office;
  let browser: Browser;
  before(async () => {
    [kling, browser] = await Promise.all([
      startKlingSimulator({ video: 'tiny', submittedMs: 20, processingMs: 50 }),
      startBrowser(),
    ]);
    const { url, accessKey, secretKey } = kling;
    const credentials = { accessKey, secretKey };
    const accounts = createKlingAccounts({ id: 'kling', credentials, baseUrl: url, now: Date.now, concurrency: 1 });
    const tryout = createTryout({
      places: accounts.map((account) => ({ account, baseUrl: url })),
      download: createDownloader({ allowedHosts: [new URL(url).host], maxBytes: 5_000_000, timeoutMs: 5_000 }),
      runtime: { newId: () => v7(), deadline: (ms) => AbortSignal.timeout(ms) },
    });
    office = await openOffice({ tryout, tokenPriceUsd: 0.05 });
  });
  after(async () => {
    await browser.close();
    await office.close();
    await kling.close();
  });

  async function signedIn(options: Parameters<typeof openPage>[1] = {}) {
    const opened = await openPage(browser, { locale: 'en-GB', javaScriptEnabled: true, ...options });
    await opened.page.goto(`${office.address}/admin`);
    await opened.page.getByLabel(/password/i).fill(adminPassword);
    await opened.page.getByRole('button', { name: /sign in/i }).click();
    return opened;
  }
  const open = (page: Page, path: string) => page.goto(`${office.address}/admin/${path}`);

  it('make a preset, move it up and offer it, without any script', async () => {
    const { page } = await signedIn({ javaScriptEnabled: false });
    await open(page, 'presets');
    await page.getByRole('link', { name: 'New preset' }).click();
    const fields = { Id: 'ozon-8', 'In Russian': 'Для Ozon', 'In English': 'For Ozon', 'In Vietnamese': 'Cho Ozon' };
    for (const [label, text] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(text);
    await page.getByLabel('Model').selectOption('kling|kling-v3|std');
    await page.getByLabel('Length, s', { exact: true }).fill('7');
    await page.getByLabel('Price, tokens').fill('20');
    await page.getByRole('button', { name: 'Update the choices' }).click();
    await page.getByLabel('15 s', { exact: true }).check();
    await page.getByLabel('Extra tokens for 15 s').fill('9');
    await page.getByLabel('Marketplace', { exact: true }).fill('Ozon');
    await page.getByLabel('Shortest length, s').fill('8');
    await page.getByLabel('Where this is written').fill('attribute 21845, read 2026-11-20');
    await page.getByRole('button', { name: 'Make the preset' }).click();
    await page.getByText('every clip would fail its check').waitFor();
    await page.getByLabel('Length, s', { exact: true }).fill('8');
    await page.getByRole('button', { name: 'Make the preset' }).click();
    await page.getByRole('status').getByText('made and is switched off').waitFor();
    await page.getByRole('button', { name: /^Up.*For Ozon/ }).click();
    await page.getByRole('button', { name: /^Offer.*For Ozon/ }).click();
    await page.getByRole('status').getByText('Sellers can order it now').waitFor();
    const listed = (await office.store.presets.list()).map(({ presetId, enabled }) => [presetId, enabled]);
    assert.deepEqual(listed, [
      ['video-cover', true],
      ['ozon-8', true],
      ['video-cover-10', true],
    ]);
    const choices = { seconds: [{ value: 15, extraTokens: 9 }] };
    assert.deepEqual((await office.store.presets.get('ozon-8'))!.choices, choices);
    await open(page, 'prices');
    await page
      .getByRole('row', { name: /15 s.*For Ozon/ })
      .getByText('29 tokens')
      .waitFor();
    await page.close();
  });

  it('make a preset of pictures, find it under Images and see one made', async () => {
    const { page, faults } = await signedIn();
    await open(page, 'presets/new');
    await page.getByRole('link', { name: 'Text to picture' }).click();
    const fields = { Id: 'picture', 'In Russian': 'Картинка', 'In English': 'Picture', 'In Vietnamese': 'Ảnh' };
    for (const [label, text] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(text);
    await page.getByLabel('1:1', { exact: true }).check();
    await page.getByRole('button', { name: 'Make the preset' }).click();
    await open(page, 'prompts');
    await page.getByRole('link', { name: 'Images' }).click();
    await page.getByRole('heading', { name: 'Picture' }).waitFor();
    await page.getByRole('button', { name: 'Try out' }).click();
    await page.getByRole('button', { name: 'Try with the simulator' }).click();
    const picture = page.getByRole('img', { name: 'The picture that the simulator made' });
    await picture.waitFor();
    await page.waitForFunction(() => document.querySelector<HTMLImageElement>('img.clip')!.naturalWidth > 0);
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('try a prompt, see the request and a clip that plays, save it, see what changed and take it back', async () => {
    const { page, faults } = await signedIn();
    await open(page, 'prompts/video');
    const before = (await office.store.presets.get('video-cover'))!.prompt;
    await page.locator('textarea[name=prompt]').first().fill('Slow push towards {title}.');
    await page.getByRole('button', { name: 'Try out' }).first().click();
    await page.getByText('"prompt": "Slow push towards Clay mug, 350 ml."').waitFor();
    await page.getByRole('button', { name: 'Try with the simulator' }).click();
    await page.locator('video').waitFor();
    await page.waitForFunction(() => document.querySelector('video')!.readyState >= 2);
    await page.getByRole('link', { name: /Back to the try-out/ }).click();
    await page.getByLabel('Prompt', { exact: true }).fill('Slow push towards {title}.');
    await page.getByRole('button', { name: 'Save as a new revision' }).click();
    await page.getByRole('status').waitFor();
    await page
      .getByRole('link', { name: /History: 2/ })
      .first()
      .click();
    await page.locator('ins', { hasText: 'Slow push towards {title}' }).waitFor();
    await page.getByRole('button', { name: /Restore these texts.*Revision 1/ }).click();
    await page.getByRole('status').getByText('restored as a new revision').waitFor();
    assert.equal((await office.store.presets.get('video-cover'))!.prompt, before);
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('pages are open to everybody: nothing serious in axe, and no sideways scrolling at 360 px', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await signedIn({ bypassCSP: true, colorScheme, viewport: { width: 360, height: 800 } });
      const prompt = 'prompts/video/video-cover';
      for (const path of [
        'presets',
        'presets/new',
        'presets/new?kind=text-to-image',
        'presets/ozon-8',
        'prompts/images',
        'presets/video-cover-10',
        'prompts/video',
        `${prompt}/history`,
        `${prompt}/try`,
        'prices',
      ]) {
        await open(page, path);
        const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
        assert.equal(await page.evaluate(overflow), 0, path);
        await page.evaluate(axe);
        const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeRun;
        const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
        assert.deepEqual(
          serious.map(({ id, nodes }) => `${path} ${id} ${nodes[0]?.html}`),
          [],
        );
      }
      await page.close();
    }
  });
});
