/** Every page of the admin in a real browser: its main deed works, and axe finds nothing serious on it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { openPage, startBrowser, startDemoProcess, type DemoProcess } from './testing.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
interface AxeRun {
  violations: { id: string; impact: string; nodes: { html: string }[] }[];
}

const sections = 'jobs accounts presets prompts/video prices sites embed webhooks usage health operators audit'.split(
  ' ',
);
const viewer = { login: 'masha', password: 'a password of a viewer' };

describe('the admin, as an operator uses it', { timeout: 120_000 }, () => {
  let demo: DemoProcess;
  let browser: Browser;
  let owner: Page;
  let faults: string[];
  /** Looks at the job from the start, while it is still being made. */
  let watcher: Page;
  let watcherFaults: string[];
  let token: string;
  let jobId: string;

  before(async () => {
    [demo, browser] = await Promise.all([startDemoProcess({ DEMO_TASK_MS: '10000' }), startBrowser()]);
    token = await sellerToken();
    jobId = await order();
    const opened = await openPage(browser);
    [owner, faults] = [opened.page, opened.faults];
    await signIn(owner, { password: demo.adminPassword });
    const second = await openPage(browser);
    watcher = second.page;
    watcherFaults = second.faults;
    await signIn(watcher, { password: demo.adminPassword });
    await open(watcher, `jobs/${jobId}`);
    await watcher.locator('h1').evaluate((heading) => void (heading.ownerDocument.title = 'not loaded again'));
    assert.notEqual(await badge(), 'Готово');
  });
  after(async () => {
    await browser.close();
    await demo.stop();
  });

  async function sellerToken(): Promise<string> {
    const answer = await fetch(`${demo.panelUrl}/api/video-cover-token`);
    return ((await answer.json()) as { token: string }).token;
  }

  async function call(path: string, init: RequestInit): Promise<{ id: string }> {
    const headers = { authorization: `Bearer ${token}`, ...(init.headers as object) };
    const answer = await fetch(`${demo.serverUrl}${path}`, { method: 'POST', ...init, headers });
    const text = await answer.text();
    assert.ok(answer.ok, text);
    const { upload, job } = JSON.parse(text) as Partial<Record<'upload' | 'job', { id: string }>>;
    return (upload ?? job)!;
  }

  /** A seller's order, by the API. Answers the job's id. */
  async function order(): Promise<string> {
    const photo = readFileSync(join(import.meta.dirname, 'photos', 'backpack.jpg'));
    const { id: uploadId } = await call('/v1/uploads', { headers: { 'content-type': 'image/jpeg' }, body: photo });
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
    const body = JSON.stringify({ presetId: 'video-cover', uploadId });
    return (await call('/v1/jobs', { headers, body })).id;
  }

  const open = (page: Page, path: string) => page.goto(`${demo.serverUrl}/admin/${path}`);
  const fill = async (page: Page, fields: Record<string, string>) => {
    for (const [name, text] of Object.entries(fields)) await page.locator(`#${name}`).fill(text);
  };
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click();
  const told = (page: Page, text: string) => page.getByRole('status').getByText(text).waitFor();

  const badge = () => watcher.locator('.page-head .badge').innerText();

  async function signIn(page: Page, who: Record<string, string>): Promise<void> {
    await open(page, 'sign-in');
    await fill(page, who);
    await press(page, 'Войти');
    await page.locator('.menu').first().waitFor();
  }

  it('a job is found by the front of its id, and its page tells what happened', async () => {
    await open(owner, 'jobs');
    await owner.locator('#q').fill(jobId);
    await press(owner, 'Найти');
    await owner.locator(`main a[href="/admin/jobs/${jobId}"]`).click();
    await owner.locator('#timeline').getByText('Заказано и оплачено').waitFor();
  });

  it('tokens are granted and taken back by a correction, and both stand in the CSV', async () => {
    await open(owner, 'accounts');
    await owner.locator('main td a, main th a').first().click();
    await fill(owner, { amount: '70', note: 'бонус' });
    await press(owner, 'Начислить');
    await told(owner, 'Токены начислены');
    await fill(owner, { 'correction-amount': '-20', 'correction-note': 'ошиблись' });
    await press(owner, 'Исправить');
    await told(owner, 'Баланс исправлен');
    const saved = owner.waitForEvent('download');
    await owner.getByRole('link', { name: 'Сохранить эти операции в CSV' }).click();
    const csv = readFileSync(await (await saved).path(), 'utf8');
    assert.match(csv, /бонус/);
    assert.match(csv, /-20/);
    await open(owner, 'accounts');
    const all = owner.waitForEvent('download');
    await press(owner, 'Сохранить CSV');
    assert.match(readFileSync(await (await all).path(), 'utf8'), /demo-welcome/);
  });

  it('a prompt is saved as a revision and the first one is restored', async () => {
    await open(owner, 'prompts/video');
    await owner.locator('textarea[name=prompt]').first().fill('Медленный наезд на {title}.');
    await press(owner, 'Сохранить новую версию');
    await told(owner, 'Сохранено новой версией');
    await owner.getByRole('link', { name: /История: 2/ }).click();
    await owner.locator('form[action$="/restore"] button').first().click();
    await owner.getByRole('status').waitFor();
  });

  it('a price is changed', async () => {
    await open(owner, 'prices');
    await owner.locator('input[name=price]').first().fill('12');
    await press(owner, 'Сохранить');
    await told(owner, 'Новая цена действует');
    assert.equal(await owner.locator('input[name=price]').first().inputValue(), '12');
  });

  it('a site is made, its API key is shown once, and a token is explained', async () => {
    await open(owner, 'sites');
    await fill(owner, { id: 'second', name: 'Вторая панель', issuer: 'https://second.example' });
    await press(owner, 'Создать сайт');
    await told(owner, 'Сайт создан');
    await open(owner, 'sites/second');
    await owner.locator('#keyName').fill('биллинг');
    await press(owner, 'Выпустить ключ');
    const once = owner.getByText('Сразу внесите ключ');
    await once.waitFor();
    await owner.reload();
    assert.equal(await once.count(), 0);
    await open(owner, 'sites/~token');
    await owner.locator('#secretToken').fill(token);
    await press(owner, 'Проверить');
    await told(owner, 'Сервер примет этот токен');
  });

  it('an endpoint of webhooks is made, tested, and its message is sent again', async () => {
    await open(owner, 'webhooks');
    await owner.locator('#site').selectOption('demo-panel');
    await owner.locator('#url').fill(`${demo.panelUrl}/api/webhooks/covers?from=second`);
    await owner.locator('form[action="/admin/webhooks"] button').click();
    await owner.getByText('whsec_').waitFor();
    await owner.locator('form[action$="/test"] button').click();
    await owner.getByRole('status').waitFor();
    await owner.locator('form[action$="/replay"] button').first().click();
    await owner.getByRole('status').waitFor();
  });

  it('usage draws its charts, health finds its findings, and the code for a site is there', async () => {
    await open(owner, 'usage');
    await owner.locator('canvas').first().waitFor();
    const isDrawn = () =>
      [...document.querySelectorAll('canvas')].every((canvas) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return data.some((value) => value > 0);
      });
    await owner.waitForFunction(isDrawn);
    await open(owner, 'health');
    await owner.locator('form[action="/admin/health"] button').click();
    await owner.locator('main table .badge').first().waitFor();
    await open(owner, 'embed');
    await owner.getByText('<kling-video-cover').first().waitFor();
  });

  it('a viewer is made, sees every page with its forms locked, and the journal tells all of it', async () => {
    await open(owner, 'operators');
    await fill(owner, { login: viewer.login, newPassword: viewer.password });
    await owner.locator('form[action="/admin/operators"] button').click();
    await told(owner, 'Оператор создан');
    const { page } = await openPage(browser);
    await signIn(page, viewer);
    for (const path of ['prices', 'prompts/video', 'sites', 'webhooks']) {
      await open(page, path);
      const buttons = page.locator('main form[method=post] button');
      for (const button of await buttons.all()) assert.ok(await button.isDisabled(), path);
    }
    await page.close();
    await open(owner, 'audit');
    const journal = await owner.locator('main').innerText();
    for (const target of [viewer.login, 'second', 'video-cover']) assert.ok(journal.includes(target), target);
    assert.deepEqual(faults, []);
  });

  it('axe finds nothing serious on any page, on a desk and on a phone', async () => {
    const pages = [...sections, `jobs/${jobId}`, 'sites/second', 'sites/~token'];
    const rounds = [
      { lang: 'ru', widths: [1280, 390], paths: pages },
      { lang: 'en', widths: [390], paths: ['jobs', 'health', 'audit'] },
    ];
    const { page } = await openPage(browser, { bypassCSP: true });
    await signIn(page, { password: demo.adminPassword });
    const serious: string[] = [];
    for (const { lang, widths, paths } of rounds) {
      for (const path of paths) {
        await open(page, `${path}?lang=${lang}`);
        await page.evaluate(axe);
        for (const width of widths) {
          await page.setViewportSize({ width, height: 850 });
          const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeRun;
          for (const { id, impact, nodes } of violations)
            if (['serious', 'critical'].includes(impact))
              serious.push(`${path} ${lang} ${width}: ${id} ${nodes[0]?.html}`);
        }
      }
    }
    assert.deepEqual(serious, []);
    await page.close();
  });

  it('the page of a job that becomes ready says so without being loaded again', async () => {
    await watcher.locator('.page-head .badge', { hasText: 'Готово' }).waitFor();
    assert.equal(await watcher.title(), 'not loaded again');
    assert.deepEqual(watcherFaults, []);
  });

  it('what is being typed on a live page stays; the page catches up when the field is left empty', async () => {
    const note = watcher.locator('main form[action$="/refund"] [name=note]');
    await note.fill('половина фразы');
    await open(owner, `jobs/${jobId}`);
    await owner.locator('main form[action$="/refund"] [name=note]').fill('в знак доброй воли');
    await press(owner, 'Вернуть');
    await told(owner, 'Токены возвращены');
    await setTimeout(1_500);
    assert.equal(await note.inputValue(), 'половина фразы');
    await note.fill('');
    await note.blur();
    await watcher.getByText('Токены возвращены в знак доброй воли').waitFor();
  });
});
