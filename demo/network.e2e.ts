/** The widget on a network that goes away and on a server that dies, with the real server as a process of its own. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { SignJWT } from 'jose';
import type { Browser, Page } from 'playwright-core';
import { startSite, type TestSite } from '../server/faults/server-process-testing.ts';
import type { Job } from '../server/contract.ts';
import { openPage, startBrowser } from './testing.ts';

/** What the killed server held is free for the next one after a while. */
const recoveryMs = 60_000;
const photo = new URL('./photos/serum.jpg', import.meta.url).pathname;

describe('the widget, when the network or the server goes away', { timeout: 120_000 }, () => {
  let site: TestSite;
  let browser: Browser;
  let server: Awaited<ReturnType<TestSite['start']>>;

  /** The host: an empty page, and tokens for its one seller. */
  const host = createServer(async (request, response) => {
    const isToken = request.url === '/token';
    response.setHeader('content-type', isToken ? 'application/json' : 'text/html');
    response.end(isToken ? JSON.stringify({ token: await mint() }) : '<!doctype html><title>Host</title>');
  });
  const hostUrl = () => `http://127.0.0.1:${(host.address() as AddressInfo).port}`;

  const start = () => site.start({ SITE_ORIGINS: hostUrl() });
  before(async () => {
    await once(host.listen(0, '127.0.0.1'), 'listening');
    [site, browser] = await Promise.all([startSite({ kling: { processingMs: 1500 } }), startBrowser()]);
    server = await start();
    await site.grant(100, 'welcome');
  });
  after(async () => {
    await browser.close();
    await server.signal('SIGTERM');
    await site.close();
    host.close();
  });

  async function mint(): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const { SITE_ISSUER: iss, SITE_JWT_SECRET } = site.settings;
    return new SignJWT({ iss, aud: 'kling-video-cover', sub: 'seller', iat: now, exp: now + 600 })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(new TextEncoder().encode(SITE_JWT_SECRET));
  }

  /** A host page without the widget, and what the browser sent to the server with success. */
  async function openHost() {
    const { page, faults } = await openPage(browser);
    page.setDefaultTimeout(10_000);
    const answered: string[] = [];
    page.on('response', (response) => {
      const { method, url } = { method: response.request().method(), url: new URL(response.url()) };
      if (method === 'POST' && response.status() < 300) answered.push(url.pathname);
    });
    await page.goto(hostUrl());
    await page.addScriptTag({ url: `http://127.0.0.1:${site.settings.PORT}/widget/kling-video-cover.js` });
    return { page, faults, answered };
  }

  const addWidget = (page: Page) =>
    page.evaluate(() => {
      document.body.innerHTML = '<kling-video-cover lang="en" token-url="/token"></kling-video-cover>';
    });
  const generate = (page: Page) => page.getByRole('button', { name: /Generate video cover/ });
  async function pick(page: Page): Promise<void> {
    await page.locator('kling-video-cover .dropzone').waitFor();
    await page.locator('kling-video-cover input[type=file]').setInputFiles(photo);
  }
  const jobs = async () => ((await (await site.call('/v1/jobs')).json()) as { items: Job[] }).items;

  it('offline before the session, at the upload, at the order, while Kling works and at the download: one job, one debit', async () => {
    const { page, faults, answered } = await openHost();
    const context = page.context();
    const balance = await site.balance();

    await context.setOffline(true);
    await addWidget(page);
    await page.getByRole('button', { name: /again/i }).waitFor();
    await context.setOffline(false);
    await page
      .getByText(/\d+\stokens/)
      .first()
      .waitFor();

    await context.setOffline(true);
    await pick(page);
    await generate(page).click();
    await page
      .getByText(/Uploading/)
      .first()
      .waitFor();
    const sent = page.waitForResponse(
      (response) => response.url().endsWith('/v1/uploads') && response.status() === 201,
    );
    await page.route('**/v1/jobs', async (route) => {
      await context.setOffline(true);
      await route.abort();
      await page.unroute('**/v1/jobs');
    });
    await context.setOffline(false);
    await sent;
    await page.waitForFunction(() => !navigator.onLine);
    const ordered = page.waitForResponse(
      (response) => response.url().endsWith('/v1/jobs') && response.status() === 201,
    );
    await context.setOffline(false);

    await ordered;
    await page
      .getByText(/Generating|queue/)
      .first()
      .waitFor();
    await context.setOffline(true);
    await site.when((await jobs())[0]!.id, ({ status }) => status === 'completed');
    await context.setOffline(false);
    await page.locator('kling-video-cover video').waitFor();

    await context.setOffline(true);
    const failed = context.waitForEvent('page');
    await page.getByRole('link', { name: 'Download' }).first().click();
    await (await failed).close();
    assert.equal(page.url(), `${hostUrl()}/`, 'the page of the host stays');
    await context.setOffline(false);

    assert.deepEqual(answered, ['/v1/uploads', '/v1/jobs']);
    assert.equal((await jobs()).length, 1);
    assert.equal(site.kling.tasks().length, 1);
    assert.equal(await site.balance(), balance - 10);
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('a server killed in the middle of a job and started on the same folder: the widget recovers by itself', async () => {
    const { page, faults, answered } = await openHost();
    const balance = await site.balance();
    const before = await jobs();
    await addWidget(page);
    await pick(page);
    await generate(page).click();
    await page
      .getByText(/Generating/)
      .first()
      .waitFor();
    const tasks = () => site.kling.tasks().length;
    while (tasks() === before.length) await new Promise((resolve) => setTimeout(resolve, 20));
    // Killed while Kling's answer is on its way, it would be looked for when its lease ends: minutes later.
    await site.when((await jobs())[0]!.id, ({ stage }) => stage !== 'submitting');

    await server.signal('SIGKILL');
    server = await start();
    await page.locator('kling-video-cover video').waitFor({ timeout: recoveryMs });
    assert.deepEqual(answered, ['/v1/uploads', '/v1/jobs']);
    assert.equal((await jobs()).length, before.length + 1);
    assert.equal(tasks(), before.length + 1, 'Kling was asked once');
    assert.equal(await site.balance(), balance - 10);
    assert.deepEqual(faults, []);
    await page.close();
  });
});
