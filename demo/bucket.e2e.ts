/** Files in a bucket that browsers read themselves: what a page's policy must name for a clip, and that nothing else changes. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { startTestS3, type TestS3 } from '../server/media/s3-testing.ts';
import { generationMs, photoPath } from './modes-testing.ts';
import { startBrowser, startDemoProcess, type DemoProcess } from './testing.ts';

describe('a cover whose clip lies in a bucket', { timeout: 120_000 }, () => {
  let s3: TestS3;
  let demo: DemoProcess;
  let browser: Browser;

  before(async () => {
    s3 = await startTestS3();
    const { bucket, region, endpoint, credentials } = s3.settings;
    const env = {
      DEMO_TASK_MS: '300',
      STORAGE_URL: `s3://${bucket}/demo?region=${region}&endpoint=${endpoint}&reads=redirect`,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
    [demo, browser] = await Promise.all([startDemoProcess(env), startBrowser()]);
  });
  after(async () => {
    await browser.close();
    await demo.stop();
    await s3.close();
  });

  /** A page of the seller's panel whose policy names these places for clips. */
  async function open(mediaSources: string): Promise<{ page: Page; widget: Locator; refused: string[] }> {
    const page = await browser.newPage({ locale: 'ru-RU', acceptDownloads: true });
    await page.context().grantPermissions(['local-network-access'], { origin: demo.panelUrl });
    const refused: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) refused.push(message.text());
    });
    const { serverUrl } = demo;
    await page.route(`${demo.panelUrl}/strict`, (route) =>
      route.fulfill({
        headers: {
          'content-type': 'text/html',
          'content-security-policy':
            `default-src 'none'; script-src ${serverUrl}; connect-src 'self' ${serverUrl}; ` +
            `img-src ${serverUrl} blob:; media-src ${serverUrl} ${mediaSources}`,
        },
        body:
          `<!doctype html><html lang="ru"><title>Host</title><script src="${serverUrl}/widget/kling-video-cover.js"></script>` +
          `<kling-video-cover token-url="/api/video-cover-token"></kling-video-cover></html>`,
      }),
    );
    await page.goto(`${demo.panelUrl}/strict`);
    const widget = page.locator('kling-video-cover');
    await widget.locator('.dropzone').waitFor();
    return { page, widget, refused };
  }

  it('is made, plays from the bucket with its poster from us, and is saved under its name', async () => {
    const { page, widget, refused } = await open(s3.settings.endpoint);
    await widget.locator('input.picker').setInputFiles(photoPath('mug'));
    await widget.getByRole('button', { name: /Сгенерировать видеообложку/ }).click();
    const clip = widget.locator('video').first();
    await clip.waitFor({ timeout: generationMs });
    const shown = await clip.evaluate(async (video: HTMLVideoElement) => {
      video.muted = true;
      await video.play();
      video.currentTime = video.duration / 2;
      await new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }));
      return video.poster;
    });
    assert.ok(shown.startsWith(demo.serverUrl));
    assert.ok(s3.calls.some(({ method, query }) => method === 'GET' && query.has('X-Amz-Signature')));
    assert.deepEqual(refused, []);

    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      widget.locator('[part~=download]').first().click(),
    ]);
    assert.match(saved.suggestedFilename(), /^video-cover-\w+\.mp4$/);
    assert.equal((await readFile(await saved.path())).subarray(4, 8).toString(), 'ftyp');
    await page.close();
  });

  it('is refused by a page that does not name the bucket', async () => {
    const { page, widget, refused } = await open('');
    const isSaid = page.waitForEvent('console', (message) => message.text().includes('Content Security Policy'));
    await widget.locator('[part~=history-item]').first().click();
    await isSaid;
    assert.match(refused[0]!, /media/);
    await page.close();
  });
});
