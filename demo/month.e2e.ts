import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openPage, startBrowser, startDemoProcess } from './testing.ts';

it('DEMO_MONTH=1 opens the admin on a month of jobs, with the files of its covers', { timeout: 120_000 }, async () => {
  const startedAt = Date.now();
  const [demo, browser] = await Promise.all([startDemoProcess({ DEMO_MONTH: '1' }), startBrowser()]);
  assert.ok(Date.now() - startedAt < 30_000, 'it is up soon');
  try {
    const { page, faults } = await openPage(browser, { locale: 'en-US' });
    await page.goto(`${demo.serverUrl}/admin/sign-in?lang=en`);
    await page.getByLabel(/password/i).fill(demo.adminPassword);
    await page.getByRole('button', { name: /sign in/i }).click();
    await page.waitForURL(/admin\/jobs/);
    await page.goto(`${demo.serverUrl}/admin/jobs?status=completed`);
    await page.locator('tbody a[href^="/admin/jobs/"]').first().click();
    const clip = await page.locator('main a[href*="/media/"]').first().getAttribute('href');
    const file = await fetch(new URL(clip!, demo.serverUrl));
    assert.equal(file.status, 200);
    await page.goto(`${demo.serverUrl}/admin/usage`);
    assert.match(await page.locator('main').innerText(), /video-cover|Video cover/);
    assert.deepEqual(faults, []);
  } finally {
    await browser.close();
    assert.equal(await demo.stop(), 0);
  }
});
