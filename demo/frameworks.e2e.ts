/** The widget in React, Vue, Svelte and Angular, each example on a page of the demo panel's own origin. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { faceFiles } from '../.tools/face/files.ts';
import {
  bundle,
  exampleText,
  frameworks,
  renderOnServer,
  serveExamples,
  type ExampleSite,
  type Framework,
} from './frameworks-testing.ts';
import { dropPhoto, openPage, startBrowser, startDemoProcess, type DemoProcess } from './testing.ts';

const generationMs = 90_000;
const mains: Record<Framework, string> = {
  react: 'react/main.tsx',
  vue: 'vue/main.ts',
  svelte: 'svelte/main.ts',
  angular: 'angular/main.ts',
};
const hydrations = { react: 'react/hydrate.tsx', vue: 'vue/hydrate.ts', svelte: 'svelte/hydrate.ts' };
const hydrated = Object.keys(hydrations) as (keyof typeof hydrations)[];

describe('in a framework', { timeout: 200_000 }, () => {
  let demo: DemoProcess;
  let browser: Browser;
  let site: ExampleSite;
  let host: Awaited<ReturnType<typeof serveExamples>>;
  before(async () => {
    host = await serveExamples(() => site);
    const entries = { ...mains, ...Object.fromEntries(hydrated.map((name) => [`${name}-hydrate`, hydrations[name]])) };
    const starting = Promise.all([startDemoProcess({ DEMO_MORE_ORIGINS: host.url }), startBrowser()]);
    const [scripts, markup] = await Promise.all([bundle(entries), renderOnServer()]);
    [demo, browser] = await starting;
    const ofScripts = Object.fromEntries(hydrated.map((name) => [`${name}-hydrate`, markup[name]]));
    site = { scripts, markup: ofScripts, panelUrl: demo.panelUrl, coversUrl: demo.serverUrl };
  });
  after(async () => {
    await browser.close();
    host.close();
    assert.equal(await demo.stop(), 0, 'SIGTERM ends the demo in order');
  });

  /** Resolves when the widget has its session; `faults` holds what the browser or the framework complained about. */
  async function open(script: string) {
    const { page, faults } = await openPage(browser, { locale: 'en' });
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) faults.push(message.text());
    });
    await page.goto(`${host.url}/${script}`);
    await balanceOf(page)
      .waitFor({ timeout: 15_000 })
      .catch(() => assert.fail(`${script} is not ready: ${faults.join('\n')}`));
    return { page, faults };
  }

  const balanceOf = (page: Page) => page.locator('kling-video-cover [part~=balance]');

  it('the element is ready, an order is made, its events are heard, and it is removed and comes back', async () => {
    const opened = await Promise.all(frameworks.map((framework) => open(framework)));
    await Promise.all(opened.map(({ page }) => dropPhoto(page, '/photos/serum.jpg')));
    await Promise.all(opened.map(({ page }) => page.locator('[part~=generate]:not([disabled])').waitFor()));
    await Promise.all(opened.map(({ page }) => page.locator('[part~=generate]').click()));
    for (const [index, { page, faults }] of opened.entries()) {
      const framework = frameworks[index]!;
      await page.locator('#finished').getByText(/\S/).waitFor({ timeout: generationMs });
      const balance = await page.locator('#balance').innerText();
      assert.notEqual(balance, '100', framework);
      assert.equal(await balanceOf(page).innerText(), `Balance: ${balance}\u00a0tokens`, framework);
      await page.getByRole('button', { name: 'Remove', exact: true }).first().click();
      await page.locator('kling-video-cover').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Show', exact: true }).first().click();
      await balanceOf(page).waitFor();
      assert.deepEqual(faults, [], framework);
      await page.close();
    }
  });

  it('the covers server gives the types and what editors read', async () => {
    for (const name of Object.keys(faceFiles())) {
      const answer = await fetch(`${demo.serverUrl}/widget/${name}`);
      assert.equal(answer.status, 200, name);
      assert.equal(await answer.text(), faceFiles()[name], `${name} is as new as the table: run npm run build`);
    }
  });

  it('a page rendered on a server comes alive: the token function arrives', async () => {
    for (const framework of hydrated) {
      const { page, faults } = await open(`${framework}-hydrate`);
      await page.getByRole('button', { name: 'Remove', exact: true }).click();
      await page.locator('kling-video-cover').waitFor({ state: 'detached' });
      assert.deepEqual(faults, [], framework);
      await page.close();
    }
  });
});

describe('the README', () => {
  const examples: [title: string, path: string][] = [
    ['React', 'react/panel.tsx'],
    ['Vue', 'vue/panel.vue'],
    ['Svelte', 'svelte/panel.svelte'],
    ['Angular', 'angular/panel.ts'],
  ];

  it('shows each example as it is', () => {
    const readme = exampleText('../../README.md');
    for (const [title, path] of examples) {
      const snippet = new RegExp(`<summary>${title}[^<]*</summary>\\s+\`\`\`\\w+\n(.*?)\`\`\``, 's').exec(readme)?.[1];
      assert.ok(snippet, `${title} has a snippet`);
      const linesOf = (text: string) => text.split('\n').map((line) => line.trim().replace(/;$/, ''));
      const example = linesOf(exampleText(path));
      const invented = linesOf(snippet).filter((line) => !example.includes(line));
      assert.deepEqual(invented, [], title);
    }
  });
});
