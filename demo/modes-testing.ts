/** What the tests of the widget's modes share: a demo of their own, its seller, and the cards of a gallery. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before } from 'node:test';
import sharp from 'sharp';
import type { Browser, Locator, Page } from 'playwright-core';
import { probeClip } from '../server/media/clip.ts';
import type { CreateJob, Job } from '../server/contract.ts';
import { openPage, startBrowser, startDemoProcess, type DemoProcess } from './testing.ts';

/** For one clip or picture, on a busy machine. */
export const generationMs = 90_000;

/** A sample photo of the panel on the disk. */
export const photoPath = (name: string): string => join(import.meta.dirname, 'photos', `${name}.jpg`);

/** To be called once in a `describe`: starts and ends the demo with its tests. */
export function useDemo() {
  let demo: DemoProcess;
  let browser: Browser;
  before(async () => {
    [demo, browser] = await Promise.all([startDemoProcess(), startBrowser()]);
  });
  after(async () => {
    await browser.close();
    assert.equal(await demo.stop(), 0, 'SIGTERM ends the demo in order');
  });

  /** Asks the covers server as the panel's seller. */
  async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
    const minted = await fetch(`${demo.panelUrl}/api/video-cover-token`);
    const { token } = (await minted.json()) as { token: string };
    const headers = { ...init.headers, authorization: `Bearer ${token}` };
    const answer = await fetch(`${demo.serverUrl}${path}`, { ...init, headers });
    assert.ok(answer.ok, `${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`);
    return answer.json();
  }

  /** Newest first. */
  async function jobs(): Promise<Job[]> {
    return ((await ask('/v1/jobs?limit=50')) as { items: Job[] }).items;
  }

  return {
    /** Opens a page of the panel, or any other by its whole address; `faults` must stay empty. */
    async open(path: string, options?: Parameters<typeof openPage>[1]) {
      const opened = await openPage(browser, options);
      await opened.page.goto(new URL(path, demo.panelUrl).href);
      return { ...opened, widget: opened.page.locator('kling-video-cover') };
    },
    jobs,
    async balance(): Promise<number> {
      return ((await ask('/v1/session')) as { balance: number }).balance;
    },
    /** Uploads a sample photo without the page; answers its id. */
    async upload(name: string): Promise<string> {
      const headers = { 'content-type': 'image/jpeg' };
      const body = new Uint8Array(await readFile(photoPath(name)));
      return ((await ask('/v1/uploads', { method: 'POST', headers, body })) as { upload: { id: string } }).upload.id;
    },
    /** Orders without the page. */
    async order(body: CreateJob, key: string): Promise<Job> {
      const headers = { 'content-type': 'application/json', 'idempotency-key': key };
      return ((await ask('/v1/jobs', { method: 'POST', headers, body: JSON.stringify(body) })) as { job: Job }).job;
    },
    /** Resolves when every job has ended well. */
    async finished(): Promise<void> {
      const last = Date.now() + generationMs;
      for (;;) {
        const states = (await jobs()).map(({ status }) => status);
        if (states.every((status) => status === 'completed')) return;
        assert.ok(Date.now() < last, `not finished in time: ${states.join()}`);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    },
  };
}

/** The card of the job with these words, when it has reached this state. */
export const cardOf = (widget: Locator, words: string, state: string): Locator =>
  widget.locator('.tile').filter({ has: widget.page().getByRole('button', { name: `${words}. ${state}` }) });

/** The picture's own size, once it is loaded. */
export async function shownSize(picture: Locator): Promise<{ width: number; height: number }> {
  return picture.evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    return { width: image.naturalWidth, height: image.naturalHeight };
  });
}

/** The clip's own size, once it has played for a while. */
export async function playedSize(page: Page, clip: Locator): Promise<{ width: number; height: number }> {
  const handle = await clip.elementHandle();
  await page.waitForFunction((video) => (video as HTMLVideoElement).currentTime > 0.4, handle);
  return clip.evaluate((video: HTMLVideoElement) => ({ width: video.videoWidth, height: video.videoHeight }));
}

async function saved(page: Page, link: Locator): Promise<{ name: string; path: string }> {
  const downloading = page.waitForEvent('download');
  await link.click();
  const download = await downloading;
  return { name: download.suggestedFilename(), path: await download.path() };
}

/** Downloads a picture and reads what it is. */
export async function savedPicture(page: Page, link: Locator) {
  const { name, path } = await saved(page, link);
  const { format, width, height } = await sharp(path).metadata();
  return { name, format, width, height };
}

/** Downloads a clip and reads what it is. */
export async function savedClip(page: Page, link: Locator) {
  const { name, path } = await saved(page, link);
  const clip = await probeClip(path);
  assert.ok(clip, `${name} is no clip`);
  return { name, ...clip };
}
