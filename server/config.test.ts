import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, isDemo, loadConfig } from './config.ts';

const secret = 'x'.repeat(32);
const sound = { KLING_API_KEY: 'key', SECRET: secret };

function faultsOf(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
  } catch (fault) {
    if (fault instanceof ConfigError) return fault.faults;
    throw fault;
  }
  return [];
}

describe('settings', () => {
  it('need no more than keys and a secret', () => {
    const config = loadConfig(sound);
    assert.equal(config.publicUrl, 'http://127.0.0.1:8787');
    assert.equal(config.databaseUrl, 'file:./data/kling-video-cover.db');
    assert.equal(config.kling.concurrency, 5);
    assert.equal(config.pollIntervalMs, 10_000);
    assert.equal(config.jobDeadlineMs, 3_600_000);
    assert.equal(config.site, undefined);
    assert.ok(Object.isFrozen(config));
  });

  it('report every fault at once, each naming its variable', () => {
    const faults = faultsOf({
      PORT: 'eighty',
      PUBLIC_URL: 'covers.example',
      DATABASE_URL: 'mysql://x',
      STORAGE_URL: 's3://bucket',
      SECRET: 'short',
      KLING_ACCESS_KEY: 'only one of two',
      POLL_INTERVAL_MS: '1',
      SITE_ORIGINS: 'https://panel.example/path',
      WEBHOOK_HOSTS: '127.0.0.1:8788, panel.internal',
    });
    for (const name of [
      'PORT',
      'PUBLIC_URL',
      'DATABASE_URL',
      'STORAGE_URL',
      'SECRET',
      'KLING_SECRET_KEY',
      'POLL_INTERVAL_MS',
      'SITE_ORIGINS',
      'WEBHOOK_HOSTS',
      'SITE_ID',
      'SITE_ISSUER',
    ])
      assert.ok(
        faults.some((fault) => fault.startsWith(name)),
        `${name} is not among:\n${faults.join('\n')}`,
      );
  });

  it('say what a process does; a SQLite file has one process, which does everything', () => {
    assert.deepEqual(loadConfig(sound).roles, { web: true, worker: true });
    assert.equal(loadConfig(sound).drainMs, 0);
    const many = { ...sound, DATABASE_URL: 'postgres://covers@db/covers' };
    assert.deepEqual(loadConfig({ ...many, ROLES: 'web' }).roles, { web: true, worker: false });
    assert.deepEqual(loadConfig({ ...many, ROLES: ' worker, web' }).roles, { web: true, worker: true });
    assert.equal(loadConfig(many).drainMs, 5_000);
    assert.equal(loadConfig({ ...many, DRAIN_SECONDS: '0' }).drainMs, 0);
    const direct = 'postgres://covers@db:5432/covers';
    assert.equal(loadConfig({ ...many, DATABASE_DIRECT_URL: direct }).databaseDirectUrl, direct);
    for (const wrong of [
      { ...many, ROLES: 'web,cook' },
      { ...many, ROLES: ',' },
      { ...sound, ROLES: 'web' },
    ])
      assert.match(faultsOf(wrong).join('\n'), /^ROLES must be web/);
    assert.match(faultsOf({ ...sound, DATABASE_DIRECT_URL: direct }).join(), /^DATABASE_DIRECT_URL is of use only/);
    assert.match(faultsOf({ ...many, DATABASE_DIRECT_URL: 'file:x' }).join(), /^DATABASE_DIRECT_URL must be/);
    assert.match(faultsOf({ ...many, DRAIN_SECONDS: '61' }).join(), /^DRAIN_SECONDS must be/);
  });

  it('never repeat a secret in a fault', () => {
    const canary = 'canary-7f3a';
    const faults = faultsOf({
      SECRET: canary,
      ADMIN_PASSWORD: canary.slice(0, 8),
      SITE_JWT_SECRET: canary,
      KLING_WEBHOOK_SECRET: canary,
    });
    assert.ok(faults.length >= 4);
    assert.ok(!faults.join().includes('canary'));
  });

  it('know Kie.ai by its public addresses, and use it only with a key', () => {
    const { kie, resultHosts } = loadConfig(sound);
    assert.deepEqual(kie, {
      apiKey: undefined,
      baseUrl: 'https://api.kie.ai',
      uploadBaseUrl: 'https://kieai.redpandaai.co',
      concurrency: 20,
      dailyJobs: 0,
      pollIntervalMs: 5_000,
      webhookKey: undefined,
    });
    assert.ok(resultHosts.includes('aiquickdraw.com') && resultHosts.includes('klingai.com'));
    const given = {
      KIE_API_KEY: ' key ',
      KIE_API_BASE: 'http://127.0.0.1:1/',
      KIE_CONCURRENCY: '3',
      KIE_WEBHOOK_KEY: 'w',
      KIE_DAILY_JOBS: '7',
    };
    const kieOf = (settings: Record<string, string>) => loadConfig({ ...sound, ...given, ...settings }).kie;
    const chosen = kieOf({ KIE_UPLOAD_BASE: 'http://127.0.0.1:2/', POLL_INTERVAL_MS: '30000' });
    assert.deepEqual(chosen, {
      apiKey: 'key',
      baseUrl: 'http://127.0.0.1:1',
      uploadBaseUrl: 'http://127.0.0.1:2',
      concurrency: 3,
      dailyJobs: 7,
      pollIntervalMs: 30_000,
      webhookKey: 'w',
    });
    const canary = 'canary 7f3a';
    const faults = faultsOf({
      ...sound,
      KIE_API_KEY: canary,
      KIE_WEBHOOK_KEY: canary,
      KIE_CONCURRENCY: '0',
      KIE_API_BASE: 'x',
    });
    for (const name of ['KIE_API_KEY', 'KIE_WEBHOOK_KEY', 'KIE_CONCURRENCY', 'KIE_API_BASE'])
      assert.ok(
        faults.some((fault) => fault.startsWith(name)),
        name,
      );
    assert.ok(!faults.join().includes('canary'));
  });

  it('an empty variable counts as absent', () => {
    assert.equal(loadConfig({ ...sound, PORT: '', SITE_ID: ' ' }).port, 8787);
  });

  it('production without keys, secret or site refuses to start and says what is missing', () => {
    const faults = faultsOf({ NODE_ENV: 'production' });
    for (const name of ['KLING_API_KEY', 'SECRET', 'SITE_ID'])
      assert.ok(faults.some((fault) => fault.startsWith(name)));
    assert.equal(isDemo({ NODE_ENV: 'production' }), false);
  });

  it('are enough with a key of Kie.ai alone', () => {
    const { kling, kie } = loadConfig({ KIE_API_KEY: 'key', SECRET: secret });
    assert.deepEqual([kling.credentials, kie.apiKey], [undefined, 'key']);
    assert.match(faultsOf({ KIE_API_KEY: 'key', KLING_ACCESS_KEY: 'half', SECRET: secret }).join(), /KLING_SECRET_KEY/);
  });

  it('without any key of Kling or Kie.ai outside production it is the demo', () => {
    assert.equal(isDemo({}), true);
    assert.equal(isDemo({ KLING_API_KEY: 'key' }), false);
    assert.equal(isDemo({ KLING_ACCESS_KEY: 'key' }), false);
    assert.equal(isDemo({ KIE_API_KEY: 'key' }), false);
  });

  it('a site has exactly one kind of key, and longer tokens only with JWKS', () => {
    const site = {
      ...sound,
      SITE_ID: 'panel',
      SITE_ISSUER: 'https://panel.example',
      SITE_ORIGINS: 'https://panel.example',
    };
    const jwks = { SITE_JWKS_URL: 'https://panel.example/jwks' };
    assert.match(faultsOf(site).join(), /exactly one/);
    assert.match(faultsOf({ ...site, ...jwks, SITE_JWT_SECRET: secret }).join(), /exactly one/);
    assert.match(
      faultsOf({ ...site, SITE_JWT_SECRET: secret, SITE_MAX_TOKEN_MINUTES: '60' }).join(),
      /only with SITE_JWKS_URL/,
    );
    assert.equal(loadConfig({ ...site, ...jwks, SITE_MAX_TOKEN_MINUTES: '60' }).site?.maxTokenSeconds, 3600);
    assert.deepEqual(loadConfig({ ...site, SITE_JWT_SECRET: secret }).site?.key, { jwtSecret: secret });
  });

  it('the price of a token is dollars above zero, or nothing', () => {
    assert.equal(loadConfig(sound).tokenPriceUsd, undefined);
    assert.equal(loadConfig({ ...sound, TOKEN_PRICE_USD: '0.055' }).tokenPriceUsd, 0.055);
    for (const wrong of ['0', '0.0', '-1', '9.9 RUB', '1e3', '1,5', '.5'])
      assert.match(faultsOf({ ...sound, TOKEN_PRICE_USD: wrong }).join(), /^TOKEN_PRICE_USD must be/, wrong);
  });

  it('ideas and moderation need a key, and take any server that speaks the API of OpenAI', () => {
    assert.equal(loadConfig(sound).openAi, undefined);
    assert.equal(loadConfig({ ...sound, OPENAI_MODEL: 'gpt-x' }).openAi, undefined);
    const baseUrl = 'https://api.openai.com/v1';
    const { openAi } = loadConfig({ ...sound, OPENAI_API_KEY: ' sk-1 \n' });
    assert.deepEqual(openAi, { apiKey: 'sk-1', baseUrl, model: 'gpt-5.6-luna' });
    const own = { OPENAI_API_KEY: 'none', OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1/', OPENAI_MODEL: 'qwen3' };
    const expected = { apiKey: 'none', baseUrl: 'http://127.0.0.1:11434/v1', model: 'qwen3' };
    assert.deepEqual(loadConfig({ ...sound, ...own }).openAi, expected);
    const wrong = { OPENAI_API_KEY: 'sk-канарейка', OPENAI_BASE_URL: 'api.openai.com' };
    const faults = faultsOf({ ...sound, ...wrong });
    assert.deepEqual(faults.map((fault) => fault.split(' ')[0]).toSorted(), Object.keys(wrong));
    assert.ok(!faults.join().includes('канарейка'));
  });

  it('caps have defaults for a seller, none for site and provider, and zero switches each off', () => {
    const { caps, kling } = loadConfig(sound);
    assert.deepEqual(caps, { sellerDailyJobs: 200, sellerOpenJobs: 100, siteDailyJobs: 0 });
    assert.equal(kling.dailyJobs, 0);
    const set = { SELLER_DAILY_JOBS: '0', SELLER_OPEN_JOBS: '0', SITE_DAILY_JOBS: '7', KLING_DAILY_JOBS: '9' };
    const config = loadConfig({ ...sound, ...set, NODE_ENV: 'development' });
    assert.deepEqual(config.caps, { sellerDailyJobs: 0, sellerOpenJobs: 0, siteDailyJobs: 7 });
    assert.equal(config.kling.dailyJobs, 9);
    assert.equal(config.site, undefined, 'a cap alone describes no site');
  });
});
