/** Hostile text in every field that a person or the provider can write, seen in a real browser. */
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { SignJWT } from 'jose';
import type { Browser, BrowserContext } from 'playwright-core';
import { startBrowser, startDemoProcess, type DemoProcess } from './testing.ts';
import { all, examine, guard, payloads, some } from './xss-testing.ts';

describe('hostile text, as a browser shows it', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kvc-xss-'));
  const secret = 'a secret for the hostile demo, long enough to be one';
  const part = (purpose: string) => createHash('sha256').update(`${secret}/${purpose}`).digest('hex');
  const databaseFile = join(folder, 'demo.db');
  let caught: string[];
  let demo: DemoProcess;
  let browser: Browser;
  let context: BrowserContext;
  let token: string;
  let jobIds: string[];
  let accountIds: string[];

  before(async () => {
    const env = { SECRET: secret, DATABASE_URL: `file:${databaseFile}` };
    [demo, browser] = await Promise.all([startDemoProcess(env), startBrowser()]);
    await plant();
    context = await browser.newContext({ locale: 'en-US' });
    caught = await guard(context);
  });
  after(async () => {
    await browser.close();
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function mint(sub: string, name: string): Promise<string> {
    const seconds = Math.floor(Date.now() / 1000);
    return new SignJWT({ name, locale: 'en' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(demo.panelUrl)
      .setAudience('kling-video-cover')
      .setSubject(sub)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 600)
      .sign(new TextEncoder().encode(part('site')));
  }

  async function send(bearer: string, path: string, body: object | Uint8Array, expected = 201) {
    const isPicture = body instanceof Uint8Array;
    const answer = await fetch(demo.serverUrl + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${bearer}`,
        'content-type': isPicture ? 'image/jpeg' : 'application/json',
        'idempotency-key': randomUUID(),
      },
      body: isPicture ? Buffer.from(body) : JSON.stringify(body),
    });
    const text = await answer.text();
    assert.equal(answer.status, expected, text);
    return JSON.parse(text) as { upload: { id: string }; job: { id: string } };
  }

  /** By the doors that people have; then, for what only other servers write, past them. */
  async function plant(): Promise<void> {
    const [first, second] = [some(200, 0), some(200, 6)];
    for (const [at, userId] of ['seller-1', first].entries()) {
      const note = { reference: `${at} ${some(190, 3)}`, note: some(500, at * 5) };
      await send(part('api-key'), `/v1/host/accounts/${encodeURIComponent(userId)}/grants`, { amount: 500, ...note });
    }
    token = await mint('seller-1', second);
    const stranger = await mint(first, first);
    const photo = readFileSync(new URL('photos/mug.jpg', import.meta.url));
    jobIds = [];
    for (const bearer of [token, stranger]) {
      const { upload } = await send(bearer, '/v1/uploads', photo);
      for (const marker of ['', '[[sim:fail]] ']) {
        const words = { prompt: marker + all, title: some(200, 1), description: all, groupId: some(64, 2) };
        const order = { presetId: 'video-cover', uploadId: upload.id, groupName: some(200, 6), ...words };
        jobIds.push((await send(bearer, '/v1/jobs', order)).job.id);
      }
    }
    const tooLong = { presetId: 'video-cover', prompt: `<img data-hit>${'x'.repeat(10_000)}` };
    await send(token, '/v1/jobs', tooLong, 422);

    const database = new Database(databaseFile);
    const failed = () =>
      database.prepare(`select count(*) as n from jobs where status = 'failed'`).get() as { n: number };
    while (failed().n < 2) await new Promise((resolve) => setTimeout(resolve, 200));
    database.prepare(`update jobs set error_message = ?, error_code = ? where status = 'failed'`).run(all, first);
    database.prepare('update sites set name = ?').run(all);
    accountIds = (database.prepare('select id from accounts').all() as { id: string }[]).map(({ id }) => id);
    database.close();
  }

  /** The texts a person can see or edit on the page, shadow roots included, and every trace of injected markup. */
  async function open(address: string, { until = 'load' as 'load' | 'networkidle' | 'commit' } = {}) {
    const page = await context.newPage();
    await page.goto(address, { waitUntil: until });
    return { page, text: await examine(page, caught) };
  }

  /** Every payload stands there letter by letter. */
  function assertShown(text: string, what: string, place: string): void {
    for (const payload of payloads.filter((one) => what.includes(one)))
      assert.ok(text.includes(payload), `${place} does not show ${payload}`);
  }

  async function lookAt(pages: [string, string][]): Promise<void> {
    for (const [path, shown] of pages) {
      const visit = await open(`${demo.serverUrl}/admin${path}`);
      assertShown(visit.text, shown, path);
      await visit.page.close();
    }
  }

  it('the admin shows it literally on every page, also what was typed into its own forms', async () => {
    const admin = `${demo.serverUrl}/admin`;
    const { page } = await open(`${admin}/sign-in?next=${encodeURIComponent(all)}`);
    await page.getByLabel(/password/i).fill(demo.adminPassword);
    await page.getByRole('button', { name: /sign in/i }).click();
    for (const preset of [0, 1]) {
      await page.goto(`${admin}/prompts/video?lang=en`);
      const form = page.locator('form:has(textarea[name=prompt])').nth(preset);
      await form.locator('[name=prompt]').fill(all);
      await form.locator('[name=negativePrompt]').fill(all);
      for (const [at, name] of ['titleRu', 'titleEn', 'titleVi'].entries())
        await form.locator(`[name=${name}]`).fill(some(100, at * 4));
      await form.getByRole('button', { name: /save/i }).click();
      await page.locator('.notice').waitFor();
    }
    await page.close();

    const expected: [string, string][] = [
      ['/prompts/video', all],
      ['/prompts/images', ''],
      ['/prices', some(100, 4)],
      ['/embed', ''],
      ['/jobs', all],
      ['/jobs?status=failed', all],
      ...jobIds.map((id): [string, string] => [`/jobs/${id}`, all]),
      ['/accounts', some(200, 0) + some(200, 6)],
      [`/accounts?q=${encodeURIComponent(payloads[1]!)}`, payloads[1]!],
      ...accountIds.map((id): [string, string] => [`/accounts/${id}`, some(190, 3)]),
      ['/operators', ''],
      ['/audit', ''],
      [`/${encodeURIComponent(all)}`, ''],
    ];
    await lookAt(expected);

    // A viewer's forms are locked by a pass over the finished page, so these pages are looked at anew.
    const { page: operators } = await open(`${admin}/operators`);
    const form = operators.locator('form:has([name=newPassword]):has([name=login])').first();
    await form.locator('[name=login]').fill('looker');
    await form
      .locator('[name=role][value=viewer], select[name=role]')
      .first()
      .evaluate((control) => {
        if (control instanceof HTMLInputElement) control.checked = true;
        else (control as HTMLSelectElement).value = 'viewer';
      });
    await form.locator('[name=newPassword]').fill('a password to look with');
    await form.getByRole('button').click();
    await operators.locator('.notice').waitFor();
    await context.clearCookies();
    await operators.goto(`${admin}/sign-in?lang=en`);
    await operators.locator('[name=login]').fill('looker');
    await operators.locator('[name=password]').fill('a password to look with');
    await operators.getByRole('button', { name: /sign in/i }).click();
    await operators.waitForURL(/admin\/jobs/);
    await operators.close();
    await lookAt(expected);
  });

  it('the panel and the widget in it show it literally, in every language and for every state of a job', async () => {
    await context.route('**/api/video-cover-token*', (route) => route.fulfill({ json: { token } }));
    const done = Date.now() + 30_000;
    const isDone = async () => {
      const answer = await fetch(`${demo.serverUrl}/v1/jobs/${jobIds[0]}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return ((await answer.json()) as { job: { status: string } }).job.status === 'completed';
    };
    while (!(await isDone())) {
      assert.ok(Date.now() < done, 'the clip was made in time');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    for (const [lang, title] of Object.entries({ ru: some(100, 0), en: some(100, 4), vi: some(100, 8) })) {
      const { page } = await open(`${demo.panelUrl}/video-covers?lang=${lang}`);
      await page
        .locator('kling-video-cover')
        .evaluate((widget) => widget.setAttribute('presets', 'video-cover video-cover-10s'));
      const cards = page.locator('kling-video-cover [part~=history-item] button.thumb');
      await cards.first().waitFor();
      const text = await examine(page, caught);
      for (const at of [0, 1]) {
        await cards.nth(at).click();
        await examine(page, caught);
      }
      assertShown(text, title, `the widget in ${lang}`);
      await page.close();
    }
    const hostile = encodeURIComponent(all);
    for (const path of ['/', '/cards', '/descriptions', '/prices', `/${hostile}`]) {
      const visit = await open(`${demo.panelUrl}${path}?lang=ru`, { until: 'networkidle' });
      if (path === '/prices') assertShown(visit.text, some(100, 0), path);
      await visit.page.close();
    }
    for (const path of ['/library', '/image-to-video', '/text-to-image', '/scenes', '/studio']) {
      const { page } = await open(`${demo.panelUrl}${path}?lang=en`);
      await page.locator('kling-video-cover [part~=balance]').waitFor();
      if (path === '/library') {
        const cards = page.locator('kling-video-cover [part~=history-item]');
        await cards.nth(1).waitFor();
        const text = await examine(page, caught);
        assertShown(text, some(200, 1) + some(200, 6), 'the library');
        for (const at of [0, 1]) {
          await cards.nth(at).locator('[data-act=look]').focus();
          await page.keyboard.press('Enter');
          await page.locator('kling-video-cover dialog[open]').waitFor();
          assertShown(await examine(page, caught), all, 'the larger view');
          await page.keyboard.press('Escape');
        }
      }
      await examine(page, caught);
      await page.close();
    }
    const query = ['lang', 'theme', 'modes', 'product'].map((name) => `${name}=${hostile}`).join('&');
    await (await open(`${demo.panelUrl}/video-covers?${query}`)).page.close();
  });

  it('the API page, the API itself and a clip opened on its own run nothing', async () => {
    const answer = await fetch(`${demo.serverUrl}/v1/jobs/${jobIds[0]}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { job } = (await answer.json()) as { job: { video: { url: string; posterUrl: string } } };
    const addresses = [
      `${demo.serverUrl}/docs`,
      `${demo.serverUrl}/docs?url=https://hit.example/x&configUrl=https://hit.example/y`,
      `${demo.serverUrl}/${encodeURIComponent(all)}`,
      `${demo.serverUrl}/media/${encodeURIComponent(all)}`,
      job.video.posterUrl,
    ];
    for (const address of addresses) await (await open(address, { until: 'networkidle' })).page.close();
    // A clip plays until it is loaded, so its page is never idle.
    await (await open(job.video.url, { until: 'commit' })).page.close();
  });

  it('a page with clobbered names, changed prototypes and a storm of messages still has its widget', async () => {
    const page = await context.newPage();
    await page.addInitScript(() => {
      Object.assign(Object.prototype, { title: 'polluted', token: 'polluted' });
      Object.assign(Array.prototype, { title: 'polluted' });
      document.addEventListener('DOMContentLoaded', () => {
        for (const name of ['fetch', 'crypto', 'localStorage', 'customElements', 'attributes', 'body', 'kvcWidget']) {
          const form = document.createElement('form');
          form.id = name;
          form.append(Object.assign(document.createElement('input'), { name }));
          document.body.prepend(form);
        }
      });
      setInterval(() => window.postMessage({ event: 'job', data: '<img data-hit>' }, '*'), 5);
    });
    await page.goto(`${demo.panelUrl}/video-covers?lang=en`);
    await page.locator('kling-video-cover [part~=history-item]').first().waitFor();
    assert.doesNotMatch(await examine(page, caught), /polluted/);
    await page.close();
  });
});
