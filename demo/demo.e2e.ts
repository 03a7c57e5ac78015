import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { probeClip } from '../server/media/clip.ts';
import type { Job } from '../server/contract.ts';
import type { News } from './news.ts';
import { dropPhoto, openPage, startBrowser, startDemoProcess, type DemoProcess } from './testing.ts';

const generationMs = 60_000;
const videoState = (page: Page) =>
  page.locator('kling-video-cover video').evaluate((video: HTMLVideoElement) => {
    const { currentTime, videoWidth, videoHeight } = video;
    return { currentTime, videoWidth, videoHeight };
  });

describe('the demo, as a seller sees it', { timeout: 300_000 }, () => {
  let demo: DemoProcess;
  let browser: Browser;
  before(async () => {
    [demo, browser] = await Promise.all([
      startDemoProcess({ DEMO_TASK_MS: '3000', DEMO_RESULTS: 'real' }),
      startBrowser(),
    ]);
  });
  after(async () => {
    await browser.close();
    assert.equal(await demo.stop(), 0, 'SIGTERM ends the demo in order');
  });

  const balance = async () =>
    ((await (await fetch(`${demo.panelUrl}/api/balance`)).json()) as { balance: number }).balance;
  const generate = (page: Page, name = /Сгенерировать видеообложку/) => page.getByRole('button', { name });

  it('drop a photo, frame it, generate, watch the stages, play and download a 3:4 clip, for ten tokens', async () => {
    const { page, faults } = await openPage(browser);
    const before = await balance();
    await page.goto(`${demo.panelUrl}/video-covers`);
    await dropPhoto(page, '/photos/serum.jpg');

    const frame = page.locator('kling-video-cover [part~=frame]').first();
    await frame.focus();
    const placeBefore = await frame.getAttribute('aria-valuetext').catch(() => null);
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('+');
    const placeAfter = await frame.getAttribute('aria-valuetext').catch(() => null);
    if (placeBefore !== null) assert.notEqual(placeAfter, placeBefore, 'the keyboard moves the frame');

    assert.match(await generate(page).innerText(), /10\sтокенов/);
    await page.evaluate(() => {
      const stages: string[] = [];
      Object.assign(window, { stages });
      const root = document.querySelector('kling-video-cover')!.shadowRoot!;
      new MutationObserver(() => {
        const stage = root.querySelector('[part~=stage]')?.textContent?.trim();
        if (stage && stages.at(-1) !== stage) stages.push(stage);
      }).observe(root, { subtree: true, childList: true, characterData: true });
    });
    await generate(page).click();
    await page.getByText('Генерация видео…').first().waitFor();
    await page
      .getByText(/90\sтокенов/)
      .first()
      .waitFor();

    await page.locator('kling-video-cover video').waitFor({ timeout: generationMs });
    const stages = await page.evaluate(() => (window as unknown as { stages: string[] }).stages);
    const expected = ['Создание задачи…', 'Генерация видео…', 'Готово!'];
    assert.deepEqual(
      stages.filter((stage) => expected.includes(stage)),
      expected,
    );

    await page.waitForFunction(() => {
      const video = document.querySelector('kling-video-cover')!.shadowRoot!.querySelector('video')!;
      void video.play().catch(() => {});
      return video.currentTime > 0.5;
    });
    const { videoWidth, videoHeight } = await videoState(page);
    assert.equal(videoWidth * 4, videoHeight * 3);

    const downloading = page.waitForEvent('download');
    await page.locator('kling-video-cover [part~=download]').first().click();
    const download = await downloading;
    assert.match(download.suggestedFilename(), /\.mp4$/);
    const clip = await probeClip(await download.path());
    assert.ok(clip && clip.width === videoWidth && clip.audioTracks === 0 && Math.abs(clip.seconds - 5) < 0.3);

    await page.getByRole('button', { name: 'Использовать это видео' }).first().click();
    await page.locator('video:not(kling-video-cover video)').first().waitFor();
    assert.equal(await balance(), before - 10);
    assert.deepEqual(faults, []);
    await page.close();

    const { news } = (await (await fetch(`${demo.panelUrl}/api/webhooks/covers`)).json()) as { news: News[] };
    const told = news.find(({ type }) => type === 'job.completed')!.data as { userId: string; job: Job };
    assert.deepEqual([told.userId, told.job.status], ['seller-1', 'completed']);
    const fetched = await fetch(told.job.video!.url);
    assert.equal((await fetched.arrayBuffer()).byteLength, told.job.video!.bytes, 'the event carries the saved record');
  });

  it('a reload before the answer and another one mid-way make one job and one debit', async () => {
    const { page, faults } = await openPage(browser);
    const before = await balance();
    await page.goto(`${demo.panelUrl}/video-covers`);
    await page.getByRole('button', { name: 'Попробовать' }).first().click();

    let creates = 0;
    const sent = Promise.withResolvers<void>();
    await page.route('**/v1/jobs', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      creates += 1;
      if (creates > 1) return route.continue();
      await route.fetch();
      sent.resolve();
      await route.abort();
    });
    await generate(page).click();
    await sent.promise;
    await page.reload();
    await page.getByText('Генерация видео…').first().waitFor();
    await page.reload();
    await page.locator('kling-video-cover video').first().waitFor({ timeout: generationMs });
    assert.ok(creates >= 2, 'the unanswered request was sent again');
    assert.equal(await balance(), before - 10);
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('a failing job shows why, gives the tokens back, and says so, in English', async () => {
    const admin = await openPage(browser, { locale: 'en-US' });
    await admin.page.goto(`${demo.serverUrl}/admin?lang=en`);
    await admin.page.getByLabel(/password/i).fill(demo.adminPassword);
    await admin.page.getByRole('button', { name: /sign in/i }).click();
    await admin.page.goto(`${demo.serverUrl}/admin/prompts?tab=video&lang=en`);
    const prompt = admin.page.locator('textarea[name=prompt]').first();
    await prompt.fill(`${await prompt.inputValue()} [[sim:fail]]`);
    await prompt.locator('xpath=ancestor::form').getByRole('button', { name: /save/i }).click();
    await admin.page.waitForLoadState();

    const { page, faults } = await openPage(browser, { locale: 'en-US' });
    const before = await balance();
    await page.goto(`${demo.panelUrl}/video-covers?lang=en`);
    await dropPhoto(page, '/photos/backpack.jpg');
    await generate(page, /Generate video cover/).click();
    const toast = page.locator('kling-video-cover [part~=toast]');
    await toast.getByText(/10\stokens/).waitFor({ timeout: generationMs });
    assert.equal(await balance(), before);

    await admin.page.goto(`${demo.serverUrl}/admin/jobs?lang=en`);
    await admin.page
      .getByText(/risk control/)
      .first()
      .waitFor();
    assert.deepEqual([...faults, ...admin.faults], []);
    await Promise.all([page.close(), admin.page.close()]);
  });
});
