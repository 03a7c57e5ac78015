import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import Database from 'better-sqlite3';
import type { Browser, BrowserContext } from 'playwright-core';
import { startBrowser, startDemoProcess, type DemoProcess } from './testing.ts';
import { examine, guard, payloads } from './xss-testing.ts';

const pagesAtMost = 70;
const pagesOfOneShape = 3;

/** What each field holds: its name, so that it can be found again, and the corpus. */
const hostile = (field: string) => `[${field}] ${payloads.join(' ')}`;
const fields = [
  'site name',
  'site audience',
  'site origin',
  'blocked word',
  'key name',
  'operator login',
  'session browser',
  'session address',
  'webhook address',
  'delivery error',
  'preset title',
  'preset choice',
  'marketplace',
  'marketplace source',
  'job prompt',
  'job error',
  'job style',
  'result address',
  'group name',
  'group id',
  'event kind',
  'event words',
  'ledger note',
  'ledger reference',
  'provider label',
  'pause reason',
  'audit actor',
  'audit action',
  'audit target',
  'audit detail',
] as const;
type Field = (typeof fields)[number];

describe('hostile text on the pages of the operator', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kvc-xss-operator-'));
  const databaseFile = join(folder, 'demo.db');
  let demo: DemoProcess;
  let browser: Browser;
  let context: BrowserContext;
  let caught: string[];

  before(async () => {
    const env = { DATABASE_URL: `file:${databaseFile}`, DEMO_MONTH: '1' };
    [demo, browser] = await Promise.all([startDemoProcess(env), startBrowser()]);
    plant(new Database(databaseFile));
    context = await browser.newContext({ locale: 'en-US' });
    caught = await guard(context);
  });
  after(async () => {
    await browser.close();
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Past every check at the doors: as if each had been forgotten. */
  function plant(database: Database.Database): void {
    const text = (field: Field) => hostile(field);
    const insert = (table: string, row: Record<string, string | number>) => {
      const names = Object.keys(row);
      const places = names.map((name) => `@${name}`).join(', ');
      database.prepare(`insert into ${table} (${names.join(', ')}) values (${places})`).run(row);
    };
    const now = Date.now();
    const times = { created_at: now, updated_at: now };
    const json = JSON.stringify;
    const { id: siteId } = database.prepare('select id from sites').get() as { id: string };
    database
      .prepare('update sites set name = ?, audience = ?, origins = ?, blocked_words = ?')
      .run(text('site name'), text('site audience'), json([text('site origin')]), json([text('blocked word')]));
    const key = { id: randomUUID(), site_id: siteId, hash: 'x', hint: 'kvc_x', created_at: now };
    insert('site_api_keys', { ...key, name: text('key name') });

    const operator = { id: randomUUID(), login: text('operator login'), role: 'viewer' };
    insert('operators', { ...operator, password_hash: 'x', created_at: now });
    const endpointId = randomUUID();
    const endpoint = { id: endpointId, site_id: siteId, sealed_secret: 'x', events: json(['job.failed']), enabled: 0 };
    insert('webhook_endpoints', { ...endpoint, ...times, url: `https://receiver.example/${text('webhook address')}` });
    const job = database.prepare(`select * from jobs where status = 'failed' order by id desc`).get() as {
      id: string;
      account_id: string;
    };
    const facts = { event: 'job.failed', payload: json({ accountId: job.account_id, jobId: job.id }) };
    const tries = { status: 'failed', attempts: 8, due_at: now, lease_until: 0, deadline_at: now, last_status: 500 };
    const delivery = { id: '09999999-0000-7000-8000-000000000000', endpoint_id: endpointId, message_id: 'msg_x' };
    insert('webhook_deliveries', { ...delivery, ...facts, ...tries, ...times, last_error: text('delivery error') });

    const rules = { minSeconds: 1, maxSeconds: 9, maxBytes: 1e6, containers: ['mp4'], aspectRatio: '3:4' };
    const asked = { ...rules, marketplace: text('marketplace'), source: text('marketplace source') };
    const title = text('preset title');
    const choice = [{ value: text('preset choice'), extraTokens: 1 }];
    const choices = { aspectRatios: choice, seconds: choice, modes: choice };
    database
      .prepare('update preset_revisions set titles = ?, rules = ?, choices = ?')
      .run(json({ ru: title, en: title, vi: title }), json(asked), json(choices));

    database.prepare('update jobs set prompt = ?').run(text('job prompt'));
    database.prepare(`update jobs set error_message = ? where status = 'failed'`).run(text('job error'));
    const link = { url: `javascript:${text('result address')}`, expiresAt: now };
    const file = { key: 'x', width: 1, height: 1, bytes: 1, contentType: 'video/mp4', sha256: 'x', seconds: 1, link };
    const groupId = text('group id');
    database
      .prepare('update jobs set style_id = ?, group_id = ?, video = ? where id = ?')
      .run(text('job style'), groupId, json(file), job.id);
    insert('groups', { account_id: job.account_id, id: groupId, name: text('group name'), created_at: now });
    const event = { job_id: job.id, at: now, detail: json({ reason: text('event words') }) };
    insert('job_events', { ...event, id: randomUUID(), kind: 'provider' });
    insert('job_events', { ...event, id: randomUUID(), kind: text('event kind') });

    const { balance } = database.prepare('select balance from accounts where id = ?').get(job.account_id) as {
      balance: number;
    };
    const entry = { id: '09999999-0000-7000-8000-000000000000', account_id: job.account_id, kind: 'correction' };
    const words = { note: text('ledger note'), reference: text('ledger reference') };
    insert('ledger', { ...entry, ...words, amount: 1, balance_after: balance + 1, actor: 'admin', created_at: now });
    database.prepare('update accounts set balance = balance + 1 where id = ?').run(job.account_id);

    const account = { id: 'second', provider: 'kling', sealed_credentials: 'x', base_url: 'https://receiver.example' };
    const place = { concurrency: 1, position: 1, enabled: 0 };
    insert('provider_credentials', { ...account, ...place, ...times, label: text('provider label') });
    database
      .prepare(
        'insert or replace into provider_accounts (id, paused_until, pause_reason, updated_at) values (?, ?, ?, ?)',
      )
      .run('kling', now + 3_600_000, text('pause reason'), now);

    const deed = { id: '09999999-0000-7000-8000-000000000000', at: now, detail: json({ note: text('audit detail') }) };
    const who = { actor: text('audit actor'), action: text('audit action'), target: text('audit target') };
    insert('audit_log', { ...deed, ...who });
    database.close();
  }

  it('every page that can be reached by links shows it literally, and every field is found on one', async () => {
    const admin = `${demo.serverUrl}/admin`;
    const page = await context.newPage();
    await page.goto(`${admin}/sign-in?lang=en`);
    await page.getByLabel(/password/i).fill(demo.adminPassword);
    await page.getByRole('button', { name: /sign in/i }).click();
    await page.waitForURL(/admin\/jobs/);
    const database = new Database(databaseFile);
    const visitor = [hostile('session browser'), hostile('session address')];
    database.prepare('update operator_sessions set user_agent = ?, address = ?').run(visitor);
    database.close();

    // The failed job, and what only a button leads to; the rest is found by links.
    const waiting = ['jobs?status=failed', 'webhooks', 'prompts/video/video-cover/try'].map(
      (path) => `${admin}/${path}`,
    );
    const seen = new Set<string>();
    const shapes = new Map<string, number>();
    const texts: string[] = [];
    while (waiting.length > 0 && seen.size < pagesAtMost) {
      const address = waiting.shift()!;
      const { pathname } = new URL(address);
      const shape = pathname.replaceAll(
        /[0-9a-f]{8}-[0-9a-f-]{27}|video-cover(-10s)?|wildberries|ozon|own-shop|(kling-|sora-2-)?(text|image)-to-(image|video)(-3)?/g,
        'id',
      );
      const already = shapes.get(shape) ?? 0;
      if (seen.has(address) || already >= pagesOfOneShape || /\.csv|sign-out|lang=/.test(address)) continue;
      seen.add(address);
      shapes.set(shape, already + 1);
      const answer = await page.goto(address);
      assert.equal(answer!.status(), 200, address);
      texts.push(await examine(page, caught));
      const links = await page
        .locator('a[href]:not([download])')
        .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href.split('#')[0]!));
      waiting.push(...links.filter((link) => link.startsWith(`${admin}/`)));
    }
    const sections = [
      'jobs/id',
      'accounts/id',
      'usage',
      'sites/demo-panel',
      'webhooks/id',
      'operators/id',
      'audit',
      'health',
    ];
    const ofPresets = ['presets/id', 'prices', 'embed', 'prompts/video/id/history', 'prompts/video/id/try'];
    assert.deepEqual(
      [...sections, ...ofPresets].filter((section) => !shapes.has(`/admin/${section}`)),
      [],
      `every section was opened: ${[...shapes.keys()].join(' ')}`,
    );
    const isShown = (field: Field) => texts.some((text) => text.includes(`[${field}] ${payloads[0]}`));
    assert.deepEqual(
      fields.filter((field) => !isShown(field)),
      [],
      `every field is shown somewhere. Opened: ${[...shapes.keys()].join(' ')}`,
    );
    await page.close();
  });
});
